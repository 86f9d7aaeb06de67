"""What a night saw of the types its rules read: up to which day and for which divisions, and whose lines nobody read.

The same is made of the same deliveries when a night is replayed: all of it comes from what ``Inputs`` names.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from engines.connection import Connection
from engines.embedded import file_list
from engines.lake import Lake
from pipelines.intake.conform_sql import EMPTY, UNKNOWN_DATE
from pipelines.intake.quarantine import DUPLICATE, OF_NOBODY, tables_of
from pipelines.provenance.made_of import Inputs, not_delivered
from rules.claims import absent
from rules.coverage import COVERAGE, UNREAD, Seen, everything
from rules.rule import Rule
from rules.views import quoted
from schemas.catalogue import Catalogue
from schemas.contract import Contract
from schemas.listed import listed_sql, register_of, registers_of, rosters_of

SQL = Path(__file__).parent / "sql"
AS_MANY = 30
"""Where so many rows were to be expected of a division for its people, and not one came, it was left out (assumed):
by chance alone that happens to one division in 10^13, so that it may have far fewer than others and still be there."""
LEVELS = (4, 6)
"""The digits of a division that may be left out as a whole: a prefecture, a county."""
TOKENS = pa.schema([("type", pa.string()), ("line", pa.string()), ("token", pa.string()), ("born", pa.string())])


def seen_by_night(
    connection: Connection, lake: Lake, catalogue: Catalogue, inputs: Inputs, rules: Iterable[Rule]
) -> Seen:
    """What was seen of ``inputs``, whose as-of views, with the night's links, are on the connection.

    What ``rules`` do not argue from the absence of is taken to be known wherever it was delivered at all; and all is,
    of a night of before the days were kept.
    """
    if not any(shown.until for shown in inputs.values()):
        return everything(catalogue, not_delivered(inputs))
    rules = list(rules)
    argued = {name for rule in rules for name in absent(rule)} & inputs.keys()
    counted = {name for rule in rules if rule.counts for name in rule.reads} & inputs.keys()
    delivered = {name: shown for name, shown in inputs.items() if shown.deliveries}
    coverage: list[tuple[str, str, date | None]] = [
        (name, "", shown.until or date.max) for name, shown in delivered.items()
    ]
    for name in sorted(argued & delivered.keys()):
        coverage += [(name, division, None) for division in left_out(connection, catalogue, catalogue[name])]
    columns = [list(column) for column in zip(*coverage, strict=True)] or [[], [], []]
    judged = sorted((argued | counted | rosters_of(catalogue)) & delivered.keys())
    return Seen(
        pa.table(columns, schema=COVERAGE),
        pa.concat_tables(
            [_lines(connection, lake, catalogue, inputs, judged), _cells(connection, lake, catalogue, inputs, judged)]
        ),
    )


def left_out(connection: Connection, catalogue: Catalogue, contract: Contract) -> list[str]:
    """The divisions, as prefixes, of whose people a type should speak and of which it has not one row."""
    told = [identity.division for identity in contract.identity if identity.division]
    if not told or contract.as_register:
        return []
    listed = listed_sql(registers_of(catalogue), ("division",))
    sql = (SQL / "left_out.sql").read_text(encoding="utf-8")
    rows = [
        row
        for level in LEVELS
        for row in connection.execute(
            sql.format(listed=listed, type=contract.name, division=told[0], level=level, as_many=AS_MANY)
        ).fetchall()
    ]
    return sorted(division for (division,) in rows)


def _lines(connection: Connection, lake: Lake, catalogue: Catalogue, inputs: Inputs, types: Sequence[str]) -> pa.Table:
    """Whose lines are in quarantine, by number, by name and birth date, or on a roster by household number."""
    tokens = pa.concat_tables([TOKENS.empty_table(), *(_tokens(lake, inputs, name) for name in types)])
    if not tokens.num_rows:
        return UNREAD.empty_table()
    connection.register("unread_tokens", tokens)
    connection.execute("CREATE OR REPLACE TEMP TABLE unread_token AS SELECT * FROM unread_tokens")
    connection.unregister("unread_tokens")
    for name in types:
        _forget_read_again(connection, catalogue[name])
    of_rosters = " ".join(
        f"WHEN '{one.name}' THEN '{register_of(one).scheme}'" for one in registers_of(catalogue.contracts.values())
    )
    people = listed_sql(
        registers_of(catalogue), ("scheme", "household_id", "member_id", "name", "id_number", "birth_date")
    )
    sql = (SQL / "unread_lines.sql").read_text(encoding="utf-8").format(people=people, of_rosters=of_rosters)
    found = connection.sql(sql).to_arrow_table().cast(UNREAD)
    connection.execute("DROP TABLE unread_token")
    return found


def _tokens(lake: Lake, inputs: Inputs, name: str) -> pa.Table:
    """The cells of a type's lines in quarantine, whatever was between them, and the birth date each may hold."""
    files = lake.files(tables_of(name)[1], "delivery_id", list(inputs[name].deliveries))
    if not files:
        return TOKENS.empty_table()
    sql = (SQL / "unread_tokens.sql").read_text(encoding="utf-8")
    said = sql.format(files=file_list(files), type=name, nobodys=quoted(sorted({*OF_NOBODY, DUPLICATE})))
    with duckdb.connect() as own:
        return own.sql(said).to_arrow_table().cast(TOKENS)


def _forget_read_again(connection: Connection, contract: Contract) -> None:
    """A line whose key stands in a row that was read, as after a correction, is not unread."""
    keys = [contract.column(name) for name in contract.key]
    if any(key.meaning not in ("serial", "organisation_code") for key in keys):
        return
    joined = " ".join(
        f"JOIN unread_token AS key_{place} "
        f"ON key_{place}.token = record.{key.name} AND key_{place}.type = '{contract.name}'"
        + (f" AND key_{place}.line = key_0.line" if place else "")
        for place, key in enumerate(keys)
    )
    connection.execute(
        f"DELETE FROM unread_token WHERE type = '{contract.name}' AND line IN "
        f"(SELECT key_0.line FROM {contract.name} AS record {joined})"
    )


def _cells(connection: Connection, lake: Lake, catalogue: Catalogue, inputs: Inputs, types: Sequence[str]) -> pa.Table:
    """Whose rows have a cell that says something and could not be read; what a list lacks was read as its *other*."""
    found = [UNREAD.empty_table()]
    for name in types:
        files = lake.files(tables_of(name)[2], "delivery_id", list(inputs[name].deliveries))
        if not files:
            continue
        listed = [column.name for column in catalogue[name].columns if column.unlisted is None]
        with duckdb.connect() as own:
            notes = own.sql(
                "SELECT delivery_id, row_number, column_name "
                f"FROM read_parquet({file_list(files)}, hive_partitioning = true, "
                "hive_types = {'delivery_date': 'DATE', 'delivery_id': 'VARCHAR'}) "
                f"WHERE rule NOT IN ('{EMPTY}', '{UNKNOWN_DATE}') AND column_name IN ({quoted(listed)})"
            ).to_arrow_table()
        if not notes.num_rows:
            continue
        connection.register("unread_cell", notes)
        sql = (SQL / "unread_cells.sql").read_text(encoding="utf-8").format(type=name)
        found.append(connection.sql(sql).to_arrow_table().cast(UNREAD))
        connection.unregister("unread_cell")
    return pa.concat_tables(found)
