"""What a night tells data engineers: its deliveries, what was set apart and why, and nothing of a person."""

import json

import duckdb

from pipelines.deliveries.receipts import ReceiptStore
from pipelines.intake.quarantine import tables_of
from pipelines.reporting.quality import quality_of
from tests.pipelines.conftest import DELIVERED, csv_of
from tests.pipelines.intake.conftest import gate, office_of
from tests.pipelines.intake.payment_office import HEADER, NEXT, MakeOffice

__all__ = ["gate", "office_of"]
ROWS = [("A1", "张三"), ("A2", "李四"), ("A3", "王五"), ("A4", "欧阳娜"), ("B1", ""), ("B2", "　"), ("A1", "张三丰")]


def test_lines_set_apart_are_counted_by_rule_and_shown_by_their_shape_alone(
    office_of: MakeOffice, connection: duckdb.DuckDBPyConnection
) -> None:
    office = office_of("full")
    rows = [(number, name, "529901199001011234", *[""] * 8) for number, name in ROWS]
    header = ("发放流水号", "姓名", "身份证号", *(title for title in HEADER if title not in NAMED))
    office.drop("payment_20201029.csv", csv_of(header, *rows))
    office.take_in(DELIVERED)
    told = quality_of(connection, office.lake, ReceiptStore(office.lake), [office.chosen(NEXT)])
    [delivery] = told["deliveries"]
    assert (delivery["status"], delivery["landed"], delivery["quarantined"]) == ("accepted", 7, 3)
    counted = {(one["rule"], one["column"]): one["rows"] for one in delivery["quarantine"]}
    assert sum(counted.values()) == 3
    assert all(one["zh"] and one["en"] for one in delivery["quarantine"])
    shapes = [sample["shape"] for one in delivery["quarantine"] for sample in one["samples"]]
    assert "A0,某某,000000000000000000,,,,,,,," in shapes
    said = json.dumps(told, ensure_ascii=False)
    assert not any(secret in said for secret in ("529901", "张三", "1990"))


def test_cells_that_were_not_read_are_told_like_lines_and_their_rows_are_kept(
    office_of: MakeOffice, connection: duckdb.DuckDBPyConnection
) -> None:
    office = office_of("full")
    days = ["2020-10-01", "2020-10-02", "19/3/5", "昨天"]
    rows = [(f"A{n}", "张三", "", day, *[""] * 7) for n, day in enumerate(days)]
    office.drop("payment_20201029.csv", csv_of(HEADER, *rows))
    (receipt,) = office.take_in(DELIVERED)
    assert (receipt.conformed, receipt.quarantined) == (4, 0)
    assert receipt.cell_notes == {"paid_on": {"unreadable_date": 2}}
    [delivery] = quality_of(connection, office.lake, ReceiptStore(office.lake), [office.chosen(NEXT)])["deliveries"]
    [told] = delivery["cell_notes"]
    assert (told["rule"], told["column"], told["rows"]) == ("unreadable_date", "paid_on", 2)
    assert [sample["shape"] for sample in told["samples"]] == ["00/0/0", "某某"]
    _, _, noted = tables_of("payment")
    assert office.lake.rows(noted, "delivery_id", receipt.delivery_id) == receipt.noted == 2


def test_a_refused_delivery_is_told_beside_the_good_one_that_stays_in_use(
    office_of: MakeOffice, connection: duckdb.DuckDBPyConnection
) -> None:
    office = office_of("full")
    good = csv_of(HEADER, *((f"A{n}", "张三", *[""] * 9) for n in range(20)))
    office.drop("payment_20201029.csv", good)
    office.drop("payment_20201030.csv", b"", NEXT)
    office.take_in()
    told = quality_of(connection, office.lake, ReceiptStore(office.lake), [office.chosen(NEXT)])
    assert [(one["status"], bool(one["failures"])) for one in told["deliveries"]] == [
        ("accepted", False),
        ("unreadable", True),
    ]


NAMED = ("发放流水号", "姓名", "身份证号")
