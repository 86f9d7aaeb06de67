"""What must hold before a step: the law's conditions (DOMAIN section 6), one function a step."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext

from review.accounts.models import Account, Role
from review.case_life import act_inputs
from review.case_life.records import Proposal
from review.case_life.refusals import IncompleteError, NotNowError
from review.case_life.table import Action
from review.case_life.two_ledgers import require_two_people
from review.models import OUTCOMES_WITH_NOTICE, Case, CaseState, Decision, Flag, Outcome

# What needs nothing done at the household's benefit, so the county may close at once.
NOTHING_TO_RECTIFY = (Outcome.LEGITIMATE, Outcome.IDENTITY_ERROR, Outcome.RECORD_WRONG, Outcome.REFERRED)


def check(action: Action, account: Account, case: Case, inputs: act_inputs.ActInput) -> None:
    """Raise IncompleteError or NotNowError when ``action`` must not be taken yet, NotAllowedError when not by them."""
    require_two_people(action, account, case)
    guard = GUARDS.get(action)
    if guard is not None:
        guard(account, case, inputs)


def pending_proposal(account: Account, case: Case) -> Proposal | None:
    """The proposal of less aid that has not ended yet."""
    return Proposal.objects.visible_to(account).filter(case=case, ended_at__isnull=True).first()


def open_evidence(account: Account, case: Case) -> dict[str, str]:
    """What a decision made now has seen: the case's open flags, each with the hash of its evidence."""
    flags = Flag.objects.visible_to(account).filter(case=case, cleared_night__isnull=True)
    return dict(flags.values_list("flag_id", "evidence_hash"))


def unseen_rules(account: Account, case: Case) -> list[str]:
    """The rules of open flags that no decision on the case has seen as they are now."""
    seen: list[Mapping[str, str]] = list(
        Decision.objects.visible_to(account).filter(case=case).values_list("evidence_seen", flat=True)
    )
    flags = Flag.objects.visible_to(account).filter(case=case, cleared_night__isnull=True)
    found = flags.values_list("flag_id", "evidence_hash", "rule")
    return sorted({rule for flag, now, rule in found if not any(one.get(flag) == now for one in seen)})


def _assign(account: Account, case: Case, inputs: act_inputs.ActInput) -> None:
    name = cast("act_inputs.Assign", inputs).assigned_to
    holder = Account.objects.filter(username=name, is_active=True, role__in=(Role.TOWNSHIP, Role.COUNTY)).first()
    if holder is None or not holder.covers(case.division) or not holder.division.startswith(account.division):
        raise IncompleteError({"assigned_to": gettext("Nobody of that name works in the case's township or county.")})


def _visit(_account: Account, case: Case, inputs: act_inputs.ActInput) -> None:
    visited_on = cast("act_inputs.Visit", inputs).visited_on
    _not_later_than_today("visited_on", visited_on)
    if visited_on < case.opened_night:
        raise IncompleteError({"visited_on": gettext("The visit is dated before the case was opened.")})


def _decide(account: Account, case: Case, inputs: act_inputs.ActInput) -> None:
    decision = cast("act_inputs.Decide", inputs)
    missing: dict[str, str] = {}
    if case.visited_on is None:
        if decision.outcome in OUTCOMES_WITH_NOTICE:
            raise NotNowError(gettext("Aid is adjusted or stopped only after a visit: record the visit first."))
        if not decision.note:
            missing["note"] = gettext("Nobody visited: say what the decision is based on.")
    if decision.outcome in OUTCOMES_WITH_NOTICE:
        if not decision.note:
            missing["note"] = gettext("Say why, in a few words.")
        missing |= {
            name: gettext("Two named investigators are needed.")
            for name in ("investigator", "second_investigator")
            if not getattr(decision, name)
        }
        if not missing and decision.investigator.casefold() == decision.second_investigator.casefold():
            missing["second_investigator"] = gettext("The two investigators must be different people.")
        if not missing and decision.second_investigator.casefold() == account.username.casefold():
            missing["second_investigator"] = gettext("The person who decides cannot be the second investigator.")
    if missing:
        raise IncompleteError(missing)


def _notify(account: Account, case: Case, inputs: act_inputs.ActInput) -> None:
    notice = cast("act_inputs.Notify", inputs)
    proposal = pending_proposal(account, case)
    if proposal is None:
        raise NotNowError(gettext("Only a decision to adjust or stop aid needs a notice."))
    _not_later_than_today("notified_on", notice.notified_on)
    if notice.notified_on < timezone.localtime(proposal.proposed_at).date():
        raise IncompleteError({"notified_on": gettext("The notice is before the decision.")})
    if notice.objection_ends_on <= notice.notified_on:
        raise IncompleteError({"objection_ends_on": gettext("The household must have time to object.")})


def _object(account: Account, case: Case, inputs: act_inputs.ActInput) -> None:
    objected_on = cast("act_inputs.Object", inputs).objected_on
    proposal = pending_proposal(account, case)
    _not_later_than_today("objected_on", objected_on)
    if proposal is not None and proposal.notified_on is not None and objected_on < proposal.notified_on:
        raise IncompleteError({"objected_on": gettext("The objection is before the notice.")})


def _rectify(account: Account, case: Case, _inputs: act_inputs.ActInput) -> None:
    proposal = pending_proposal(account, case)
    if proposal is None:
        return
    if proposal.objection_ends_on is None:
        raise NotNowError(gettext("The household has not been notified yet."))
    if proposal.objection_ends_on >= timezone.localdate():
        raise NotNowError(
            gettext("The household may object until %(day)s: nothing is final before.")
            % {"day": proposal.objection_ends_on}
        )


def _close_county(account: Account, case: Case, _inputs: act_inputs.ActInput) -> None:
    last = Decision.objects.visible_to(account).filter(case=case).order_by("-decided_at", "-pk").first()
    if last is None or pending_proposal(account, case) is not None:
        raise NotNowError(gettext("The decision is not final yet: the household may still object."))
    if case.state == CaseState.DECIDED and last.outcome not in NOTHING_TO_RECTIFY:
        raise NotNowError(gettext("Record first that the decision has been carried out."))
    _refuse_unseen_evidence(account, case)


def _close_province(account: Account, case: Case, _inputs: act_inputs.ActInput) -> None:
    _refuse_unseen_evidence(account, case)


def _refuse_unseen_evidence(account: Account, case: Case) -> None:
    rules = unseen_rules(account, case)
    if rules:
        raise NotNowError(
            gettext("There is evidence that no decision has seen (%(rules)s): send the case back and decide again.")
            % {"rules": ", ".join(rules)}
        )


def _not_later_than_today(name: str, day: date) -> None:
    if day > timezone.localdate():
        raise IncompleteError({name: gettext("The date is in the future.")})


Guard = Callable[[Account, Case, Any], None]
GUARDS: dict[Action, Guard] = {
    Action.ASSIGN: _assign,
    Action.VISIT: _visit,
    Action.DECIDE: _decide,
    Action.NOTIFY: _notify,
    Action.OBJECT: _object,
    Action.RECTIFY: _rectify,
    Action.CLOSE_COUNTY: _close_county,
    Action.CLOSE_PROVINCE: _close_province,
}
