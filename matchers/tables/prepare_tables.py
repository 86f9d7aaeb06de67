"""Rows prepared: a number, and a STRUCT of keys for each field; only the rows and the keys that a step needs.

Keys are what costs. So rows that numbers settle are prepared for that alone; the rest for the keys of the blocking
rules; and every key of a comparison is made only for the rows of the pairs that are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import duckdb

from matchers.identity.name_book import add_names
from matchers.tables.read_tables import read_table
from matchers.tables.sources import Source
from matchers.weights.field_kinds import FORMER, KINDS, RARITY, Kind
from matchers.weights.spec import FieldSpec, LinkageSpec

Wanted = Mapping[str, frozenset[str]]
"""The keys that are needed of each field; fields that are not named are left out."""
_READ = re.compile(r"\b[lr]\.([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")


def prepare(con: duckdb.DuckDBPyConnection, source: Source, spec: LinkageSpec, side: str) -> str:
    """Read a table and make `prepared_<side>` with every row and every key; returns its name."""
    read_table(con, source, spec, side)
    prepare_rows(con, spec, side, f"prepared_{side}")
    return f"prepared_{side}"


def every_key(spec: LinkageSpec) -> Wanted:
    """All keys of all fields."""
    former = {name + FORMER: frozenset(KINDS[one.kind].keys) for name, one in spec.fields.items() if one.former}
    return {name: frozenset(KINDS[one.kind].keys) for name, one in spec.fields.items()} | former


def keys_read(spec: LinkageSpec, conditions: Iterable[str]) -> Wanted:
    """The keys that SQL reads of the aliases `l` and `r`, and of each of these fields whether there is a value."""
    found: dict[str, set[str]] = {}
    for sql in conditions:
        for name, key in _READ.findall(sql):
            found.setdefault(name, set()).add(key)
    return together(spec, found)


def together(spec: LinkageSpec, *wanted: Mapping[str, Iterable[str]]) -> Wanted:
    """What any of these want."""
    found: dict[str, set[str]] = {}
    for one in wanted:
        for name, keys in one.items():
            kind = KINDS[_declared(spec, name).kind]
            found.setdefault(name, {kind.present}).update(key for key in keys if key in kind.keys)
            if name.endswith(RARITY) and name not in spec.fields:
                found.setdefault(name.removesuffix(RARITY), {kind.present}).add("words")
    return {name: frozenset(keys) for name, keys in found.items()}


def _declared(spec: LinkageSpec, name: str) -> FieldSpec:
    for ending in (FORMER, RARITY):
        if name not in spec.fields:
            name = name.removesuffix(ending)
    return spec.fields[name]


def prepare_rows(
    con: duckdb.DuckDBPyConnection,
    spec: LinkageSpec,
    side: str,
    table: str,
    *,
    rows: str | None = None,
    wanted: Wanted | None = None,
) -> None:
    """Make `table` (`row`, the fields) of `raw_<side>`: of the rows that the query `rows` gives, or all.

    The words of fields whose rarity is wanted must be counted before (`count_words`).
    """
    wanted = every_key(spec) if wanted is None else wanted
    where = f"WHERE row IN ({rows})" if rows is not None else ""
    con.execute(f"CREATE OR REPLACE TEMP TABLE asked_row AS FROM raw_{side} {where}")
    fields = [name for name in wanted if name in spec.fields or name.endswith(FORMER)]
    cleaned = {name: _declared(spec, name) for name in fields}
    for name in fields:
        if wanted[name] and cleaned[name].from_number is not None:
            cleaned[str(cleaned[name].from_number)] = spec.fields[str(cleaned[name].from_number)]
    if Kind.ID_NUMBER in {one.kind for one in cleaned.values()} and spec.birth_date is not None:
        cleaned[spec.birth_date] = spec.fields[spec.birth_date]
    packed, joins, told = [], [], []
    for name in fields:
        one = cleaned[name]
        keys = {key: KINDS[one.kind].keys[key] for key in sorted(wanted[name])}
        if one.kind is Kind.ID_NUMBER and "other_birth" in keys and spec.birth_date is not None:
            keys["other_birth"] = _other_birth(spec.birth_date)
        packed.append(_packed(con, one, name, keys))
        if one.from_number is not None:
            told.append(f"coalesce(c.{name}, {_told(one)}) AS told_{name}")
    for name, one in cleaned.items():
        joins += _joins(one, name, side)
    # A step a query: what is made of a value is named once, and read by name from then on.
    plain = [f"{_over('x', name, KINDS[one.kind].plain)} AS {name}" for name, one in cleaned.items()]
    clean = [f"{_over('x', name, KINDS[one.kind].clean)} AS {name}" for name, one in cleaned.items()]
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS"
        f" WITH plain AS (SELECT {', '.join(['row', *plain])} FROM asked_row),"
        f" cleaned AS (SELECT {', '.join(['row', *clean])} FROM plain),"
        f" c AS (SELECT {', '.join(['c.*', *told])} FROM cleaned AS c {' '.join(joins) if told else ''})"
        f" SELECT {', '.join(['c.row', *packed])} FROM c {' '.join(joins)}"
    )
    con.execute("DROP TABLE asked_row")
    for name in wanted:
        if name.endswith(RARITY) and name not in spec.fields:
            _add_rarity(con, table, name.removesuffix(RARITY))


def _packed(con: duckdb.DuckDBPyConnection, one: FieldSpec, name: str, keys: Mapping[str, str]) -> str:
    """SQL for a field's struct, null where there is no value."""
    if one.kind is Kind.HAN_NAME:
        add_names(con, f"SELECT {name} AS name FROM asked_row")
    value = f"told_{name}" if one.from_number is not None else f"c.{name}"
    present = {Kind.HAN_NAME: f"k_{name}.name", Kind.ID_NUMBER: f"k_{name}.cleaned"}.get(one.kind, value)
    made = ", ".join(f"{key} := {_over('v', value, _over('k', f'k_{name}', sql))}" for key, sql in keys.items())
    return f"CASE WHEN {present} IS NOT NULL THEN struct_pack({made}) END AS {name}"


def _over(word: str, name: str, sql: str) -> str:
    """The SQL with a value's name in place of the word that stands for it."""
    return re.sub(rf"(?<![\w'.\[]){word}(?![\w'\]])", name, sql)


def _joins(one: FieldSpec, name: str, side: str) -> list[str]:
    """The table of keys made by the column, for names and numbers."""
    if one.kind is Kind.HAN_NAME:
        return [f"LEFT JOIN name_keys AS k_{name} ON k_{name}.name = c.{name}"]
    if one.kind is Kind.ID_NUMBER:
        return [f"LEFT JOIN numbers_{side}_{name} AS k_{name} ON k_{name}.raw = c.{name}"]
    return []


def _other_birth(birth_date: str) -> str:
    stated = f"c.{birth_date}"
    other = f"length({stated}) = 8 AND substr(k.upgraded, 7, 8) <> {stated}"
    return f"coalesce(k.upgraded IS NOT NULL AND {other}, FALSE)"


def _told(one: FieldSpec) -> str:
    """SQL for the birth date (YYYYMMDD) or sex (1 or 2) that a readable number tells."""
    read = f"k_{one.from_number}.read"
    told = f"substr({read}, 7, 8)" if one.kind is Kind.DATE else f"(2 - substr({read}, 17, 1)::INTEGER % 2)::VARCHAR"
    return f"CASE WHEN regexp_matches({read}, '^[0-9]{{17}}') THEN {told} END"


def count_words(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, name: str, sides: Iterable[str]) -> None:
    """Make `rare_word_<field>` (`word`, `bits`): log2 of all rows over those with the word."""
    queries = []
    for side in sides:
        prepare_rows(con, spec, side, f"worded_{side}", wanted={name: frozenset({"value", "words"})})
        queries.append(f"SELECT {name}.words AS words FROM worded_{side} WHERE {name} IS NOT NULL")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE rare_word_{name} AS"
        f" WITH said AS MATERIALIZED ({' UNION ALL '.join(queries)})"
        " SELECT word, log2((SELECT count(*) + 1 FROM said) / count(*)) AS bits"
        " FROM (SELECT unnest(words) AS word FROM said) GROUP BY word"
    )


def _add_rarity(con: duckdb.DuckDBPyConnection, table: str, name: str) -> None:
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE with_rarity AS"
        f" WITH said AS (SELECT row, unnest({name}.words) AS word FROM {table} WHERE {name} IS NOT NULL),"
        " counted AS (SELECT row, map_from_entries(list((word, bits) ORDER BY word)) AS bits, sum(bits) AS total"
        f" FROM said JOIN rare_word_{name} USING (word) GROUP BY row)"
        f" SELECT p.*, CASE WHEN t.row IS NOT NULL THEN struct_pack(bits := t.bits, total := t.total) END"
        f" AS {name}{RARITY}"
        f" FROM {table} AS p LEFT JOIN counted AS t USING (row)"
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM with_rarity")
    con.execute("DROP TABLE with_rarity")
