import csv
import gzip
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from schemas.catalogue import load_catalogue
from schemas.contract import Contract
from schemas.divisions import successor
from synth.cell_forms import AmountForm, DateForm, write_amounts, write_dates, write_fixed
from synth.deliveries import delivery_path, write_delivery
from synth.rates import DeliveryRates

DAY, RECEIVED = date(2020, 10, 31), date(2020, 11, 2)
CLEAN = DeliveryRates(full_width_digits=0.0, padded=0.0, label_instead_of_code=0.0, missing_marker=0.0)
VEHICLES = pl.DataFrame(
    {
        "plate_number": ["贵A00001", "贵A00002", "贵B00003"],
        "plate_kind": ["02", "07", "02"],
        "vehicle_kind": ["K33", "M21", "H31"],
        "brand": ["长城, 牌", '"好"牌', None],
        "owner_id": ["529901198003070011", None, "52990119900101002X"],
        "owner_name": ["张伟", "阿苏·木呷", "李𬭎"],
        "address": ["贵州省贵阳市", None, "贵州省六盘水市"],
        "division": ["520102016001", "520281106215", None],
        "first_registered_on": [date(2015, 1, 2), date(2019, 12, 31), date(2020, 10, 1)],
        "registered_on": [date(2015, 1, 2), date(2020, 1, 31), date(2020, 10, 1)],
        "status": ["A", "A", "M"],
        "status_date": [None, date(2020, 1, 31), None],
        "displacement": [Decimal("1498.0"), None, Decimal("2982.5")],
    }
)


@pytest.fixture
def vehicle() -> Contract:
    return load_catalogue()["motor_vehicle"]


def deliver(inbox: Path, contract: Contract, frame: pl.DataFrame = VEHICLES, seed: int = 4, **options: Any) -> Path:
    options = {"date_form": DateForm.DASHED, "amount_form": AmountForm.PLAIN, "rates": CLEAN, **options}
    return write_delivery(frame, contract, inbox, DAY, RECEIVED, rng=np.random.default_rng(seed), **options)


def cells(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline="")))


def test_a_delivery_lies_where_the_night_looks(tmp_path: Path, vehicle: Contract) -> None:
    folder = tmp_path / "public_security" / "motor_vehicle" / "2020-11-02"
    assert deliver(tmp_path, vehicle) == folder / "motor_vehicle_20201031.csv"
    assert deliver(tmp_path, vehicle, sequence=2, gzip=True) == folder / "motor_vehicle_20201031_2.csv.gz"
    assert sorted(path.name for path in folder.iterdir()) == [
        "motor_vehicle_20201031.csv",
        "motor_vehicle_20201031_2.csv.gz",
    ]
    assert delivery_path(vehicle, tmp_path, DAY, RECEIVED, 3) == folder / "motor_vehicle_20201031_3.csv"


def test_a_delivery_is_never_overwritten(tmp_path: Path, vehicle: Contract) -> None:
    before = deliver(tmp_path, vehicle).read_bytes()
    with pytest.raises(FileExistsError, match="sequence"):
        deliver(tmp_path, vehicle, VEHICLES.head(1))
    assert deliver(tmp_path / "else", vehicle).read_bytes() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("suffix", [".csv", ".gz"])
def test_every_encoding_carries_every_value_in_the_same_bytes(
    tmp_path: Path, vehicle: Contract, encoding: str, suffix: str
) -> None:
    packed = suffix == ".gz"
    first = deliver(tmp_path / "one", vehicle, encoding=encoding, gzip=packed)
    again = deliver(tmp_path / "two", vehicle, encoding=encoding, gzip=packed)
    assert first.read_bytes() == again.read_bytes()
    rows = cells(first, encoding)
    assert [row["机动车所有人"] for row in rows] == VEHICLES["owner_name"].to_list()
    assert [row["车辆品牌"] for row in rows] == ["长城, 牌", '"好"牌', ""]
    assert [row["身份证明号码"] for row in rows] == ["529901198003070011", "", "52990119900101002X"]
    assert [row["登记日期"] for row in rows] == ["2015-01-02", "2020-01-31", "2020-10-01"]
    assert [row["排量"] for row in rows] == ["1498", "", "2982.5"]
    content = gzip.decompress(first.read_bytes()) if packed else first.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert content.endswith(b"\r\n") == (encoding == "gb18030")


def test_headers_are_the_agreed_ones_or_known_spellings_in_any_order(tmp_path: Path, vehicle: Contract) -> None:
    agreed = [column.header for column in vehicle.columns]
    known = {column.header: {column.header, *column.aliases} for column in vehicle.columns}
    assert list(cells(deliver(tmp_path, vehicle))[0]) == agreed
    aliased = list(cells(deliver(tmp_path, vehicle, sequence=2, header_style="alias"))[0])
    assert aliased != agreed
    assert all(header in known[own] for header, own in zip(aliased, agreed, strict=True))
    reordered = list(cells(deliver(tmp_path, vehicle, sequence=3, header_style="reordered"))[0])
    assert reordered != agreed
    assert sorted(reordered) == sorted(agreed)


def test_a_column_can_be_left_out_or_headed_otherwise(tmp_path: Path, vehicle: Contract) -> None:
    path = deliver(tmp_path, vehicle, drop_or_rename={"brand": None, "status": "状态标志"})
    headers = list(cells(path)[0])
    assert "车辆品牌" not in headers
    assert "机动车状态" not in headers
    assert headers[headers.index("登记日期") + 1] == "状态标志"
    with pytest.raises(ValueError, match="colour"):
        deliver(tmp_path, vehicle, sequence=2, drop_or_rename={"colour": None})


def test_codes_are_written_as_codes_or_labels(tmp_path: Path, vehicle: Contract) -> None:
    assert [row["车辆类型"] for row in cells(deliver(tmp_path, vehicle, label_codes=False))] == ["K33", "M21", "H31"]
    labels = [row["车辆类型"] for row in cells(deliver(tmp_path, vehicle, sequence=2, label_codes=True))]
    codes = vehicle.column("vehicle_kind").codes
    assert labels == [codes[code].zh for code in ("K33", "M21", "H31")]


def test_old_division_codes_lead_back_to_todays(tmp_path: Path, vehicle: Contract) -> None:
    written = [row["住所行政区划"] for row in cells(deliver(tmp_path, vehicle, old_divisions=True))]
    assert written[0] == "520102016001"
    assert written[1] != "520281106215"
    assert [successor(code) for code in written[:2]] == ["520102016001", "520281106215"]


def test_repeated_rows_follow_their_original(tmp_path: Path, vehicle: Contract) -> None:
    plates = [row["号牌号码"] for row in cells(deliver(tmp_path, vehicle, duplicate_rows=1.0))]
    assert plates == ["贵A00001", "贵A00001", "贵A00002", "贵A00002", "贵B00003", "贵B00003"]


def test_a_broken_transfer_leaves_part_of_the_file_or_none(tmp_path: Path, vehicle: Contract) -> None:
    whole = deliver(tmp_path, vehicle).read_bytes()
    assert deliver(tmp_path, vehicle, sequence=2, cut_at=0.5).read_bytes() == whole[: len(whole) // 2]
    assert deliver(tmp_path, vehicle, sequence=3, cut_at=0.0).read_bytes() == b""


def test_no_rows_leave_the_header(tmp_path: Path, vehicle: Contract) -> None:
    path = deliver(tmp_path, vehicle, VEHICLES.clear())
    assert path.read_text(encoding="utf-8").splitlines() == [",".join(column.header for column in vehicle.columns)]


def test_slips_change_only_width_and_outer_blanks(tmp_path: Path, vehicle: Contract) -> None:
    slips = DeliveryRates(full_width_digits=1.0, padded=1.0, label_instead_of_code=0.0, missing_marker=1.0)
    row = cells(deliver(tmp_path, vehicle, rates=slips))[2]
    narrow = {
        key: "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in value).strip()
        for key, value in row.items()
    }
    assert row["号牌号码"] != "贵B00003"
    assert narrow["号牌号码"] == "贵B00003"
    assert narrow["机动车所有人"] == "李𬭎"
    assert row["身份证明号码"] == "52990119900101002X"
    assert row["车辆品牌"] in {"NULL", "-", "/"}
    assert row["状态变更日期"] in {"NULL", "-", "/"}


def test_amounts_are_in_the_unit_of_the_header(tmp_path: Path) -> None:
    contract = load_catalogue()["enterprise_representative"]
    capital = contract.column("registered_capital")
    assert capital.unit == "wan_yuan"
    frame = pl.DataFrame({"uscc": ["91529901MA00000001"], "registered_capital": [Decimal("1234567.00")]})
    assert cells(deliver(tmp_path, contract, frame))[0][capital.header] == "123.4567"
    turnover = load_catalogue()["business_turnover"]
    monthly = pl.DataFrame({"month": [date(2020, 10, 1)], "invoiced": [12345.6]})
    seen = set()
    for seed in range(12):
        row = cells(deliver(tmp_path / str(seed), turnover, monthly, seed=seed, header_style="alias"))[0]
        header = next(
            header
            for header in (turnover.column("invoiced").header, *turnover.column("invoiced").aliases)
            if header in row
        )
        seen.add((header.endswith("(万元)"), row[header]))
    assert seen == {(True, "1.23456"), (False, "12345.60")}


@pytest.mark.parametrize(
    ("form", "day", "month"),
    [
        (DateForm.COMPACT, "20201031", "202010"),
        (DateForm.DASHED, "2020-10-31", "2020-10"),
        (DateForm.SLASHED, "2020/10/31", "2020/10"),
        (DateForm.CHINESE, "2020年10月31日", "2020年10月"),
        (DateForm.EXCEL, "44135", "44105"),
    ],
)
def test_date_forms(form: DateForm, day: str, month: str) -> None:
    assert write_dates(pl.Series([DAY, None]), form).to_list() == [day, None]
    assert write_dates(pl.Series([date(2020, 10, 1)]), form, months=True).to_list() == [month]


def test_days_too_early_for_five_digit_serials_are_written_out() -> None:
    assert write_dates(pl.Series([date(1927, 5, 18)]), DateForm.EXCEL).to_list() == ["10000"]
    early = pl.Series([date(1927, 5, 17), DAY])
    assert write_dates(early, DateForm.EXCEL).to_list() == ["1927-05-17", "2020-10-31"]


def test_amount_forms() -> None:
    yuan = pl.Series([0.0, 999.99, 1234567.89, -12345.1, None])
    assert write_amounts(yuan).to_list() == ["0.00", "999.99", "1234567.89", "-12345.10", None]
    assert write_amounts(yuan, AmountForm.GROUPED).to_list() == ["0.00", "999.99", "1,234,567.89", "-12,345.10", None]
    assert write_amounts(yuan, AmountForm.WAN).to_list() == ["0", "0.099999", "123.456789", "-1.23451", None]
    assert write_fixed(pl.Series([50.0, 33.3333, 0.5]), 4).to_list() == ["50", "33.3333", "0.5"]
    assert write_amounts(pl.Series([Decimal("123456789012.34")])).to_list() == ["123456789012.34"]
