"""A delivery is kept, settled once, and shown as of its day; a refused one changes nothing."""

import gzip
import hashlib
import os
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pytest

from engines.lake import Lake
from pipelines.deliveries.as_of import Freshness
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Status
from tests.pipelines.conftest import DELIVERED, csv_of
from tests.pipelines.intake.payment_office import NEXT, MakeOffice, people

pytestmark = pytest.mark.slow


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
        content = people(("A1", f"张三{second}"))
        file = office.drop(f"payment{name}", gzip.compress(content) if name.endswith("gz") else content)
        os.utime(file, (second, second))
    assert len(office.take_in()) == 3
    assert office.rows() == {"A1": "张三2"}
    assert office.take_in() == []


def test_a_file_that_is_only_touched_stays_where_it_was_in_the_order(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    first = office.drop("payment_20201029.csv", people(("A1", "张三")))
    office.take_in()
    office.drop("payment_20201029_1.csv", people(("A1", "李四")))
    office.take_in()
    os.utime(first)
    (again,) = office.take_in()
    assert (again.source, office.rows()) == (first.relative_to(office.inbox).as_posix(), {"A1": "李四"})


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


@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe_20201029.csv",
        "某某镇".encode("gb18030") + b"_20201029.csv",
        f"{'长' * 81}.csv".encode(),
        b"payment_529901199001011234_20201029.csv.gz",
    ],
)
def test_whatever_a_file_is_called_it_lands_under_a_plain_name(office_of: MakeOffice, name: bytes) -> None:
    office = office_of("full")
    content = people(("A1", "张三"))
    office.drop(os.fsdecode(name), gzip.compress(content) if name.endswith(b".gz") else content)
    (receipt,) = office.take_in()
    (kept,) = (office.lake.root / "landed").rglob(f"{receipt.delivery_id}/*")
    assert receipt.status is Status.ACCEPTED
    assert kept.name == f"payment_20201029_1{'.gz' if name.endswith(b'.gz') else '.zst'}"
    assert "529901199001011234" not in receipt.file
