"""Read one case as its readers may: masked at the query's edge, unmasked only with a reason that is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext

from review.accounts.models import Account
from review.audit import chain
from review.case_life.acting import actions_for
from review.case_life.records import CaseStep, Proposal
from review.case_life.refusals import IncompleteError, NoSuchCaseError, NotAllowedError
from review.case_life.table import Action
from review.known_people import NOBODY, KnownPeople
from review.masked_notes import mask_note
from review.masked_records import mask_facts, mask_key
from review.members import Member
from review.models import Case, Decision, Evidence, Flag
from review.registers import register_name
from review.written_text import is_reason
from schemas.masks import mask_id_number, mask_name


@dataclass(frozen=True)
class VisibleEvidence:
    """One record behind a flag, as it may be seen. ``equal``: whether a value of it is the member's number or name;
    told from the whole values, for masked ones that look alike may differ.
    """

    key: int
    type: str
    role: str
    row_key: str
    delivery_id: str
    delivery_date: date | None
    row_number: int | None
    row_hash: str
    link_reason: str
    facts: dict[str, Any]
    equal: dict[str, bool]


@dataclass(frozen=True)
class VisibleFlag:
    """One flag as it may be seen. ``new`` says that no decision on the case has seen its evidence as it is now."""

    flag_id: str
    rule: str
    rule_version: str
    policy_version: str
    direction: str
    severity: int
    confidence: Decimal
    priority: Decimal
    member_id: str
    member_name: str
    member_id_number: str
    period: str
    amount: Decimal | None
    reason_zh: str
    reason_en: str
    link_reason: str
    first_night: date
    cleared_night: date | None
    new: bool
    basis: str
    """What it rests on (JSON, see ``rules.run.FLAGS``), with the people masked as elsewhere."""
    evidence: tuple[VisibleEvidence, ...]


@dataclass(frozen=True)
class VisibleCase:
    """One case, all of it, as one account may see it now. ``case`` itself stays whole: show its other columns only.

    ``members``: what the register says of each of the household, by its number there.
    """

    case: Case
    head_name: str
    masked: bool
    members: Mapping[str, Mapping[str, Any]]
    flags: tuple[VisibleFlag, ...]
    decisions: Sequence[Decision]
    proposals: Sequence[Proposal]
    steps: Sequence[CaseStep]
    actions: Sequence[Action]


def read_case(account: Account, case_no: str, *, unmasked_because: str | None = None) -> VisibleCase:
    """The case with its flags, evidence, decisions, proposals, history and what the account may do with it now.

    Masked, unless a role that may see more gives a reason, which the audit log keeps. Raises NoSuchCaseError,
    NotAllowedError, IncompleteError (the reason is blank).
    """
    with transaction.atomic():
        case = Case.objects.visible_to(account).filter(case_no=case_no).first()
        if case is None:
            raise NoSuchCaseError
        masked = unmasked_because is None
        if unmasked_because is not None:
            _note(account, case, unmasked_because)
        return _seen(account, case, masked=masked)


def people_of(account: Account, case_nos: Iterable[str]) -> KnownPeople:
    """Everybody whom the cases of these numbers know, of those the account may read."""
    wanted = set(case_nos)
    flags = Flag.objects.visible_to(account).filter(case__case_no__in=wanted).select_related("case")
    evidence = Evidence.objects.visible_to(account).filter(flag__case__case_no__in=wanted)
    members = Member.objects.visible_to(account).filter(case__case_no__in=wanted).select_related("case")
    records = list(evidence.values_list("type", "facts"))
    records += [(register_name(one.case.scheme), one.facts) for one in members]
    names = {name for flag in flags for name in (flag.member_name, flag.case.head_name)}
    return KnownPeople.of(records, names, {flag.member_id_number for flag in flags})


def _note(account: Account, case: Case, because: str) -> None:
    if not account.may_unmask:
        raise NotAllowedError(gettext("Your role sees personal data masked."))
    if not is_reason(because):
        raise IncompleteError({"unmasked_because": gettext("Say why the data must be unmasked.")})
    detail = {"case_no": case.case_no, "because": because.strip()}
    chain.append(chain.Line(account.username, "case.unmasked", detail, case.division))


def _seen(account: Account, case: Case, *, masked: bool) -> VisibleCase:
    decisions = list(Decision.objects.visible_to(account).filter(case=case).order_by("-decided_at", "-pk"))
    evidence = Evidence.objects.visible_to(account).order_by("position")
    flags = Flag.objects.visible_to(account).filter(case=case).prefetch_related(Prefetch("evidence", evidence))
    ordered = sorted(flags, key=lambda flag: (flag.cleared_night is not None, -flag.severity, flag.rule, flag.flag_id))
    seen = [decision.evidence_seen for decision in decisions]
    proposals = list(Proposal.objects.visible_to(account).filter(case=case).order_by("-proposed_at"))
    steps = list(CaseStep.objects.visible_to(account).filter(case=case).order_by("version"))
    members = {one.member_id: one.facts for one in Member.objects.visible_to(account).filter(case=case)}
    known = NOBODY
    if masked:
        known = _people_of(case, ordered, members)
        _mask_written([*decisions, *proposals, *steps], known, may_unmask=account.may_unmask)
        register = register_name(case.scheme)
        members = {key: mask_facts(register, facts, known) for key, facts in members.items()}
    return VisibleCase(
        case=case,
        head_name=mask_name(case.head_name) if masked else case.head_name,
        masked=masked,
        members=dict(sorted(members.items())),
        flags=tuple(_flag(flag, seen, known, masked=masked) for flag in ordered),
        decisions=decisions,
        proposals=proposals,
        steps=steps,
        actions=actions_for(account, case),
    )


def _people_of(case: Case, flags: Sequence[Flag], members: Mapping[str, Mapping[str, Any]]) -> KnownPeople:
    records = [(record.type, record.facts) for flag in flags for record in flag.evidence.all()]
    records += [(register_name(case.scheme), facts) for facts in members.values()]
    names = [case.head_name, *(flag.member_name for flag in flags)]
    return KnownPeople.of(records, names, (flag.member_id_number for flag in flags))


def _mask_written(written: Sequence[Decision | Proposal | CaseStep], known: KnownPeople, *, may_unmask: bool) -> None:
    """What people typed, masked in place; nobody saves what was read here."""
    for told in written:
        told.note = mask_note(told.note, known, may_unmask=may_unmask)
        if not isinstance(told, CaseStep):
            told.investigator = known.masked(told.investigator)
            told.second_investigator = known.masked(told.second_investigator)


def _flag(flag: Flag, seen: Sequence[dict[str, str]], known: KnownPeople, *, masked: bool) -> VisibleFlag:
    def told(sentence: str) -> str:
        return known.masked(sentence) if masked else sentence

    return VisibleFlag(
        flag_id=flag.flag_id,
        rule=flag.rule,
        rule_version=flag.rule_version,
        policy_version=flag.policy_version,
        direction=flag.direction,
        severity=flag.severity,
        confidence=flag.confidence,
        priority=flag.priority,
        member_id=flag.member_id,
        member_name=mask_name(flag.member_name) if masked else flag.member_name,
        member_id_number=mask_id_number(flag.member_id_number) if masked else flag.member_id_number,
        period=flag.period,
        amount=flag.amount,
        reason_zh=told(flag.reason_zh),
        reason_en=told(flag.reason_en),
        link_reason=flag.link_reason,
        basis=told(flag.basis),
        first_night=flag.first_night,
        cleared_night=flag.cleared_night,
        new=flag.cleared_night is None and not any(one.get(flag.flag_id) == flag.evidence_hash for one in seen),
        evidence=tuple(
            VisibleEvidence(
                key=record.pk,
                type=record.type,
                role=record.role,
                row_key=mask_key(record.type, record.row_key, known) if masked else record.row_key,
                delivery_id=record.delivery_id,
                delivery_date=record.delivery_date,
                row_number=record.row_number,
                row_hash=record.row_hash,
                link_reason=record.link_reason,
                facts=mask_facts(record.type, record.facts, known) if masked else record.facts,
                equal={
                    column: value in {flag.member_id_number, flag.member_name}
                    for column, value in record.facts.items()
                    if isinstance(value, str)
                },
            )
            for record in flag.evidence.all()
        ),
    )
