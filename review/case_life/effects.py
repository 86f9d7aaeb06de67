"""What each step writes besides the new state: the case's own columns, decisions, proposals."""

from datetime import datetime
from typing import Any

from review.accounts.models import Account
from review.case_life import act_inputs
from review.case_life.guards import open_evidence, pending_proposal
from review.case_life.records import Proposal
from review.case_life.table import Action
from review.models import OUTCOMES_WITH_NOTICE, Case, CaseState, Decision

# The columns of a case that people's steps write; the site's role may write no others.
CASE_FIELDS = ("state", "assigned_to", "visited_on", "last_acted_at", "county_closed_at", "province_closed_at")


def apply(action: Action, account: Account, case: Case, inputs: act_inputs.ActInput, at: datetime) -> dict[str, Any]:
    """Write what ``action`` says into the case (not yet saved) and its tables; the detail for history and audit."""
    match inputs:
        case act_inputs.Assign():
            case.assigned_to = inputs.assigned_to
            return {"assigned_to": inputs.assigned_to}
        case act_inputs.Visit():
            case.visited_on = inputs.visited_on
            return {"visited_on": str(inputs.visited_on)}
        case act_inputs.Decide():
            return _decide(account, case, inputs, at)
        case act_inputs.Notify():
            return _notify(account, case, inputs)
        case act_inputs.Object():
            return _object(account, case, inputs, at)
    return _without_fields(action, account, case, at)


def _decide(account: Account, case: Case, inputs: act_inputs.Decide, at: datetime) -> dict[str, Any]:
    _end_pending(account, case, at)
    people = {"investigator": inputs.investigator, "second_investigator": inputs.second_investigator}
    seen = open_evidence(account, case)
    if inputs.outcome in OUTCOMES_WITH_NOTICE:
        Proposal.objects.visible_to(account).create(
            case=case,
            outcome=inputs.outcome,
            proposed_by=account.username,
            proposed_at=at,
            note=inputs.note,
            evidence_seen=seen,
            **people,
        )
    else:
        _add_decision(account, case, at, outcome=inputs.outcome, note=inputs.note, evidence_seen=seen, **people)
    return {"outcome": inputs.outcome.value, "final": inputs.outcome not in OUTCOMES_WITH_NOTICE}


def _notify(account: Account, case: Case, inputs: act_inputs.Notify) -> dict[str, Any]:
    dates = {"notified_on": inputs.notified_on, "objection_ends_on": inputs.objection_ends_on}
    Proposal.objects.visible_to(account).filter(case=case, ended_at__isnull=True).update(**dates)
    return {name: str(day) for name, day in dates.items()}


def _object(account: Account, case: Case, inputs: act_inputs.Object, at: datetime) -> dict[str, Any]:
    proposals = Proposal.objects.visible_to(account).filter(case=case, ended_at__isnull=True)
    proposals.update(objected_on=inputs.objected_on, ended_at=at)
    case.visited_on = None
    return {"objected_on": str(inputs.objected_on)}


def _without_fields(action: Action, account: Account, case: Case, at: datetime) -> dict[str, Any]:
    match action:
        case Action.RECTIFY:
            return _rectify(account, case, at)
        case Action.CLOSE_COUNTY:
            case.county_closed_at = at
        case Action.CLOSE_PROVINCE:
            case.province_closed_at = at
        case _:
            _end_pending(account, case, at)
            reopened(case)
    return {}


def reopened(case: Case) -> None:
    """The case as if newly opened: back in both ledgers, with no visit to rest a decision on. Its holder stays."""
    case.state = CaseState.REOPENED
    case.visited_on = None
    case.county_closed_at = None
    case.province_closed_at = None


def _rectify(account: Account, case: Case, at: datetime) -> dict[str, Any]:
    """A proposal whose objection period has passed becomes the decision it was to be."""
    proposal = pending_proposal(account, case)
    if proposal is None:
        return {}
    _end_pending(account, case, at)
    _add_decision(
        account,
        case,
        at,
        outcome=proposal.outcome,
        note=proposal.note,
        evidence_seen=proposal.evidence_seen,
        investigator=proposal.investigator,
        second_investigator=proposal.second_investigator,
        decided_by=proposal.proposed_by,
        notified_on=proposal.notified_on,
        objection_ends_on=proposal.objection_ends_on,
    )
    return {"outcome": proposal.outcome, "final": True}


def _add_decision(account: Account, case: Case, at: datetime, **values: Any) -> None:
    Decision.objects.visible_to(account).create(case=case, decided_at=at, **({"decided_by": account.username} | values))


def _end_pending(account: Account, case: Case, at: datetime) -> None:
    Proposal.objects.visible_to(account).filter(case=case, ended_at__isnull=True).update(ended_at=at)
