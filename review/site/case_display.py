"""One case made ready to read: the household, each flag with what was declared beside what was recorded, its life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext

from review.case_life.table import Action
from review.export_row import link_label
from review.models import CaseState, CaseStep, Outcome
from review.registers import household_columns, line_of_head, member_columns, register_name
from review.rests_on import RestsOn, not_checkable, rests_on
from review.rule_texts import RuleText, newest_titles
from review.site.income import Income, read_income
from review.site.titles import (
    UNKNOWN,
    LabelledValue,
    column_title,
    department_title,
    division_name,
    facts_in_words,
    identity_columns,
    in_chinese,
    type_title,
    value_in_words,
)
from review.visible_case import VisibleCase, VisibleEvidence, VisibleFlag
from schemas.link_reasons import find_reason

EMPLOYMENT = ("declared_employment", "declared_income", "assessed_on")
HOMES = ("declared_homes", "address", "assessed_on")
VEHICLE = ("declared_vehicle", "assessed_on")
STATUS = ("status", "monthly_amount", "recipient")
# What a household declared on the same matter as a record of the type; of others, how it stands on the register.
DECLARED_BESIDE: dict[str, tuple[str, ...]] = {
    "motor_vehicle": VEHICLE,
    **dict.fromkeys(("real_estate", "real_estate_transfer", "presale_contract", "public_rental", "relocation"), HOMES),
    **dict.fromkeys(
        (
            "business_turnover",
            "employee_insurance",
            "employment_registration",
            "enterprise_representative",
            "enterprise_shareholder",
            "farmer_cooperative",
            "fiscal_payroll",
            "housing_fund",
            "income_tax",
            "individual_business",
            "pension_benefit",
            "pension_contribution",
            "subsidy_payment",
            "unemployment_benefit",
            "welfare_post",
        ),
        EMPLOYMENT,
    ),
    **dict.fromkeys(("marriage", "household_register"), ("relation_to_head", "marital_status", "address")),
    **dict.fromkeys(("disability_certificate", "student_enrolment"), ("supplement_kind", "supplement_amount")),
    "medical_expense": ("supplement_kind", "supplement_amount", "monthly_amount"),
}


@dataclass(frozen=True)
class ComparedValue:
    """One thing that tells who somebody is, on the register and in the record. ``equal`` is None where one is blank."""

    title: str
    register: str
    record: str
    equal: bool | None


@dataclass(frozen=True)
class RecordDisplay:
    """One record behind a flag."""

    title: str
    department: str
    link: str
    certain: bool
    compared: Sequence[ComparedValue]
    facts: Sequence[LabelledValue]
    source: VisibleEvidence


@dataclass(frozen=True)
class FlagDisplay:
    """One flag in words. ``declared`` is what the register says of the same member on the same matter."""

    flag: VisibleFlag
    title: str
    reason: str
    text: RuleText | None
    link: str
    income: Income | None
    declared: Sequence[LabelledValue]
    records: Sequence[RecordDisplay]
    rests_on: RestsOn | None

    @property
    def check(self) -> str:
        """What the rule says to check on the visit."""
        return self.text.in_language("check_on_visit") if self.text else ""

    @property
    def wrong(self) -> str:
        """How the rule says it can be wrong."""
        return self.text.in_language("can_be_wrong") if self.text else ""

    @property
    def basis(self) -> str:
        """The law the rule rests on, as it was on the last night that found the flag."""
        return self.text.cited_on(self.flag.cleared_night or self.flag.first_night) if self.text else ""


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history."""

    at: Any
    actor: str
    what: str
    state: str
    note: str
    details: Sequence[str]


@dataclass(frozen=True)
class CaseDisplay:
    """All of a case page but its forms."""

    seen: VisibleCase
    place: str
    headings: Sequence[str]
    members: Sequence[Sequence[str]]
    household: Sequence[LabelledValue]
    open_flags: Sequence[FlagDisplay]
    cleared_flags: Sequence[FlagDisplay]
    history: Sequence[HistoryEntry]
    not_checkable: Sequence[str]
    """The rules that could not check the household on the newest night, each with why."""
    new: Sequence[str]
    progress: Sequence[tuple[str, str]]


def display(seen: VisibleCase) -> CaseDisplay:
    """The case as its page and its visit sheet show it."""
    members = seen.members
    scheme = seen.case.scheme
    register = register_name(scheme)
    flags = [_flag(seen, flag, members) for flag in seen.flags]
    columns = [name for name in member_columns(scheme) if any(name in facts for facts in members.values())]
    head = line_of_head(scheme, members)
    return CaseDisplay(
        seen=seen,
        place=division_name(seen.case.division),
        headings=[column_title(register, name) for name in columns],
        members=[[value_in_words(register, name, facts.get(name)) for name in columns] for facts in members.values()],
        household=facts_in_words(register, {name: head.get(name) for name in household_columns(scheme)}),
        open_flags=[one for one in flags if one.flag.cleared_night is None],
        cleared_flags=[one for one in flags if one.flag.cleared_night is not None],
        history=[_history_entry(step) for step in reversed(seen.steps)],
        not_checkable=_not_checkable(seen),
        new=_new_since_reopening(seen),
        progress=_progress(seen),
    )


def _not_checkable(seen: VisibleCase) -> list[str]:
    titles = newest_titles()
    return not_checkable(seen.case.not_checkable, lambda rule: titles.get(rule, rule))


def _flag(seen: VisibleCase, flag: VisibleFlag, members: Mapping[str, Mapping[str, Any]]) -> FlagDisplay:
    reason = flag.reason_zh if in_chinese() else flag.reason_en
    text = RuleText.objects.filter(rule=flag.rule, version=flag.rule_version).first()
    types = {record.type for record in flag.evidence}
    wanted = [name for one in sorted(types) for name in DECLARED_BESIDE.get(one, STATUS)]
    about = members.get(flag.member_id) or line_of_head(seen.case.scheme, members)
    register = register_name(seen.case.scheme)
    return FlagDisplay(
        flag=flag,
        title=text.in_language("title") if text else newest_titles().get(flag.rule, flag.rule),
        reason=reason,
        text=text,
        link=link_label(flag.link_reason),
        income=read_income(reason),
        declared=[
            LabelledValue(name, column_title(register, name), _declared(register, name, about))
            for name in dict.fromkeys(wanted)
            if name in about
        ],
        records=[_record(flag, record) for record in flag.evidence],
        rests_on=rests_on(flag.basis, type_title, {key: str(facts.get("name", key)) for key, facts in members.items()}),
    )


def _declared(register: str, name: str, facts: Mapping[str, Any]) -> str:
    if facts[name] in (None, "") and name.startswith("declared_"):
        return gettext("nothing declared")
    return value_in_words(register, name, facts[name])


def _record(flag: VisibleFlag, record: VisibleEvidence) -> RecordDisplay:
    columns, reason = identity_columns(record.type, record.role), find_reason(record.link_reason)
    compared, hidden = [], frozenset[str]()
    if columns is not None and flag.member_name:
        hidden = frozenset({columns.id_number, columns.name})
        compared = [
            _compared(pgettext("compared", "ID number"), flag.member_id_number, record, columns.id_number),
            _compared(pgettext("compared", "Name"), flag.member_name, record, columns.name),
        ]
    return RecordDisplay(
        title=type_title(record.type),
        department=department_title(record.type),
        link=link_label(record.link_reason),
        certain=reason is not None and reason.certain,
        compared=compared,
        facts=facts_in_words(record.type, record.facts, without=hidden),
        source=record,
    )


def _compared(title: str, register: str, record: VisibleEvidence, column: str) -> ComparedValue:
    written = record.facts.get(column)
    equal = record.equal.get(column, False) if register and written else None
    return ComparedValue(title, register or UNKNOWN, str(written) if written else UNKNOWN, equal)


def _history_entry(step: CaseStep) -> HistoryEntry:
    detail = dict(step.detail)
    details = []
    words = {
        "assigned_to": pgettext("field", "Holder"),
        "visited_on": pgettext("field", "Visited on"),
        "notified_on": pgettext("field", "Notified on"),
        "objection_ends_on": pgettext("field", "May object until"),
        "objected_on": pgettext("field", "Objected on"),
        "night": pgettext("field", "Night"),
        "command_line_of": gettext("Taken in by the command line, system user"),
    }
    if outcome := detail.get("outcome"):
        proposed = "" if detail.get("final", True) else gettext(" (a proposal)")
        details.append(f"{pgettext('field', 'Outcome')}：{Outcome(outcome).label}{proposed}")
    details += [f"{title}：{detail[name]}" for name, title in words.items() if detail.get(name)]
    return HistoryEntry(
        at=step.at,
        actor=step.actor,
        what=str(Action(step.action).label),
        state=str(CaseState(step.to_state).label),
        note=step.note,
        details=details,
    )


def _new_since_reopening(seen: VisibleCase) -> list[str]:
    """What was new when a night last reopened the case."""
    titles = newest_titles()
    return [
        (gettext("%(rule)s: new evidence") if one["new"] == "evidence" else gettext("%(rule)s: a new ground"))
        % {"rule": titles.get(one["rule"], one["rule"])}
        for one in seen.case.reopened_because
    ]


# The milestones of an ordinary case, for the bar at the top; a case may leave some out.
MILESTONES = (
    (CaseState.OPENED, CaseState.REOPENED),
    (CaseState.ASSIGNED,),
    (CaseState.VISITED, CaseState.OBJECTION),
    (CaseState.DECIDED,),
    (CaseState.NOTIFIED,),
    (CaseState.RECTIFIED,),
    (CaseState.CLOSED_BY_COUNTY,),
    (CaseState.CLOSED_BY_PROVINCE,),
)


def _progress(seen: VisibleCase) -> list[tuple[str, str]]:
    """Each milestone with *done*, *here* or *ahead*."""
    state = CaseState(seen.case.state)
    here = next(place for place, states in enumerate(MILESTONES) if state in states)
    since = max((place for place, step in enumerate(seen.steps) if step.to_state == CaseState.REOPENED), default=-1)
    passed = {step.to_state for step in seen.steps[since + 1 :]} | {CaseState.OPENED.value}
    milestones = []
    for place, states in enumerate(MILESTONES):
        shown_state = state if place == here else states[0]
        went = any(one.value in passed for one in states)
        kind = "here" if place == here else "done" if place < here and went else "left" if place < here else "ahead"
        milestones.append((str(shown_state.label), kind))
    return milestones
