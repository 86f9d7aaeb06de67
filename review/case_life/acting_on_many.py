"""Act on many cases at once: assign them, or find them legitimate with a reason. Never more than that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext

from review.accounts.models import Account
from review.audit import chain
from review.case_life.act_inputs import ActInput, Decide, read_input
from review.case_life.acting import ActResult, step
from review.case_life.refusals import BusyError, IncompleteError, NoSuchCaseError, NotAllowedError, RefusedError
from review.case_life.table import Action, ever_allowed
from review.models import Case, Outcome


@dataclass(frozen=True)
class ManyActsResult:
    """What was done, and per case number why the others were refused."""

    done: tuple[ActResult, ...]
    refused: Mapping[str, RefusedError]


def act_on_many(
    account: Account, chosen: Sequence[tuple[str, int]], action: str, data: Mapping[str, Any]
) -> ManyActsResult:
    """Take one step with each chosen case (number and version); one that is refused does not hold up the others.

    Only *assign*, and *decide* with the outcome *legitimate* and a note. Raises NotAllowedError for anything else,
    IncompleteError when the data does not do for any case, BusyError when one of the cases is being changed now.
    """
    if not account.may_act or action not in (Action.ASSIGN, Action.DECIDE) or not ever_allowed(account.role, action):
        raise NotAllowedError(gettext("Your role does not do this with many cases at once."))
    inputs = read_input(Action(action), data)
    if isinstance(inputs, Decide):
        if inputs.outcome != Outcome.LEGITIMATE:
            raise NotAllowedError(gettext("Many cases at once can only be found legitimate."))
        if not inputs.note:
            raise IncompleteError({"note": gettext("Say why, in a few words.")})
    with transaction.atomic():
        locked = locked_cases(account, [case_no for case_no, _version in chosen])
        return _each(account, locked, dict(chosen), Action(action), inputs)


def locked_cases(account: Account, case_nos: Sequence[str]) -> dict[str, Case]:
    """The account's cases of these numbers, locked all at once or not at all, so that no two wait for each other."""
    cases = Case.objects.visible_to(account).filter(case_no__in=case_nos).order_by("pk")
    try:
        # A savepoint, so that the refusal leaves the transaction usable.
        with transaction.atomic():
            nowait = connection.features.has_select_for_update_nowait
            return {case.case_no: case for case in cases.select_for_update(nowait=nowait)}
    except OperationalError:
        raise BusyError from None


def _each(
    account: Account, locked: Mapping[str, Case], versions: Mapping[str, int], action: Action, inputs: ActInput
) -> ManyActsResult:
    done: list[ActResult] = []
    lines: list[chain.Line] = []
    refused: dict[str, RefusedError] = {}
    for case_no, version in versions.items():
        try:
            if case_no not in locked:
                raise NoSuchCaseError
            acted, line = step(account, locked[case_no], action, inputs, version)
        except RefusedError as refusal:
            refused[case_no] = refusal
        else:
            done.append(acted)
            lines.append(line)
    chain.append(*lines)
    return ManyActsResult(tuple(done), refused)
