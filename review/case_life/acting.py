"""Act on one case: the only way people change one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from review.accounts.models import Account
from review.audit import chain
from review.case_life import effects, guards
from review.case_life.act_inputs import ActInput, read_input
from review.case_life.records import CaseStep
from review.case_life.refusals import Change, ConflictError, NoSuchCaseError, NotAllowedError, NotNowError
from review.case_life.table import Action, allowed, ever_allowed, target
from review.models import Case, CaseState


@dataclass(frozen=True)
class ActResult:
    """What came of an act: the case, its new state, and the version the next act must name."""

    case_no: str
    state: CaseState
    version: int


@dataclass(frozen=True)
class CommandLine:
    """A command line that acts in an account's name, and the operating system's user who typed it."""

    system_user: str

    @property
    def actor(self) -> str:
        """Who acted, as the audit log says it."""
        return f"command line of {self.system_user}"


def act(account: Account, case_no: str, action: str, data: Mapping[str, Any], version: int) -> ActResult:
    """Take one step with a case, in one transaction with its history and its line in the audit log.

    ``version`` is the case's as the account saw it; ``data`` the action's fields of ``review.case_life.act_inputs``.
    Raises a RefusedError, with nothing changed: NotAllowedError (the role never does this), NoSuchCaseError,
    ConflictError (someone or a night was faster, and what changed), NotNowError, IncompleteError (by field).
    """
    chosen = _action_for(account, action)
    with transaction.atomic():
        case = Case.objects.visible_to(account).select_for_update().filter(case_no=case_no).first()
        if case is None:
            raise NoSuchCaseError
        acted, line = step(account, case, chosen, read_input(chosen, data), version)
        chain.append(line)
    return acted


def actions_for(account: Account, case: Case) -> list[Action]:
    """What this account's role may do with the case in the state it is in, in the order of the table."""
    if not account.may_act or not account.covers(case.division):
        return []
    return [action for action in Action if allowed(account.role, action, case.state)]


def step(
    account: Account, case: Case, action: Action, inputs: ActInput, version: int, *, through: CommandLine | None = None
) -> tuple[ActResult, chain.Line]:
    """One step with a case that is locked; the caller adds the line to the audit log, last of all.

    ``through``: the command line the step came by; history and log then say so, and whose it was.
    """
    if case.version != version:
        raise ConflictError(case.version, changes_since(account, case, version))
    before, after = CaseState(case.state), target(action, case.state)
    if after is None or not allowed(account.role, action, case.state):
        raise NotNowError(
            gettext("A case that is “%(state)s” cannot take this step.") % {"state": CaseState(case.state).label}
        )
    guards.check(action, account, case, inputs)
    at = timezone.now()
    detail = {"role": account.role, **effects.apply(action, account, case, inputs, at)}
    if through is not None:
        detail["command_line_of"] = through.system_user
    case.state, case.version, case.last_acted_at = after.value, case.version + 1, at
    case.save(update_fields=["version", *effects.CASE_FIELDS])
    _keep(account, case, action, before, at, inputs, detail)
    logged = {"case_no": case.case_no, "from": before.value, "to": after.value, "version": case.version, **detail}
    actor = account.username
    if through is not None:
        actor, logged["for"] = through.actor, account.username
    return ActResult(case.case_no, after, case.version), chain.Line(
        actor, f"case.{action.value}", logged, case.division
    )


def changes_since(account: Account, case: Case, version: int) -> list[Change]:
    """What people did since ``version``; a night that changed evidence is one change without a moment."""
    steps = list(CaseStep.objects.visible_to(account).filter(case=case, version__gt=version).order_by("version"))
    changes = [Change(one.at, one.actor, one.action, one.to_state) for one in steps]
    if case.version - version > len(steps):
        changes.append(Change(None, "hedui", f"night {case.last_changed_night}", case.state))
    return changes


def _action_for(account: Account, action: str) -> Action:
    if not account.may_act or action not in Action.values or not ever_allowed(account.role, action):
        raise NotAllowedError(gettext("Your role does not do this."))
    return Action(action)


def _keep(
    account: Account,
    case: Case,
    action: Action,
    before: CaseState,
    at: datetime,
    inputs: ActInput,
    detail: Mapping[str, Any],
) -> None:
    CaseStep.objects.visible_to(account).create(
        case=case,
        version=case.version,
        at=at,
        actor=account.username,
        action=action,
        from_state=before,
        to_state=case.state,
        note=inputs.note,
        detail=dict(detail),
    )
