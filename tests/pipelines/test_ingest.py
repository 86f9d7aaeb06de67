"""A delivery is kept, settled once, and shown as of its day; a refused one changes nothing."""

import errno
import gzip
import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import duckdb
import pyarrow as pa
import pytest

from engines.lake import Lake
from expectations.gate import Gate
from pipelines.deliveries.as_of import Freshness, TypeAsOf, choose, create_view, show_deliveries
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Status, Withdrawal
from pipelines.intake.inbox import find_deliveries
from pipelines.intake.ingest import Ingest
from pipelines.intake.land import ChangingDeliveryError
from pipelines.stages import Night, waiting
from schemas.catalogue import Catalogue
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED, csv_of

pytestmark = pytest.mark.slow

HEADER = (
    *("发放流水号", "姓名", "身份证号", "发放日期", "所属月份", "金额"),
    *("面积", "人数", "类别", "区划", "住址"),
)
NEXT = DELIVERED + timedelta(days=1)


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(memory_limit="1GB", threads=2) as opened:
        yield opened


@pytest.fixture(params=["full", "increment"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Office:
    """An inbox, a lake, and the night that takes the one into the other."""

    def __init__(self, folder: Path, contract: Contract, connection: duckdb.DuckDBPyConnection, gate: Gate) -> None:
        self.inbox, self.lake, self.contract = folder / "inbox", Lake(folder / "lake"), contract
        self.connection, self._gate = connection, gate

    def drop(self, name: str, content: bytes, received: date = DELIVERED) -> Path:
        path = self.inbox / "finance" / "payment" / received.isoformat() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def take_in(self, by: date = NEXT, *, alone: bool = False) -> list[Receipt]:
        """Settle what came by then, with the receipts read afresh as a new night would."""
        receipt_store = ReceiptStore(self.lake)
        ingest = Ingest(self.lake, receipt_store, self.connection, self._gate)
        found, _ = find_deliveries(self.inbox, [self.contract], delivered_by=by, received_by=by)
        return [
            ingest.settle(file, self.contract, alone=alone)
            for file in found
            if not receipt_store.settled(file.type_name, file.source, size=file.size, modified_ns=file.modified_ns)
        ]

    def chosen(self, as_of: date, known_by: date | None = None) -> TypeAsOf:
        return choose(self.contract, ReceiptStore(self.lake), as_of=as_of, known_by=known_by or as_of)

    def rows(self, as_of: date = NEXT, known_by: date | None = None) -> dict[str, str]:
        return self.told("name", as_of, known_by)

    def told(self, column: str, as_of: date = NEXT, known_by: date | None = None) -> dict[str, Any]:
        """What a column says, by the key of its row."""
        create_view(self.connection, self.lake, self.contract, self.chosen(as_of, known_by))
        found = self.connection.execute(f"SELECT payment_no, {column} FROM payment ORDER BY ALL").fetchall()
        return dict(found)

    def columns(self) -> list[tuple[str, str]]:
        """The columns of the view with their types."""
        return [(name, kind) for name, kind, *_ in self.connection.execute("DESCRIBE payment").fetchall()]


MakeOffice = Callable[[str], Office]


@pytest.fixture
def office_of(tmp_path: Path, contract: Contract, connection: duckdb.DuckDBPyConnection, gate: Gate) -> MakeOffice:
    def make(kind: str) -> Office:
        delivery = contract.delivery.model_copy(update={"kind": kind})
        return Office(tmp_path, contract.model_copy(update={"delivery": delivery}), connection, gate)

    return make


def people(*rows: tuple[str, str]) -> bytes:
    return csv_of(HEADER, *((number, name, *[""] * 9) for number, name in rows))


def test_nothing_delivered_is_an_empty_view(office_of: MakeOffice) -> None:
    office = office_of("full")
    assert office.chosen(NEXT).freshness is Freshness.MISSING
    assert office.rows() == {}


def test_a_full_delivery_replaces_the_one_before_and_an_increment_adds_to_it(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三"), ("A2", "李四")))
    office.drop("payment_20201030.csv", people(("A1", "张山"), ("A3", "王五")), NEXT)
    office.take_in()
    assert office.rows(DELIVERED) == {"A1": "张三", "A2": "李四"}
    after = {"A1": "张山", "A3": "王五"}
    assert office.rows(NEXT) == (after if kind == "full" else after | {"A2": "李四"})


def test_which_rows_are_superseded_is_kept_for_the_deliveries_in_use_alone(office_of: MakeOffice) -> None:
    office = office_of("increment")
    kept = office.lake.root / "superseded" / "payment.parquet"
    office.drop("payment_20201029.csv", people(("A1", "张三"), ("A2", "李四")))
    office.drop("payment_20201029_2.csv", people(("A1", "张山")))
    office.take_in()
    known = office.rows(DELIVERED)
    found = kept.stat().st_mtime_ns
    assert (known, office.rows(DELIVERED), kept.stat().st_mtime_ns) == ({"A1": "张山", "A2": "李四"}, known, found)
    office.drop("payment_20201030.csv", people(("A2", "李思")), NEXT)
    office.take_in()
    assert office.rows(NEXT) == {"A1": "张山", "A2": "李思"}
    assert office.rows(DELIVERED) == known


def test_a_redelivery_corrects_its_day_whatever_order_it_came_in(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop(
        "payment_20201029_2.csv",
        people(("A1", "张三")),
        NEXT,
    )
    office.drop(
        "payment_20201029.csv",
        people(("A1", "错误")),
    )
    office.take_in()
    assert office.rows(DELIVERED) == {"A1": "错误"}
    assert office.rows(NEXT) == {"A1": "张三"}


def test_a_late_delivery_shows_in_its_own_day_once_it_is_known(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop(
        "payment_20201029.csv",
        people(("A1", "张三")),
        NEXT,
    )
    office.take_in()
    assert office.rows(DELIVERED, known_by=DELIVERED) == {}
    assert office.rows(DELIVERED, known_by=NEXT) == {"A1": "张三"}


def test_what_came_is_settled_once(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop(
        "payment_20201029.csv",
        people(("A1", "张三")),
    )
    assert [receipt.status for receipt in office.take_in()] == [Status.ACCEPTED]
    assert office.take_in() == []


def test_of_a_file_overwritten_in_place_the_newest_content_is_in_use(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    contents = {"A": "张三", "B": "李四", "C": "王五", "D": "赵六"}
    for number in "ABCDBA":
        file = office.drop("payment_20201029.csv", people((number, contents[number])))
        # As a copy that keeps the times of its original: the very file of two nights before comes back.
        os.utime(file, (ord(number), ord(number)))
        assert len(office.take_in()) == 1
        assert office.rows() == {number: contents[number]}
        assert office.chosen(NEXT).freshness is Freshness.FRESH
    assert office.take_in() == []


@pytest.mark.parametrize("names", list(permutations(("_20201029.csv", "_20201029_1.csv", "_20201029.csv.gz"))))
def test_of_files_that_stand_for_one_delivery_the_one_written_last_is_in_use(
    office_of: MakeOffice, kind: str, names: tuple[str, ...]
) -> None:
    office = office_of(kind)
    for second, name in enumerate(names):
        content = people((f"A{second}", "张三"))
        file = office.drop(f"payment{name}", gzip.compress(content) if name.endswith("gz") else content)
        os.utime(file, (second, second))
    assert len(office.take_in()) == 3
    assert office.rows() == {"A2": "张三"}
    assert office.take_in() == []


def test_a_file_that_is_only_touched_stays_where_it_was_in_the_order(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    first = office.drop("payment_20201029.csv", people(("A1", "张三")))
    office.take_in()
    office.drop("payment_20201029_1.csv", people(("A2", "李四")))
    office.take_in()
    os.utime(first)
    (again,) = office.take_in()
    assert (again.source, office.rows()) == (first.relative_to(office.inbox).as_posix(), {"A2": "李四"})


def test_receipts_that_do_not_tell_which_was_settled_last_keep_their_order(tmp_path: Path) -> None:
    facts = {"type_name": "payment", "delivery_date": DELIVERED, "received": DELIVERED, "sequence": 1, "size": 1}
    facts |= {"modified_ns": 1, "contract_version": "", "status": "accepted", "source": "payment_20201029.csv"}
    old = [Receipt.model_validate(facts | {"delivery_id": name, "sha256": name}) for name in ("1", "2")]
    receipt_store = ReceiptStore(Lake(tmp_path))
    for receipt in old:
        receipt_store.write(receipt)
    assert receipt_store.usable("payment", as_of=NEXT, known_by=NEXT) == old
    assert receipt_store.next_settlement("payment", old[0].source, "0") == 1
    receipt_store.write(old[0].model_copy(update={"delivery_id": "0", "settlement": 1}))
    assert [one.delivery_id for one in ReceiptStore(Lake(tmp_path)).usable("payment", as_of=NEXT, known_by=NEXT)] == [
        "0"
    ]


def test_the_same_bytes_are_not_processed_twice_but_count_as_delivered(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop(
        "payment_20201029.csv",
        people(("A1", "张三")),
    )
    office.drop(
        "payment_20201030.csv",
        people(("A1", "张三")),
        NEXT,
    )
    first, again = office.take_in()
    assert (again.status, again.same_as) == (Status.REPEATED, first.delivery_id)
    assert office.rows(NEXT) == {"A1": "张三"}
    assert office.chosen(NEXT).newest == NEXT


def test_a_refused_delivery_changes_nothing_and_says_why(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop(
        "payment_20201029.csv",
        people(("A1", "张三")),
    )
    office.drop("payment_20201030.csv", csv_of(("发放流水号", "实发金额"), ("A1", "1"), ("A2", "2")), NEXT)
    _, refused = office.take_in()
    assert refused.status is Status.REFUSED
    assert (refused.landed, refused.conformed, refused.quarantined) == (2, 0, 2)
    assert "姓名" in " ".join(failure.message_zh for failure in refused.failures)
    assert office.rows(NEXT) == {"A1": "张三"}
    assert office.chosen(NEXT).freshness is Freshness.STALE


@pytest.mark.parametrize(
    ("content", "expectation"), [(b"", "file_not_empty"), (b"\x1f\x8b\x08\x00ab", "file_complete")]
)
def test_an_unreadable_delivery_is_kept_and_refused(office_of: MakeOffice, content: bytes, expectation: str) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv.gz" if content else "payment_20201029.csv", content)
    (receipt,) = office.take_in()
    assert receipt.status is Status.UNREADABLE
    assert [failure.expectation for failure in receipt.failures] == [expectation]
    (kept,) = (office.lake.root / "landed").rglob(f"{receipt.delivery_id}/*")
    with pa.input_stream(kept, compression="zstd" if kept.suffix == ".zst" else None) as stream:
        assert stream.read() == content


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_delivery_lands_packed_and_unpacks_to_the_very_bytes_that_came(office_of: MakeOffice, encoding: str) -> None:
    office = office_of("full")
    content = people(*((f"A{n}", "张三") for n in range(5_000))).decode().encode(encoding)
    office.drop("payment_20201029.csv", content)
    (receipt,) = office.take_in()
    (kept,) = (office.lake.root / "landed").rglob(f"{receipt.delivery_id}/*")
    assert kept.name == "payment_20201029.csv.zst"
    assert kept.stat().st_size < len(content) / 2
    with pa.input_stream(kept, compression="zstd") as stream:
        assert stream.read() == content
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()


def test_a_type_is_late_when_its_newest_delivery_is_too_old(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop(
        "payment_20201029.csv",
        people(("A1", "张三")),
    )
    office.take_in()
    assert [office.chosen(DELIVERED + timedelta(days=days)).late for days in (0, 2, 3)] == [False, False, True]


def test_a_file_that_is_called_wrongly_is_named_with_advice(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop(
        "payments-oct.csv",
        people(("A1", "张三")),
    )
    found, passed_over = find_deliveries(office.inbox, [office.contract], delivered_by=NEXT, received_by=NEXT)
    assert found == []
    assert [one.place for one in passed_over] == ["finance/payment/2020-10-29/payments-oct.csv"]


def grown(contract: Contract, *, dropped: str = "", changed: dict[str, object] | None = None) -> Contract:
    """The contract with an optional column more; and one less, or one of another meaning."""
    said = contract.model_dump(mode="json")
    columns = [one | (changed or {}) if one["name"] == "address" else one for one in said["columns"]]
    columns = [one for one in columns if one["name"] != dropped]
    more = {"name": "vin", "header": "车辆识别代号", "en": "VIN", "meaning": "quantity", "unit": "hour"}
    return Contract.model_validate(said | {"columns": [*columns, more]})


def test_a_column_more_or_less_in_the_contract_shows_in_rows_read_before(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三"), ("A2", "李四")))
    office.take_in()
    office.contract = grown(office.contract, dropped="kind")
    content = csv_of((*HEADER, "车辆识别代号"), ("A3", "王五", *[""] * 8, "住址", "3"))
    office.drop("payment_20201030.csv", content, NEXT)
    assert office.rows() == {"A1": "张三", "A2": "李四"}
    assert [(name, kind) for name, kind in office.columns() if name == "vin"] == [("vin", "DECIMAL(18,4)")]
    assert "kind" not in dict(office.columns())
    office.take_in()
    assert office.rows() == {"A3": "王五"} | ({} if kind == "full" else {"A1": "张三", "A2": "李四"})
    assert office.rows(DELIVERED) == {"A1": "张三", "A2": "李四"}


def test_a_column_of_another_type_shows_what_can_be_read_as_it(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    rows = [("A1", "张三", *[""] * 8, "2020-10-01"), ("A2", "李四", *[""] * 8, "某街")]
    office.drop("payment_20201029.csv", csv_of(HEADER, *rows))
    office.take_in()
    office.contract = grown(office.contract, changed={"meaning": "date"})
    assert office.told("address") == {"A1": date(2020, 10, 1), "A2": None}
    office.drop("payment_20201030.csv", csv_of(HEADER, ("A3", "王五", *[""] * 8, "2020年10月2日")), NEXT)
    office.take_in()
    before = {} if kind == "full" else {"A1": date(2020, 10, 1), "A2": None}
    assert office.told("address") == before | {"A3": date(2020, 10, 2)}


def test_an_optional_column_that_is_absent_is_empty(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", csv_of(("发放流水号", "姓名", "身份证号"), ("A1", "张三", "")))
    (receipt,) = office.take_in()
    assert (receipt.status, receipt.conformed, len(receipt.headers_missing)) == (Status.ACCEPTED, 1, 8)
    assert office.told("address") == {"A1": None}


def touched(path: Path) -> None:
    """The file is as it was, only newer."""
    facts = path.stat()
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))


def strict(contract: Contract) -> Contract:
    """The contract after somebody asked for a value that the deliveries so far do not have."""
    filled = contract.expectations.model_copy(update={"filled": {"address": 0.5}})
    return contract.model_copy(update={"expectations": filled})


def aliased(contract: Contract, header: str, column: str = "address") -> Contract:
    """The contract after the header was added to those of a column."""
    columns = (one.model_copy(update={"aliases": (header,)}) if one.name == column else one for one in contract.columns)
    return contract.model_copy(update={"columns": tuple(columns)})


def test_a_good_delivery_read_again_and_refused_stays_in_use(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    path = office.drop("payment_20201029.csv", csv_of(HEADER[:-1], ("A1", "张三", *[""] * 8)))
    office.take_in()
    before = office.chosen(NEXT)
    office.contract = strict(office.contract)
    touched(path)
    (again,) = office.take_in()
    assert (again.status, again.delivery_id == before.deliveries[0]) == (Status.REFUSED, False)
    assert (office.chosen(NEXT), office.rows()) == (before, {"A1": "张三"})
    assert office.take_in() == []


def test_rows_read_again_are_other_rows_where_they_differ_and_the_same_where_not(
    office_of: MakeOffice, kind: str
) -> None:
    office = office_of(kind)
    header = tuple("现住址" if name == "住址" else name for name in HEADER)
    path = office.drop("payment_20201029.csv", csv_of(header, ("A1", "张三", *[""] * 8, "某街")))
    office.take_in()
    (first,) = office.chosen(NEXT).deliveries
    touched(path)
    office.take_in()
    assert office.chosen(NEXT).deliveries == (first,)
    office.contract = aliased(office.contract, "现住址")
    touched(path)
    (again,) = office.take_in()
    assert (office.chosen(NEXT).deliveries, office.told("address")) == ((again.delivery_id,), {"A1": "某街"})
    assert again.delivery_id != first
    show_deliveries(office.connection, office.lake, office.contract, [first])
    assert office.connection.execute("SELECT address FROM payment").fetchall() == [(None,)]
    touched(path)
    assert [one.delivery_id for one in office.take_in()] == [again.delivery_id]


def test_what_repeats_a_delivery_that_is_read_again_shows_its_new_rows(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    header = tuple("现住址" if name == "住址" else name for name in HEADER)
    content = csv_of(header, ("A1", "张三", *[""] * 8, "某街"))
    path = office.drop("payment_20201029.csv", content)
    office.drop("payment_20201030.csv", content, NEXT)
    office.take_in()
    office.contract = aliased(office.contract, "现住址")
    touched(path)
    (again,) = office.take_in()
    assert (office.chosen(NEXT).deliveries, office.told("address")) == ((again.delivery_id,), {"A1": "某街"})


def take_back(office: Office, delivery_id: str) -> None:
    """The tombstone on a delivery's receipt."""
    receipt_store = ReceiptStore(office.lake)
    (receipt,) = (one for one in receipt_store if one.delivery_id == delivery_id)
    tombstone = Withdrawal(day=NEXT, by="test", reason="test")
    receipt_store.write(receipt.model_copy(update={"withdrawn": tombstone}))


def test_without_a_withdrawn_delivery_all_is_as_before_it_came(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三"), ("A2", "李四")))
    office.take_in()
    before, chosen = office.rows(), office.chosen(NEXT)
    path = office.drop("payment_20201030.csv", people(("A1", "张山"), ("A3", "王五")), NEXT)
    (wrong,) = office.take_in()
    take_back(office, wrong.delivery_id)
    assert (office.rows(), office.chosen(NEXT)) == (before, chosen)
    assert office.take_in() == []
    touched(path)
    assert [one.usable for one in office.take_in()] == [False]
    assert (office.rows(), office.take_in()) == (before, [])
    office.drop("payment_20201030.csv", people(("A3", "王武")), NEXT)
    office.take_in()
    assert office.rows() == {"A3": "王武"} | ({} if kind == "full" else before)


def test_what_repeats_a_withdrawn_delivery_keeps_its_rows(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三")))
    office.drop("payment_20201030.csv", people(("A1", "张三")), NEXT)
    first, _ = office.take_in()
    take_back(office, first.delivery_id)
    assert (office.rows(DELIVERED), office.rows(NEXT)) == ({}, {"A1": "张三"})


def test_a_file_put_right_and_taken_back_leaves_what_it_was_before(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三")))
    office.take_in()
    office.drop("payment_20201029.csv", people(("A1", "错误"), ("A2", "错误")))
    (wrong,) = office.take_in()
    take_back(office, wrong.delivery_id)
    assert office.rows() == {"A1": "张三"}


def in_the_middle_of_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], times: int = 1) -> None:
    """Something happens to the file after its first bytes were read, each of so many times that it is read."""
    left, read = [act] * times, os.read

    def reading(source: int, size: int) -> bytes:
        block = read(source, size)
        if block and left:
            left.pop()()
        return block

    monkeypatch.setattr(os, "read", reading)


BEFORE, AFTER = people(("A1", "张三")), people(("A1", "张三"), ("A2", "李四"))


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(AFTER[len(BEFORE) :])


def write_over(path: Path) -> None:
    facts = path.stat()
    path.write_bytes(AFTER)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def replace(path: Path) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(AFTER)
    beside.replace(path)


@pytest.mark.parametrize("change", [append, write_over, replace])
def test_a_file_that_changes_while_it_is_read_is_read_again(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    office = office_of("full")
    file = office.drop("payment_20201029.csv", BEFORE)
    in_the_middle_of_reading(monkeypatch, lambda: change(file))
    assert [receipt.landed for receipt in office.take_in()] == [2]
    assert office.rows() == {"A1": "张三", "A2": "李四"}
    assert office.take_in() == []


@pytest.mark.parametrize("end", [lambda path: path.write_bytes(AFTER + os.urandom(9)), Path.unlink])
def test_a_file_that_never_rests_or_goes_while_it_is_read_is_not_settled(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch, end: Callable[[Path], object]
) -> None:
    office = office_of("full")
    file = office.drop("payment_20201029.csv", BEFORE)
    in_the_middle_of_reading(monkeypatch, lambda: end(file), times=9)
    with pytest.raises(ChangingDeliveryError):
        office.take_in()
    monkeypatch.undo()
    assert list(ReceiptStore(office.lake)) == []
    assert not [path for path in (office.lake.root / "landed").rglob("*") if path.is_file()]
    office.drop("payment_20201029.csv", AFTER)
    assert [receipt.landed for receipt in office.take_in()] == [2]


@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "no"), OSError(errno.EIO, "disk")])
def test_a_file_that_cannot_be_opened_is_unreadable_until_it_can(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    office = office_of("full")
    office.drop("payment_20201028.csv", BEFORE)
    office.take_in()
    file = office.drop("payment_20201029.csv", AFTER)

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr("pipelines.intake.land.open_regular", Mock(side_effect=error))
            (receipt,) = office.take_in()
        assert (receipt.status, receipt.as_json()["file"]) == (Status.UNREADABLE, file.name)
        assert errno.errorcode[error.errno or 0] in receipt.failures[0].message_zh
        assert office.chosen(NEXT).unreadable == (receipt.delivery_id,)
        assert office.rows() == {"A1": "张三"}
    office.take_in()
    assert office.chosen(NEXT).freshness is Freshness.FRESH
    assert office.rows() == {"A1": "张三", "A2": "李四"}


def test_what_this_process_or_the_lake_cannot_do_is_no_delivery_s_fault(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", BEFORE)
    for place, error in (
        ("pipelines.intake.land.open_regular", OSError(errno.EMFILE, "too many open files")),
        ("pipelines.intake.ingest.conform", OSError(errno.ENOSPC, "no space left")),
        ("pipelines.intake.ingest.conform", duckdb.IOException("no space left")),
        ("engines.lake.Lake.adopt", RuntimeError("as libraries say that a disk is full")),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(place, Mock(side_effect=error))
            with pytest.raises(type(error)):
                office.take_in(alone=True)
    assert list(ReceiptStore(office.lake)) == []


def test_what_nobody_foresaw_is_told_without_what_the_error_says_and_looked_at_again(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", BEFORE)
    with monkeypatch.context() as patched:
        error = duckdb.ConversionException("Could not convert '张三' to DATE")
        patched.setattr("pipelines.intake.ingest.conform", Mock(side_effect=error))
        (receipt,) = office.take_in(alone=True)
    assert receipt.status is Status.UNREADABLE
    assert "ConversionException" in receipt.failures[0].message_en
    assert "张三" not in receipt.model_dump_json() + caplog.text
    assert [receipt.status for receipt in office.take_in()] == [Status.ACCEPTED]


def test_what_a_contract_refused_waits_again_when_it_is_mended(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", csv_of(("发放流水号", "收款人"), ("A1", "张三")))
    assert [one.status for one in office.take_in()] == [Status.REFUSED]

    def waits(contract: Contract) -> list[str]:
        catalogue = Catalogue({}, {"payment": contract})
        night = Night(NEXT, office.inbox, office.lake, "", NEXT, catalogue=catalogue)
        return [one.path.name for one in waiting(night)[0]]

    assert waits(office.contract) == []
    office.contract = aliased(office.contract, "收款人", "name")
    assert waits(office.contract) == ["payment_20201029.csv"]
    office.drop("payment_20201030.csv", people(("A1", "张三")), NEXT)
    office.take_in()
    assert waits(aliased(office.contract, "现住址")) == ["payment_20201029.csv"]
