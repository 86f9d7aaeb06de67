"""What each rule found over some nights, against the truth about them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl

from review.proportion import Proportion, proportion
from synth.judged import CERTAIN, answered, holding, unexplained

LEAST_PRECISION, LEAST_RECALL = 0.99, 0.97
CASE = ("rule", "scenario", "scheme", "household", "member", "identity", "expected")


def score_rules(truth: pl.DataFrame, flags: Mapping[date, pl.DataFrame], rules: Sequence[str]) -> list[dict[str, Any]]:
    """One entry a rule. ``flags`` by night have flag_id, rule, household_id and member_id.

    A case counts once over all nights: found if every night that it holds on found it; a lookalike is flagged if any
    night flagged it; a flag that several nights bring is one flag, unexplained if nothing explains it on any of them.
    So what is counted is independent of how many nights there are, as the intervals suppose.
    """
    cases = judged_cases(truth, flags, rules)
    strangers = judged_flags(truth, flags, rules)
    return [
        _score(rule, cases.filter(pl.col("rule") == rule), strangers.filter(pl.col("rule") == rule)) for rule in rules
    ]


def judged_cases(truth: pl.DataFrame, flags: Mapping[date, pl.DataFrame], rules: Sequence[str]) -> pl.DataFrame:
    """Every case and lookalike that holds on a night: the columns of ``CASE``, ``always`` and ``ever`` flagged."""
    nightly = []
    for night, tonight in flags.items():
        held = holding(truth, night, rules).select(CASE).unique(maintain_order=True)
        found = answered(held, tonight).with_columns(flagged=pl.lit(value=True))
        nightly.append(
            held.join(found, on=CASE, how="left", nulls_equal=True).with_columns(
                pl.col("flagged").fill_null(value=False)
            )
        )
    return pl.concat(nightly).group_by(CASE).agg(always=pl.col("flagged").all(), ever=pl.col("flagged").any())


def judged_flags(truth: pl.DataFrame, flags: Mapping[date, pl.DataFrame], rules: Sequence[str]) -> pl.DataFrame:
    """Every flag of the rules: flag_id, rule, household_id, member_id, and whether the truth explains it."""
    nightly = []
    for night, tonight in flags.items():
        ours = tonight.filter(pl.col("rule").is_in(rules))
        odd = unexplained(ours, holding(truth, night, rules))["flag_id"]
        nightly.append(ours.with_columns(explained=~pl.col("flag_id").is_in(odd.implode())))
    return pl.concat(nightly).group_by("flag_id", "rule", "household_id", "member_id").agg(pl.col("explained").all())


def _score(rule: str, cases: pl.DataFrame, flags: pl.DataFrame) -> dict[str, Any]:
    planted = cases.filter("expected")
    visible = planted.filter(pl.col("identity").is_in(CERTAIN))
    hidden = planted.filter(~pl.col("identity").is_in(CERTAIN))
    lookalikes = cases.filter(~pl.col("expected"))
    sound = lookalikes.filter(pl.col("identity") == "sound")
    recall = proportion(_true(visible["always"]), visible.height)
    precision = proportion(_true(flags["explained"]), flags.height)
    sound_flagged = _true(sound["ever"])
    return {
        "rule": rule,
        "planted": visible.height,
        "found": recall.count,
        "recall": asdict(recall),
        "hidden": hidden.height,
        "hidden_found": _true(hidden["always"]),
        "recall_with_hidden": asdict(proportion(_true(planted["always"]), planted.height)),
        "flags": flags.height,
        "unexplained": flags.height - precision.count,
        "precision": asdict(precision),
        "lookalikes": lookalikes.height,
        "lookalikes_flagged": _true(lookalikes["ever"]),
        "sound_lookalikes": sound.height,
        "sound_lookalikes_flagged": sound_flagged,
        "holds": _at_least(recall, LEAST_RECALL) and _at_least(precision, LEAST_PRECISION) and sound_flagged == 0,
    }


def _true(column: pl.Series) -> int:
    return len(column.filter(column))


def _at_least(measured: Proportion, least: float) -> bool:
    """Whether there was something to measure, and it came to so much."""
    return measured.rate is not None and measured.rate >= least
