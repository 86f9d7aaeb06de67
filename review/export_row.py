"""One flag as one line of the export, in the language that is active."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from review.known_people import KnownPeople
from review.models import CaseState, Direction, Evidence, Flag, Outcome
from review.priority import in_words
from review.registers import register_name, scheme_title
from review.rests_on import rests_on
from schemas.link_reasons import find_reason
from schemas.masks import mask_household_no, mask_id_number, mask_name


@dataclass(frozen=True)
class Titles:
    """Names for codes, as other parts of the project know them; a code without a name is shown as it is.

    ``divisions``: 12-digit code to name. ``rules`` and ``types``: name to ``{"zh": ..., "en": ...}``.
    """

    divisions: Mapping[str, str]
    rules: Mapping[str, Mapping[str, str]]
    types: Mapping[str, Mapping[str, str]]


NO_TITLES = Titles({}, {}, {})


def header() -> list[str]:
    """The titles of the columns, in order."""
    return [
        gettext("Case number"),
        gettext("Division code"),
        gettext("Division"),
        gettext("Household number"),
        gettext("Scheme"),
        gettext("Rule"),
        gettext("Rule title"),
        gettext("Direction"),
        gettext("Severity"),
        gettext("Priority"),
        gettext("Member"),
        gettext("ID number"),
        gettext("Period"),
        gettext("Amount (yuan)"),
        gettext("Reason"),
        gettext("Evidence"),
        gettext("Link"),
        gettext("First night"),
        gettext("Last night"),
        gettext("State"),
        gettext("Decision"),
        gettext("Version"),
        gettext("Rests on"),
    ]


def row(
    flag: Flag,
    newest: date | None,
    lang: str,
    titles: Titles,
    stale: frozenset[str] = frozenset(),
    *,
    masked: bool = True,
) -> list[object]:
    """The values of one flag, masked or not.

    ``flag`` has its case, its evidence and the case's members fetched with it. ``newest`` is the newest published
    night, which found every open flag; ``stale`` are the types it rests on that were stale then.
    """
    case = flag.case
    reason = flag.reason_zh if lang == "zh" else flag.reason_en
    return [
        case.case_no,
        flag.division,
        titles.divisions.get(flag.division, ""),
        mask_household_no(case.household_id) if masked else case.household_id,
        scheme_title(case.scheme),
        flag.rule,
        titles.rules.get(flag.rule, {}).get(lang, ""),
        _label(Direction, flag.direction),
        flag.severity,
        in_words(flag),
        mask_name(flag.member_name) if masked else flag.member_name,
        mask_id_number(flag.member_id_number) if masked else flag.member_id_number,
        flag.period,
        flag.amount,
        _people_of(flag).masked(reason) if masked else reason,
        "; ".join(_evidence(record, lang, titles, stale) for record in flag.evidence.all()),
        link_label(flag.link_reason),
        flag.first_night,
        flag.last_night or newest,
        _state(flag),
        _decision(flag),
        case.version,
        _people_of(flag).masked(_rests_on(flag, lang, titles)) if masked else _rests_on(flag, lang, titles),
    ]


def _rests_on(flag: Flag, lang: str, titles: Titles) -> str:
    """How far its sources were known, and what speaks against it."""
    said = rests_on(flag.basis, lambda name: titles.types.get(name, {}).get(lang, name))
    return "; ".join([*said.sources, *said.contradictions]) if said else ""


def _people_of(flag: Flag) -> KnownPeople:
    """Whom the flag, its records and its household's lines speak of, as the export's query fetched them."""
    records = [(record.type, record.facts) for record in flag.evidence.all()]
    members = [(register_name(flag.case.scheme), member.facts) for member in flag.case.members.all()]
    return KnownPeople.of([*records, *members], (flag.member_name, flag.case.head_name), (flag.member_id_number,))


def link_label(name: str) -> str:
    """A link reason in words; one that is no longer known is shown as it is."""
    reason = find_reason(name)
    if reason is None:
        return name
    return reason.en if get_language() == "en" else reason.zh


def _label(choices: type[Direction | Outcome], value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _evidence(record: Evidence, lang: str, titles: Titles, stale: frozenset[str]) -> str:
    kind = titles.types.get(record.type, {}).get(lang, record.type)
    parts = [kind, str(record.delivery_date or ""), link_label(record.link_reason)]
    if record.type in stale:
        parts.append(gettext("(stale: a newer delivery is late or was refused)"))
    return " ".join(part for part in parts if part)


def _state(flag: Flag) -> str:
    if flag.cleared_night is not None:
        return gettext("cleared by the night of %(night)s") % {"night": flag.cleared_night}
    return str(CaseState(flag.case.state).label)


def _decision(flag: Flag) -> str:
    """The last decision on the case, as the export's query annotated it."""
    outcome: str | None = getattr(flag, "outcome", None)
    decided_at: datetime | None = getattr(flag, "decided_at", None)
    if outcome is None or decided_at is None:
        return ""
    return f"{_label(Outcome, outcome)} {timezone.localtime(decided_at):%Y-%m-%d}"
