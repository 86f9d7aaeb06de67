"""What a night saw: which divisions a type left out, and whose lines and cells nobody could read."""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from engines.lake import Lake
from pipelines.intake.cell_notes import CELL_NOTES
from pipelines.intake.quarantine import QUARANTINE, tables_of
from pipelines.provenance.made_of import Shown
from pipelines.seen_by_night import left_out, seen_by_night
from rules.coverage import Seen
from rules.rule import load_rules
from tests.pipelines.linked_night import certificate, dibao, night, person
from tests.pipelines.made_register import by_type, few_types

DAY = {"delivery_date": "2020-10-31", "delivery_id": "d1"}
WANG = person("王启松", "529901197005010013", "1970-05-01")
LI = person("李启柏", "529901198206020025", "1982-06-02")
RULES = [rule for rule in load_rules() if rule.id == "category_unsupported"]


def seen(tmp_path: Path, *lines: tuple[str, str, str], noted: str = "") -> Seen:
    """Two people of one household; of what types, for what reason, and with what content lines were set apart."""
    lake = Lake(tmp_path)
    for name in {name for name, _, _ in lines}:
        rows = [[number, rule, None, "", "", raw] for number, (of, rule, raw) in enumerate(lines, 2) if of == name]
        apart = pa.Table.from_pylist([dict(zip(QUARANTINE.names, row, strict=True)) for row in rows], schema=QUARANTINE)
        lake.replace(tables_of(name)[1], DAY, apart)
    if noted:
        note = {"row_number": 1, "column_name": noted, "rule": "unreadable_code", "raw": "?"}
        told = pa.Table.from_pylist([{name: note.get(name, "") for name in CELL_NOTES.names}], schema=CELL_NOTES)
        lake.replace(tables_of("disability_certificate")[2], DAY, told)
    listed = [
        dibao("H1", **WANG),
        ("dibao_roster", {"row_key": "H1|2", "household_no": "H1", "member_no": "2", **LI}),
        certificate("C1", "王启松", "529901197005010013"),
    ]
    types = ("dibao_roster", "tekun_roster", "disability_certificate")
    inputs = {name: Shown(deliveries=("d1",), until=date(2020, 10, 31)) for name in types}
    with night(by_type(listed)) as connection:
        connection.execute("ALTER TABLE disability_certificate ADD COLUMN row_number BIGINT DEFAULT 1")
        return seen_by_night(connection, lake, few_types(), inputs, RULES)


@pytest.mark.parametrize(
    ("line", "who"),
    [
        (("disability_certificate", "unreadable_code", "C9,李启柏,529901198206020025,九级"), {("H1", "2")}),
        (("disability_certificate", "unreadable_code", "C9\t李启柏\t52990119820602002?\t九级"), {("H1", "2")}),
        (("disability_certificate", "field_count", "C9,李启柏,,1982-06-02,九级,,"), {("H1", "2")}),
        (("disability_certificate", "unreadable_code", "C9,李启柏,,1982-06-03,九级"), set()),
        (("disability_certificate", "unreadable_code", "H1,张三,,1950-01-01,九级"), set()),
        (("dibao_roster", "unreadable_code", "H1,3,张小妹,,2010-01-01,侄子"), {("H1", None)}),
        (("dibao_roster", "total_row", "H1,合计,,,,"), set()),
        (("dibao_roster", "duplicate_key", "H1,2,李启柏,529901198206020025"), set()),
        (("dibao_roster", "unreadable_code", "H1,2,李启柏,529901198206020025,停"), set()),
    ],
    ids=[
        "by_number", "by_name_and_a_damaged_number", "by_name_and_birth_date", "born_another_day",
        "a_household_number_is_the_registers_own", "of_somebody_in_the_household", "a_total", "read_in_another_line",
        "read_since",
    ],
)  # fmt: skip
def test_a_line_nobody_could_read_is_known_by_number_name_or_household(
    tmp_path: Path, line: tuple[str, str, str], who: set[tuple[str, str | None]]
) -> None:
    unread = seen(tmp_path, line).unread.to_pylist()
    assert {(one["household_id"], one["member_id"]) for one in unread} == who


def test_a_cell_nobody_could_read_is_told_with_its_column_and_its_person(tmp_path: Path) -> None:
    (told,) = seen(tmp_path, noted="level").unread.to_pylist()
    assert (told["household_id"], told["member_id"], told["column_name"]) == ("H1", "1", "level")


@pytest.mark.parametrize(("rows", "expected"), [(100, ["529902"]), (50, [])])
def test_a_county_of_which_a_large_type_has_no_row_was_left_out(rows: int, expected: list[str]) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE dibao_roster AS SELECT CASE WHEN i < 60 THEN '529901001001' ELSE '529902001001' END "
            "AS division FROM range(100) AS t(i); CREATE TABLE tekun_roster AS FROM dibao_roster LIMIT 0; "
            "CREATE TABLE registered_poor AS FROM dibao_roster LIMIT 0; "
            f"CREATE TABLE disability_certificate AS SELECT '529901002002' AS division FROM range({rows})"
        )
        assert left_out(connection, few_types(), few_types()["disability_certificate"]) == expected
