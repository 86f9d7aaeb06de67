"""DuckDB inside the process keeps within what it was given."""

from pathlib import Path

from engines.embedded import Limits, connect, make_room

ROWS = 400_000


def test_tables_that_take_much_of_the_memory_are_compressed_and_keep_their_rows(tmp_path: Path) -> None:
    with connect(tmp_path, Limits(memory="100MB", threads=1)) as connection:

        def taken() -> int:
            rows = connection.execute(
                "SELECT sum(memory_usage_bytes + temporary_storage_bytes) FROM duckdb_memory()"
                " WHERE tag = 'IN_MEMORY_TABLE'"
            ).fetchall()
            return int(rows[0][0])

        def told() -> list[tuple[int, int]]:
            return connection.execute("SELECT count(*), bit_xor(hash(village, row)) FROM kept").fetchall()

        connection.execute(
            f"CREATE TABLE kept AS SELECT '5226281020' || range // 400 AS village, range AS row FROM range({ROWS})"
        )
        rows, before = told(), taken()
        assert before > 0
        make_room(connection)
        assert taken() == before, "a small table is left alone"
        connection.execute(f"INSERT INTO kept SELECT '5226281020' || range // 400, range FROM range({5 * ROWS})")
        rows, before = told(), taken()
        make_room(connection)
        assert taken() < before / 2
        assert told() == rows
