"""A draft as YAML that loads at once, with what a person should look at beside it as comments."""

import json
from collections.abc import Iterable, Iterator, Mapping

from pipelines.drafting.column_names import READ_OTHERWISE
from pipelines.drafting.draft import Draft, DraftColumn
from schemas.column import Code, Meaning

LEAST_QUARANTINED = 0.05
MOST_VALUES_TOLD = 12


def as_yaml(draft: Draft) -> str:
    """The contract's text. No cell of the sample stands in it but the common values of code lists."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    rows, whole = draft.sample.rows, draft.sample.whole
    looked = f"all {rows:,} rows" if whole else f"the first {rows:,} rows"
    yield f"# A draft, made by `hedui infer` from {looked} of a sample. Look at each line that has a comment."
    for one in draft.resembles[:3]:
        yield f"# {one.known} of its {one.of} headers are those of {one.contract.name} ({one.contract.title.zh})."
    yield f"name: {draft.name}"
    yield f"department: {draft.department}  # who delivers it?"
    yield f"title: {{zh: {_text(draft.title_zh)}, en: {_text(draft.name.replace('_', ' ').capitalize())}}}  # translate"
    yield "owner: {office: 待填写, note: ask}  # which office answers for it? never a person"
    yield "retention_days: 400  # how long are superseded rows to be kept?"
    yield f"province_rows: {max(1, rows)}  # how many rows does the whole province deliver?"
    yield from _delivery(draft)
    names = ", ".join(column.name for column in draft.key_columns)
    sharing = draft.key.sharing
    yield f"key: [{names}]  # " + (
        f"{sharing:,} rows of the sample share theirs with another: which columns tell a row from all others?"
        if sharing
        else "no two rows of the sample share it; is that always so?"
    )
    yield ""
    yield from _identity(draft)
    yield "columns:"
    for column in draft.columns:
        yield from _column(draft, column)
    for header in draft.sample.repeated:
        told = " ".join(header.split())
        yield f"  # The file has another column headed {told}: ask for headers that differ, then add it."
    yield ""
    yield from _expectations(draft)


def _delivery(draft: Draft) -> Iterator[str]:
    yield "# Ask the department: is each file the whole list (full), or only what is new since the last (increment)?"
    yield "# And how often does it come: daily, weekly, monthly or termly (late after 2, 9, 40 or 200 days)?"
    kind = "increment" if draft.increments else "full"
    yield f"delivery: {{kind: {kind}, cadence: monthly, late_after_days: 40}}"


def _identity(draft: Draft) -> Iterator[str]:
    if not draft.identity:
        yield "# No column holds both an ID number and its holder's name, so no row is linked to anybody."
        return
    yield "identity:  # whom does a row speak of?"
    for one in draft.identity:
        parts = {key: value for key, value in one.model_dump().items() if value}
        parts["relatives"] = f"[{', '.join(one.relatives)}]" if one.relatives else None
        listed = ", ".join(f"{key}: {value}" for key, value in parts.items() if value)
        yield f"  - {{{listed}}}"
    yield ""


def _column(draft: Draft, column: DraftColumn) -> Iterator[str]:
    required = column in draft.key_columns or (
        column.name in {one.name for one in draft.identity} and column.sampled.filled == draft.sample.rows
    )
    parts: dict[str, str] = {
        "name": column.name,
        "header": _text(column.agreed),
        "en": _text(column.label),
        "meaning": column.meaning.value,
    }
    if column.agreed != column.sampled.header:
        parts["aliases"] = f"[{_text(column.sampled.header)}]"
    if column.held.unit:
        parts["unit"] = column.held.unit
    if required:
        parts["required"] = "true"
    if isinstance(column.codes, str):
        parts["codes"] = column.codes
    elif column.codes:
        yield from _block(column, parts, column.codes, _remarks(draft, column))
        return
    listed = ", ".join(f"{key}: {value}" for key, value in parts.items())
    yield f"  - {{{listed}}}  # {'; '.join(_remarks(draft, column))}"


def _block(
    column: DraftColumn, parts: Mapping[str, str], codes: Mapping[str, Code], remarks: Iterable[str]
) -> Iterator[str]:
    for place, (key, value) in enumerate(parts.items()):
        yield f"  {' ' if place else '-'} {key}: {value}" + (f"  # {'; '.join(remarks)}" if place == 0 else "")
    yield "    codes:"
    for code, entry in codes.items():
        also = f", also: [{', '.join(map(_text, entry.also))}]" if entry.also else ""
        seen = column.seen.falling.get(code, {}) if column.seen else {}
        rows = f"  # {sum(seen.values()):,} rows" if seen else ""
        yield f"      {_text(code)}: {{zh: {_text(entry.zh)}, en: {_text(entry.en)}{also}}}{rows}"


def _remarks(draft: Draft, column: DraftColumn) -> list[str]:
    remarks = [f"{draft.filled(column):.0%} filled"]
    if column.by_sound:
        remarks.append("translate its name")
    if column.meaning is Meaning.ID_NUMBER and column.looks.values:
        remarks.append(f"{column.looks.sound_id_numbers:.0%} sound")
    if column.held.doubt:
        remarks.append(column.held.doubt)
    if column.meaning is Meaning.QUANTITY:
        remarks.append("which unit?")
    if column.meaning in (Meaning.DATE, Meaning.MONTH) and any(word in column.sampled.header for word in "止至"):
        remarks.append("open_ended: true, if 长期 may stand there")
    if seen := column.seen:
        if seen.unlisted:
            told = list(seen.unlisted.items())[:MOST_VALUES_TOLD]
            remarks.append("in no list: " + ", ".join(f"{value} ({rows:,} rows)" for value, rows in told))
        if seen.untold:
            remarks.append(f"{seen.untold:,} rare values in {seen.untold_rows:,} rows are not told here: add them")
    return [" ".join(remark.split()) for remark in remarks]


def _expectations(draft: Draft) -> Iterator[str]:
    rows = draft.sample.rows
    least = 1 if draft.increments else max(1, rows // 2)
    yield "expectations:  # what must a delivery look like to replace the last good one?"
    yield f"  rows: {{min: {least}}}  # the sample has {rows:,}{'' if draft.sample.whole else ' and more'}"
    if not draft.increments:
        yield "  rows_against_last: {min: 0.7, max: 1.5}"
    yield f"  quarantined: {LEAST_QUARANTINED}  # the largest share of rows that may be set apart"
    if filled := draft.expected_filled:
        listed = ", ".join(f"{name}: {share:g}" for name, share in filled.items())
        yield f"  filled: {{{listed}}}  # a tenth less than in the sample"
    if sound := draft.sound_id_numbers:
        yield f"  sound_id_numbers: {sound:g}"


def _text(value: str) -> str:
    """As YAML reads it back, quoted where it would be something else."""
    plain = all(sign.isalnum() or sign in "_ " for sign in value) and value == value.strip()
    if plain and not value.isascii():
        return value
    if plain and value.replace("_", "a").replace(" ", "a").isalpha() and value.lower() not in READ_OTHERWISE:
        return value
    return json.dumps(value, ensure_ascii=False)
