"""Codes of divisions since abolished are read as today's, and a place that cannot be told is left open."""

import duckdb

from pipelines.intake.conform_sql import typed
from schemas.catalogue import load_catalogue
from schemas.divisions import Level, level_of, load_divisions, load_successors, successor

DIVISION = load_catalogue()["motor_vehicle"].column("division")


def read(codes: list[str]) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE cell AS SELECT unnest($1::VARCHAR[]) AS text", [codes])
        told = typed(DIVISION, "text", "division")
        return [code for (code,) in connection.execute(f"SELECT {told} FROM cell").fetchall()]


def test_every_township_under_an_old_code_is_read_where_it_is_today() -> None:
    townships = {code[6:9] for code in load_divisions() if level_of(code) is Level.TOWNSHIP}
    counties = [old for old in load_successors() if level_of(old) is Level.COUNTY]
    codes = [f"{county[:6]}{township}000" for county in counties for township in sorted(townships)]
    assert len(codes) > 1000
    assert read(codes) == [successor(code) for code in codes]


def test_where_a_township_may_have_gone_to_a_neighbour_the_county_is_left_open() -> None:
    """Of the county-level city of Tongren some townships are in Bijiang today, others in Wanshan."""
    assert read(["522201101001", "522201199001", "520114001001"]) == ["520602101001", "520600000000", "520100000000"]


def test_a_code_that_stands_is_read_as_it_is() -> None:
    assert read(["520102016001", "520191001001"]) == ["520102016001", "520191001001"]
