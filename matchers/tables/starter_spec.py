"""A spec to begin with, guessed from the columns that two tables share and from what stands in them."""

from __future__ import annotations

import duckdb
import yaml

from matchers.tables.sources import Source, TableError, columns_of, quoted, relation_of
from matchers.weights.field_kinds import Kind
from matchers.weights.spec import BIRTH_NAMES, SEX_NAMES

LOOKED_AT = 2000
"""Rows from which a column's kind is guessed."""
MOSTLY = 0.8
"""The share of values that must look like a kind."""
_LOOKS: tuple[tuple[Kind, str], ...] = (
    (Kind.ID_NUMBER, "regexp_full_match(v, '[0-9]{15}|[0-9]{17}[0-9Xx]')"),
    (Kind.DATE, "regexp_matches(v, '^(19|20)[0-9]{2}[-/.年]?[0-9]{1,2}[-/.月]?[0-9]{1,2}')"),
    (Kind.PHONE, "regexp_full_match(v, '(\\+?86)?1[3-9][0-9]{9}')"),
    (Kind.DIVISION, "regexp_full_match(v, '[1-9][0-9]{5}([0-9]{3}|[0-9]{6})?([.]0)?')"),
    (Kind.HAN_NAME, "regexp_full_match(v, '[\\p{Han}·*○]{2,8}')"),
    (Kind.ADDRESS, "regexp_matches(v, '\\p{Han}{2,}.*[0-9０-９]|[省市县区镇乡村路街]')"),
    (Kind.NUMBER, "regexp_full_match(v, '[-+]?[$¥￥]?[0-9,.]+')"),
    (
        Kind.LATIN_NAME,
        "regexp_full_match(v, '[\\p{Latin}.'' -]{1,30}') AND length(v) - length(replace(v, ' ', '')) <= 2",
    ),
)
_BLOCKING = {
    Kind.HAN_NAME: "pinyin",
    Kind.LATIN_NAME: "soundex",
    Kind.TEXT: "head",
    Kind.ADDRESS: "door",
    Kind.ID_NUMBER: "head",
}


def starter_spec(con: duckdb.DuckDBPyConnection, left: Source, right: Source | None) -> str:
    """YAML of a spec for two tables, or for one to be deduplicated. Raises TableError where they share no column."""
    one = columns_of(con, relation_of(con, left), left)
    other = one if right is None else columns_of(con, relation_of(con, right), right)
    shared = [name for name in one if name in other]
    ids = [name for name in shared if _unique(con, left, name) and (right is None or _unique(con, right, name))]
    kinds = {name: _kind(con, left, name) for name in shared if name not in ids[:1]}
    fields = {_field(name): (name, kind) for name, kind in kinds.items() if kind is not None}
    if not fields:
        raise TableError(
            f"{left}: shares no column with {right}; no spec was made. Give columns that mean the same the same name,"
            " or write the spec by hand (docs/linking.md)."
        )
    numbers = [field for field, (_, kind) in fields.items() if kind is Kind.ID_NUMBER]
    declared = {}
    for field, (name, kind) in fields.items():
        declared[field] = {"kind": str(kind)} | ({} if field == name else {"left": name, "right": name})
        if numbers and kind is Kind.DATE and field in BIRTH_NAMES:
            declared[field]["from_number"] = numbers[0]
    spec = {
        **({"id": ids[0]} if ids else {"left_id": "FILL_IN", "right_id": "FILL_IN"}),
        "task": "link" if right is not None else "dedupe",
        **({"cardinality": "one_to_one"} if right is not None else {}),
        "fields": declared,
        "blocking": _rules({field: kind for field, (_, kind) in fields.items()}),
        "comparisons": [
            {"field": field} | ({"term_frequency": True} if kind in _FREQUENT else {})
            for field, (_, kind) in fields.items()
        ],
        "thresholds": {"match": 0.95, "possible": 0.5, "margin": 3},
    }
    head = (
        "# A guess from the columns and what stands in them. docs/linking.md explains each key; look at every line.\n"
    )
    return head + yaml.safe_dump(spec, allow_unicode=True, sort_keys=False, default_flow_style=None, width=118)


_FREQUENT = frozenset({Kind.HAN_NAME, Kind.LATIN_NAME})


def _rules(kinds: dict[str, Kind]) -> list[list[str]]:
    """Blocking by each telling field, a name together with something that narrows it."""
    keyed = {field: f"{field}.{_BLOCKING[kind]}" if kind in _BLOCKING else field for field, kind in kinds.items()}
    names = [keyed[field] for field, kind in kinds.items() if kind in {Kind.HAN_NAME, Kind.LATIN_NAME}]
    narrow = [keyed[field] for field, kind in kinds.items() if kind in {Kind.DATE, Kind.DIVISION, Kind.PHONE}]
    alone = [keyed[field] for field, kind in kinds.items() if kind in {Kind.ID_NUMBER, Kind.PHONE, Kind.TEXT}]
    pairs = [[name, other] for name in names for other in narrow] or [[name] for name in names]
    return [*([one] for one in alone), *pairs] or [[next(iter(keyed.values()))]]


def _field(name: str) -> str:
    """A column's name as a field's: lower-case letters, digits and _."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name.lower()).strip("_")
    return plain if plain and plain[0].isalpha() else "field_" + "".join(f"{ord(letter):x}" for letter in name)


def _unique(con: duckdb.DuckDBPyConnection, source: Source, column: str) -> bool:
    rows, present, different = con.execute(
        f"SELECT count(*), count({quoted(column)}), count(DISTINCT {quoted(column)}) FROM {relation_of(con, source)}"
    ).fetchall()[0]
    return bool(rows == present == different and "id" in column.lower())


def _kind(con: duckdb.DuckDBPyConnection, source: Source, column: str) -> Kind | None:
    """The kind that most of a column's first values look like; none where it is empty."""
    looks = ", ".join(f"avg(({sql})::INTEGER)" for _, sql in _LOOKS)
    found = con.execute(
        f"SELECT count(*), avg(length(v)), {looks} FROM (SELECT trim({quoted(column)}::VARCHAR) AS v"
        f" FROM {relation_of(con, source)} WHERE nullif(trim({quoted(column)}::VARCHAR), '') IS NOT NULL"
        f" LIMIT {LOOKED_AT})"
    ).fetchall()[0]
    if not found[0]:
        return None
    if column.lower() in SEX_NAMES or found[1] <= 2:
        return Kind.CODE
    for (kind, _), share in zip(_LOOKS, found[2:], strict=True):
        if share >= MOSTLY:
            return kind
    return Kind.TEXT
