"""What links the flags of a rule may rest on, and how sure the policy says that each kind of them is."""

from collections.abc import Iterable

from rules.policy import Policy
from rules.rule import Rule
from rules.views import quoted
from schemas.link_reasons import NOT_FROM_THE_FIRST, Contradiction, reasons_of_flags

NO_REASON = "a record is named without a link reason that a flag may rest on"


def confidences(policy: Policy) -> list[str]:
    """The parameters that say how sure links are, without those that came after the policy."""
    return [
        one.confidence
        for one in reasons_of_flags()
        if one.confidence in policy.parameters or one not in NOT_FROM_THE_FIRST
    ]


def ranked_sql(policy: Policy) -> str:
    """The reasons a flag may rest on as rows of SQL, the surest first, each with how sure the policy says it is.

    One that the policy of a past night does not know is no surer than the least sure that it knows.
    """
    known = [f"policy_{name}(province())" for name in confidences(policy)]
    sure = (
        f"policy_{one.confidence}(province())" if one.confidence in policy.parameters else f"least({', '.join(known)})"
        for one in reasons_of_flags()
    )
    ranked = enumerate(zip(reasons_of_flags(), sure, strict=True))
    return ", ".join(f"('{reason}', {rank}, {percent})" for rank, (reason, percent) in ranked)


def contradictions_sql() -> str:
    """What a record may say against its person as rows of SQL, each with what is added to the reason of a flag."""
    return ", ".join(f"('{one}', ';{one.zh}', '; {one.en}')" for one in Contradiction)


def rests_on_accepted(rule: Rule) -> str:
    """SQL for whether a finding rests on links alone that the rule accepts; an error where it names no known reason."""

    def those_not_in(reasons: Iterable[str]) -> str:
        return f"len(list_filter(evidence, lambda one: coalesce(one.link_reason NOT IN ({quoted(reasons)}), TRUE))) > 0"

    unknown, other = those_not_in(reasons_of_flags()), those_not_in(rule.accepted_reasons)
    return f"CASE WHEN {unknown} THEN error('{NO_REASON}') ELSE NOT {other} END"
