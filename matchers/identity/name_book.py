"""The book of prepared names: the table `name_keys` in a DuckDB connection, a row a distinct name."""

from __future__ import annotations

import pyarrow as pa

from engines.column_bytes import one_array
from engines.connection import Connection
from matchers.identity.name_cells import former_names_in
from matchers.identity.names import KEYS, prepare_keys

BATCH = 1 << 19
"""Names prepared at a time, to bound memory."""
CHARACTERS = "list_distinct(list_filter(string_split(normal, ''), lambda c: c <> '*'))"
"""SQL for the different characters of a name, without what is hidden."""


def add_names(con: Connection, names: str) -> None:
    """Prepare the names that the query `names` yields (one text column `name`) and that the book does not have yet.

    `former`: the former name that the cell tells beside the name; it is in the book too.
    """
    con.execute(
        "CREATE TABLE IF NOT EXISTS name_keys (name VARCHAR, written VARCHAR, normal VARCHAR, clear VARCHAR,"
        " pinyin VARCHAR, pinyin_other VARCHAR, shape VARCHAR, pattern VARCHAR, without_rare VARCHAR, parts VARCHAR[],"
        " characters VARCHAR[], former VARCHAR)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE new_names AS"
        f" SELECT DISTINCT name FROM ({names}) AS asked WHERE name IS NOT NULL"
        " AND NOT EXISTS (FROM name_keys WHERE name_keys.name = asked.name)"
    )
    table = con.sql("FROM new_names").to_arrow_table()
    con.execute("DROP TABLE new_names")
    for start in range(0, table.num_rows, BATCH):
        keys: pa.Table = prepare_keys(table["name"].slice(start, BATCH))
        formers = former_names_in(one_array(keys["name"]))
        con.register("prepared_names", keys.append_column("former", formers))
        con.execute(f"INSERT INTO name_keys SELECT {', '.join(KEYS.names)}, {CHARACTERS}, former FROM prepared_names")
        con.unregister("prepared_names")
        if formers.null_count < len(formers):
            con.register("told_formers", pa.table({"name": formers}))
            add_names(con, "SELECT name FROM told_formers")
            con.unregister("told_formers")
