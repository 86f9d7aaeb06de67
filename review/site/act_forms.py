"""The form of each act: its fields, in the order people fill them in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from review.accounts.models import Account
from review.case_life.act_inputs import NOTE_NEEDED
from review.case_life.guards import NOTHING_TO_RECTIFY
from review.case_life.records import Proposal
from review.case_life.table import Action
from review.models import Case, CaseState, Decision, Outcome
from review.site.assignees import assignees_for
from review.written_text import LONGEST_LINE, LONGEST_NOTE


@dataclass(frozen=True)
class Field:
    """One field: its name in ``review.case_life.act_inputs``, a label, and the kind of control."""

    name: str
    label: str | Promise
    kind: str
    required: bool = False
    help: str | Promise = ""
    choices: Sequence[tuple[str, str | Promise]] = ()
    value: str = ""
    wrong: str = ""

    @property
    def longest(self) -> int:
        """How many characters it takes."""
        return LONGEST_NOTE if self.kind == "text" else LONGEST_LINE


@dataclass(frozen=True)
class ActForm:
    """One act that may be taken now. ``wrong`` is why it was just refused, as a whole."""

    action: Action
    help: str | Promise
    fields: Sequence[Field]
    opened: bool = False
    wrong: str = ""
    grave: bool = field(default=False)


HELP: dict[Action, str | Promise] = {
    Action.ASSIGN: _("Who goes there, and holds the case from now on."),
    Action.VISIT: _("What was seen and said at the household, for or against it."),
    Action.DECIDE: _(
        "Adjusted and stopped need a visit and two different investigators, and stay a proposal until the household "
        "has been notified and its time to object has passed."
    ),
    Action.NOTIFY: _("The written notice with reasons, and the last day on which the household may object."),
    Action.OBJECT: _("An objection starts the check again: there must be another visit."),
    Action.RECTIFY: _("What was done: aid changed from which month, data corrected, matter passed on to whom."),
    Action.CLOSE_COUNTY: _("Closes the case in the county's ledger. The province's stays open."),
    Action.CLOSE_PROVINCE: _("Closes the case in the province's ledger: it is then closed in both."),
    Action.SEND_BACK: _("The case begins again at the county, with your reason in its history."),
    Action.REOPEN: _("Opens a closed case again, in both ledgers."),
}
NOTE_LABELS: dict[Action, str | Promise] = {
    Action.VISIT: pgettext_lazy("field", "What was found"),
    Action.DECIDE: pgettext_lazy("field", "Reasons"),
    Action.OBJECT: pgettext_lazy("field", "What the household says"),
    Action.RECTIFY: pgettext_lazy("field", "What was done"),
    Action.SEND_BACK: pgettext_lazy("field", "Why, and what to look at"),
    Action.REOPEN: pgettext_lazy("field", "Why"),
}
# What takes a case back is not offered first.
GRAVE = (Action.SEND_BACK, Action.REOPEN)
# The act that usually comes next; the others are a click away.
USUAL: dict[CaseState, Action] = {
    CaseState.OPENED: Action.ASSIGN,
    CaseState.REOPENED: Action.ASSIGN,
    CaseState.ASSIGNED: Action.VISIT,
    CaseState.VISITED: Action.DECIDE,
    CaseState.OBJECTION: Action.VISIT,
    CaseState.NOTIFIED: Action.RECTIFY,
    CaseState.RECTIFIED: Action.CLOSE_COUNTY,
    CaseState.CLOSED_BY_COUNTY: Action.CLOSE_PROVINCE,
}


def forms_for(
    account: Account,
    case: Case,
    actions: Sequence[Action],
    *,
    usual: Action | None,
    tried: str = "",
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    refused: str = "",
) -> list[ActForm]:
    """The forms of ``actions``, the usual one first and open; the one just tried is open instead, keeps what was given
    and says what is wrong with it.
    """
    ordered = sorted(actions, key=lambda action: (action != usual, action in GRAVE))
    opened = tried or (ordered[0].value if ordered else "")
    forms = []
    for action in ordered:
        again = action == tried
        fields = [
            Field(
                **{
                    **vars(one),
                    "value": (given or {}).get(one.name, "") if again else one.value,
                    "wrong": (wrong or {}).get(one.name, "") if again else "",
                }
            )
            for one in _fields(account, case, action)
        ]
        forms.append(
            ActForm(action, HELP[action], fields, action == opened, refused if again else "", grave=action in GRAVE)
        )
    return forms


def usual_act(case: Case, pending: Proposal | None, decisions: Sequence[Decision]) -> Action | None:
    """What usually comes next for the case as it is."""
    if case.state != CaseState.DECIDED:
        return USUAL.get(CaseState(case.state))
    if pending is not None:
        return Action.NOTIFY
    settled = bool(decisions) and decisions[0].outcome in NOTHING_TO_RECTIFY
    return Action.CLOSE_COUNTY if settled else Action.RECTIFY


def _fields(account: Account, case: Case, action: Action) -> list[Field]:
    today = timezone.localdate().isoformat()
    limit = gettext("No more than %(most)s characters.") % {"most": f"{LONGEST_NOTE:,}"}
    label = NOTE_LABELS.get(action, pgettext_lazy("field", "Note"))
    note = Field("note", label, "text", action in NOTE_NEEDED, limit)
    match action:
        case Action.ASSIGN:
            assignees = assignees_for(account, case)
            own = [Field("assigned_to", pgettext_lazy("field", "Holder"), "choice", True, "", assignees)]
        case Action.VISIT:
            own = [Field("visited_on", pgettext_lazy("field", "Visited on"), "day", True, value=today)]
        case Action.DECIDE:
            two = _("Needed for adjusted and stopped.")
            own = [
                Field("outcome", pgettext_lazy("field", "Outcome"), "choice", True, "", Outcome.choices),
                Field("investigator", pgettext_lazy("field", "First investigator"), "line", False, two),
                Field("second_investigator", pgettext_lazy("field", "Second investigator"), "line", False, two),
            ]
        case Action.NOTIFY:
            own = [
                Field("notified_on", pgettext_lazy("field", "Notified on"), "day", True, value=today),
                Field("objection_ends_on", pgettext_lazy("field", "May object until"), "day", True),
            ]
        case Action.OBJECT:
            own = [Field("objected_on", pgettext_lazy("field", "Objected on"), "day", True, value=today)]
        case _:
            own = []
    return [*own, note]
