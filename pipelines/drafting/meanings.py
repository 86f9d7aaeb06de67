"""What each column of a sample holds: told by its header where its values agree, else by its values."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.drafting.column_looks import Looks
from pipelines.drafting.sample import SampleColumn
from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.header_words import Word, end_of, pieces_of
from schemas.nearest_header import known_headers
from schemas.spellings import fold_header

ENOUGH = 0.6
"""The least share of the values that can be read as what the header says, for the header to be believed."""
CLEAR = 0.9
"""The least share of the values for them to speak for themselves."""
MOST_CODES, LEAST_REPEATS = 40, 5.0
"""Different values a code list may have, and how often each comes on average."""
LONGEST_CODE = 20


@dataclass(frozen=True)
class Held:
    """What a column holds, and why it is thought so."""

    meaning: Meaning
    unit: str | None = None
    known: Column | None = None
    """The column of a contract that has the header: its name, label and code list can be taken over."""
    doubt: str | None = None
    """What the values say against the header; a comment of the draft."""


def held_by(column: SampleColumn, looks: Looks, resembling: Contract | None) -> Held:
    """What the column holds. ``resembling``: the contract whose headers the file has most of, asked first."""
    known, end = known_column(column.header, resembling), end_of(column.header)
    said = known.meaning if known else end.meaning if end else None
    if said is None:
        said = Meaning.CODE if _is_question(column.header) else None
    seen = seen_in(looks)
    if said is None:
        meaning = seen or _text_or_code(looks)
        return Held(meaning, _unit(meaning, None))
    its_known = known if known and known.meaning is said else None
    share = share_of(said, looks)
    if share is None or share >= ENOUGH or not looks.values:
        if end and end.vague and not known and seen and seen is not said:
            said = seen
        if said is Meaning.CODE and not known and not _is_code_list(looks):
            return Held(Meaning.TEXT)
        return Held(said, _unit(said, its_known or end), its_known)
    meaning = seen or _text_or_code(looks)
    doubt = f"the header says {said}, and {share:.0%} of the different values can be read as one"
    return Held(meaning, _unit(meaning, None), doubt=doubt)


def known_column(header: str, resembling: Contract | None = None) -> Column | None:
    """The column that a contract heads so: the resembling one's, else what most contracts take it for."""
    found = known_headers().get(fold_header(header), ())
    for contract, column in found:
        if resembling and contract.name == resembling.name:
            return column
    names = [column.name for _, column in found]
    return max((column for _, column in found), key=lambda column: names.count(column.name), default=None)


def seen_in(looks: Looks) -> Meaning | None:
    """What the values say by themselves; None where they may be several things."""
    readable = looks.readable
    if looks.sound_id_numbers >= ENOUGH and looks.id_numbers >= CLEAR:
        return Meaning.ID_NUMBER
    if looks.usccs >= CLEAR:
        return Meaning.ORGANISATION_CODE
    if looks.phones >= CLEAR and looks.length >= 10:
        return Meaning.PHONE
    if looks.plates >= CLEAR:
        return Meaning.SERIAL
    if looks.divisions >= CLEAR:
        return Meaning.DIVISION
    if readable.get(Meaning.DATE, 0) >= CLEAR and looks.length >= 8:
        return Meaning.DATE
    if readable.get(Meaning.MONTH, 0) >= CLEAR and looks.length >= 6:
        return Meaning.MONTH
    if looks.addresses >= CLEAR:
        return Meaning.ADDRESS
    if looks.names >= CLEAR and looks.length <= 3.5 and not _is_code_list(looks):
        return Meaning.PERSON_NAME
    if readable.get(Meaning.AMOUNT, 0) >= CLEAR and looks.with_decimals >= 0.1:
        return Meaning.AMOUNT
    return None


def _text_or_code(looks: Looks) -> Meaning:
    if _is_code_list(looks):
        return Meaning.CODE
    if looks.readable.get(Meaning.COUNT, 0) >= CLEAR and looks.length <= 5:
        return Meaning.COUNT
    return Meaning.SERIAL if looks.serials >= CLEAR else Meaning.TEXT


def _is_code_list(looks: Looks) -> bool:
    few = 0 < looks.values <= MOST_CODES and looks.repeats >= min(LEAST_REPEATS, 1 + looks.values)
    return few and looks.length <= LONGEST_CODE


def share_of(meaning: Meaning, looks: Looks) -> float | None:
    """Which share of the values can be what the header says; None where any text can."""
    shares: Mapping[Meaning, float] = looks.readable
    match meaning:
        case Meaning.DATE | Meaning.MONTH | Meaning.AMOUNT | Meaning.COUNT | Meaning.DIVISION:
            return shares.get(meaning, 0)
        case Meaning.QUANTITY:
            return shares.get(Meaning.AMOUNT, 0)
        case Meaning.ID_NUMBER:
            return looks.id_numbers
        case Meaning.PHONE:
            return looks.phones
        case _:
            return None


def _unit(meaning: Meaning, told: Column | Word | None) -> str | None:
    if meaning is Meaning.AMOUNT:
        return (told.unit if told else None) or "yuan"
    if meaning is Meaning.QUANTITY:
        return (told.unit if told else None) or "percent"
    return None


def _is_question(header: str) -> bool:
    first = next(iter(pieces_of(header)), None)
    return bool(first and first.word and first.word.en == "is") or header.endswith("否")
