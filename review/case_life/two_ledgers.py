"""The double ledger asks for two people: who acted on a case for the county does not act on it for the province."""

import unicodedata

from django.utils.translation import gettext

from review.accounts.models import Account, Role
from review.case_life.records import CaseStep
from review.case_life.refusals import NotAllowedError
from review.case_life.table import TABLE, Action
from review.models import Case, Decision

# A city only looks on and sends back: it keeps no ledger.
LEDGER_OF = {Role.TOWNSHIP: "county", Role.COUNTY: "county", Role.PROVINCE: "province"}


def require_two_people(action: Action, account: Account, case: Case) -> None:
    """Raise NotAllowedError when this account has acted on the case for the other ledger.

    Its role may have been turned since: what counts is the role of each step. To close at the province, nobody of the
    same name may have acted for the county either: one person may hold two accounts, and somebody else can close.
    """
    own = LEDGER_OF.get(Role(account.role))
    if own is None:
        return
    steps = CaseStep.objects.visible_to(account).filter(case=case)
    elsewhere = {step.actor for step in steps if _ledger_of(step) not in {None, own}}
    if own == "province":
        # Decisions are the county's, also those of a time that kept no steps.
        elsewhere |= set(Decision.objects.visible_to(account).filter(case=case).values_list("decided_by", flat=True))
    if account.username in elsewhere:
        raise NotAllowedError(
            gettext(
                "You have acted on this case at another level: someone else must take this step, for two people close."
            )
        )
    if action == Action.CLOSE_PROVINCE:
        names = Account.objects.filter(username__in=elsewhere).values_list("full_name", flat=True)
        if _comparable(account.full_name) in {_comparable(name) for name in names}:
            raise NotAllowedError(
                gettext("Someone of your name has acted on this case for the county: someone else must close it here.")
            )


def _ledger_of(step: CaseStep) -> str | None:
    """For which ledger a step was taken; None for a city's, and where an old step does not tell."""
    if "role" in step.detail:
        return LEDGER_OF.get(step.detail["role"])
    could = {
        LEDGER_OF.get(role)
        for row in TABLE
        if row.action == step.action and step.from_state in row.sources
        for role in row.roles
    }
    return could.pop() if len(could) == 1 else None


def _comparable(name: str) -> str:
    """The name as it is compared: no blanks, no unseen signs, full-width letters made plain."""
    signs = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in signs if unicodedata.category(sign)[0] in "LMN")
