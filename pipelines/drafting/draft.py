"""The draft of a contract: what each column most likely is, the key, the people, and what to expect of a delivery."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from pipelines.drafting.code_values import CodesSeen, made_list, seen_of, shared_list_of, shared_lists
from pipelines.drafting.column_looks import Looks, looks_of
from pipelines.drafting.column_names import named, pinyin
from pipelines.drafting.keys import Key, likely_key
from pipelines.drafting.meanings import Held, held_by
from pipelines.drafting.person_names import may_be_a_name
from pipelines.drafting.sample import Sample, SampleColumn
from schemas.column import HEADER_UNITS, Code, Meaning
from schemas.contract import Identity
from schemas.header_forms import form_of
from schemas.header_words import pieces_of
from schemas.nearest_header import Resemblance, resembled
from schemas.spellings import BRACKETS, fold_header, folded

RESEMBLING = 0.5
"""The least share of a file's headers that a contract has for the file to be like its deliveries."""
WELL_FILLED = 0.5
"""Of a person's column: from this share on, the draft expects it to be filled."""
MARGIN = 0.1
"""How much less than in the sample may be filled, or sound, or conform."""
RELATIVES = frozenset({"father", "mother", "spouse", "guardian", "husband", "wife"})
_LIKELY_PARTS = {
    "birth_date": Meaning.DATE,
    "sex": Meaning.CODE,
    "division": Meaning.DIVISION,
    "address": Meaning.ADDRESS,
    "phone": Meaning.PHONE,
}


@dataclass(frozen=True)
class DraftColumn:
    """A column of the draft, and what the sample says of it."""

    sampled: SampleColumn
    held: Held
    looks: Looks
    name: str
    label: str
    by_sound: bool
    agreed: str
    """The header users read: of an amount without its unit, which stands in an alias then."""
    codes: str | Mapping[str, Code] | None = None
    """The name of a shared list, or the codes themselves."""
    seen: CodesSeen | None = None

    @property
    def meaning(self) -> Meaning:
        """What it holds."""
        return self.held.meaning


@dataclass(frozen=True)
class Draft:
    """Everything a contract is made of, still to be looked at by a person."""

    name: str
    department: str
    title_zh: str
    sample: Sample
    columns: tuple[DraftColumn, ...]
    key: Key
    identity: tuple[Identity, ...]
    increments: bool
    """Whether the file is more likely what is new than the whole list."""
    resembles: Sequence[Resemblance] = field(default_factory=tuple)

    def column(self, name: str) -> DraftColumn:
        """The column of that name. Raises StopIteration where there is none."""
        return next(column for column in self.columns if column.name == name)

    @property
    def key_columns(self) -> list[DraftColumn]:
        """Those that tell one row from another."""
        return [column for column in self.columns if column.sampled.place in self.key.places]

    def filled(self, column: DraftColumn) -> float:
        """The share of the rows that have a value, as the sample has it."""
        return column.sampled.filled / self.sample.rows if self.sample.rows else 0.0

    @property
    def expected_filled(self) -> dict[str, float]:
        """By column of a person: the least share of rows that should have a value."""
        parts = {name for one in self.identity for part, name in one.columns().items() if part != "name"}
        named_so = [column for column in self.columns if column.name in parts]
        return {
            column.name: rounded_down(self.filled(column) - MARGIN)
            for column in named_so
            if self.filled(column) >= WELL_FILLED
        }

    @property
    def sound_id_numbers(self) -> float:
        """The least share of the people's ID numbers that should be sound."""
        numbers = [self.column(one.id_number) for one in self.identity]
        shares = [column.looks.sound_id_numbers for column in numbers if column.looks.values]
        return max(0.0, rounded_down(min(shares) - MARGIN)) if shares else 0.0


def rounded_down(share: float) -> float:
    """To the next twentieth."""
    return max(0.0, math.floor(share * 20 + 1e-9) / 20)


def draft_of(
    connection: duckdb.DuckDBPyConnection, sample: Sample, *, name: str | None, department: str | None
) -> Draft:
    """The draft for a sample. Without a name and a department: what the file's name and its likest type suggest."""
    resembles = resembled(sample.header)
    likest = resembles[0] if resembles and resembles[0].known >= RESEMBLING * resembles[0].of else None
    looks = looks_of(connection, sample)
    columns: list[DraftColumn] = []
    for column in sample.columns:
        held = held_by(column, looks[column.place], likest.contract if likest else None)
        others = {fold_header(one.agreed) for one in columns} | set(map(fold_header, sample.header))
        agreed = _agreed(column.header, held, others)
        columns.append(_column(column, held, looks[column.place], agreed, {one.name for one in columns}))
    title = _title_of(sample)
    rows = sample.rows
    key = likely_key(connection, [(column.sampled, column.meaning) for column in columns], rows)
    return Draft(
        name=name or pinyin(title)[:60] or "new_type",
        department=department or (likest.contract.department if likest else "civil_affairs"),
        title_zh=title or name or "新类型",
        sample=sample,
        columns=tuple(columns),
        key=key,
        identity=tuple(_people(columns)),
        increments=_looks_like_increments(columns, key),
        resembles=resembles,
    )


def _agreed(header: str, held: Held, others: set[str]) -> str:
    """The header without the star or number before it, of an amount without its unit, unless another is headed so."""
    plain, form = fold_header(header), form_of(header)
    if held.meaning is not Meaning.AMOUNT or not plain.endswith(tuple(HEADER_UNITS)):
        is_plain = form.unit is None and form.bare and form.bare not in others
        return form.bare if is_plain and form.bare != plain.translate(BRACKETS) else header
    bare, _, unit = plain[:-1].rpartition("(")
    agreed = bare or unit
    while agreed in others:
        agreed += unit
    return agreed


def _column(column: SampleColumn, held: Held, looks: Looks, agreed: str, taken: set[str]) -> DraftColumn:
    codes: str | Mapping[str, Code] | None = None
    seen: CodesSeen | None = None
    if held.meaning is Meaning.CODE:
        shared = shared_list_of(column, held.known)
        codes = shared or (held.known.codes if held.known else made_list(column))
        entries = shared_lists()[codes] if isinstance(codes, str) else codes
        seen = seen_of(column, spellings_of(entries))
        if not entries:
            held = Held(Meaning.TEXT, doubt="a code list, it seems, but none of its values is common enough to be told")
            codes = None
    name, label, by_sound = named(agreed, held.meaning, held.known, taken)
    return DraftColumn(column, held, looks, name, label, by_sound, agreed, codes, seen)


def spellings_of(codes: Mapping[str, Code]) -> dict[str, str]:
    """The code of each spelling, folded."""
    return {folded(word): code for code, entry in codes.items() for word in entry.spellings(code)}


def _people(columns: Sequence[DraftColumn]) -> list[Identity]:
    """Whom a row speaks of: an ID number and the name that goes with it, by the words before them, or by place."""
    numbers = [column for column in columns if column.meaning is Meaning.ID_NUMBER]
    own = [column for column in numbers if not _who(column) & RELATIVES]
    names = [column for column in columns if column.meaning is Meaning.PERSON_NAME and not _is_former(column)]
    names = [column for column in names if not (own and _who(column) & RELATIVES)]
    relatives = [column for column in numbers if own and column not in own]
    found: list[Identity] = []
    used: set[str] = set()
    # Where there is nobody whose relatives they would be, as in a marriage, the rows are about them.
    for number in own or numbers:
        free = [column for column in names if column.name not in used]
        if not free:
            continue
        name = min(free, key=lambda one: (_who(one) != _who(number), abs(one.sampled.place - number.sampled.place)))
        used.add(name.name)
        role = "_".join(sorted(_who(number) or _who(name))) or "self"
        parts = _other_parts(columns, number, used) if not found else {}
        found.append(
            Identity(
                role=role if role not in {one.role for one in found} else f"{role}_{len(found) + 1}",
                id_number=number.name,
                name=name.name,
                relatives=tuple(one.name for one in relatives) if not found else (),
                **parts,
            )
        )
    return found


def _other_parts(columns: Sequence[DraftColumn], number: DraftColumn, used: set[str]) -> dict[str, str]:
    """The other columns of the first person; of those that say whose they are, only that person's."""
    parts: dict[str, str] = {}
    for part, meaning in _LIKELY_PARTS.items():
        for column in columns:
            own = not _who(column) or _who(column) <= _who(number)
            if part not in parts and column.meaning is meaning and own and _is_part(column, part):
                parts[part] = column.name
                used.add(column.name)
    former = [column.name for column in columns if _is_former(column)]
    return parts | ({"former_name": former[0]} if former else {})


def _is_part(column: DraftColumn, part: str) -> bool:
    if part in ("birth_date", "sex"):
        return column.name == part or _end(column) == part
    return True


def _is_former(column: DraftColumn) -> bool:
    return column.meaning is Meaning.PERSON_NAME and _end(column) == "former_name"


def _end(column: DraftColumn) -> str | None:
    pieces = pieces_of(column.sampled.header)
    last = pieces[-1].word if pieces else None
    return last.en if last else None


def _who(column: DraftColumn) -> frozenset[str]:
    """The words before the last that say whose the column is: owner, buyer."""
    pieces = pieces_of(column.sampled.header)
    some = pieces if len(pieces) == 1 else pieces[:-1]
    words = {piece.word.en for piece in some if piece.word and not piece.word.meaning}
    return frozenset(words & _PEOPLE)


_PEOPLE = RELATIVES | {
    *("head", "member", "owner", "buyer", "seller", "tenant", "lessor", "operator", "representative", "shareholder"),
    *("taxpayer", "insured", "contributor", "recipient", "applicant", "deceased", "student", "patient", "elder"),
    *("employee", "borrower", "holder", "farmer"),
}


def _looks_like_increments(columns: Sequence[DraftColumn], key: Key) -> bool:
    """Payments of a month, or events under a running number, rather than a list of what there is."""
    months = [column for column in columns if column.meaning is Meaning.MONTH and column.looks.values]
    in_key = {column.meaning for column in columns if column.sampled.place in key.places}
    return bool(months) and (Meaning.MONTH in in_key or any(column.looks.values <= 2 for column in months))


def _title_of(sample: Sample) -> str:
    """The Chinese words of the file's name, unless they may be somebody's name."""
    words = re.findall(r"[\u4e00-\u9fff]+", sample.path.name.partition(".")[0])
    title = "".join(words)
    return "" if may_be_a_name(title) or any(map(may_be_a_name, words)) else title
