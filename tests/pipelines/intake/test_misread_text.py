"""A file that is not read says what it seems to be: another encoding, garbled text, other separators, another type."""

from pathlib import Path

import pytest
from zhconv_rs import zhconv

from pipelines.intake.header import read_columns
from pipelines.intake.land import UnreadableDeliveryError, detect_encoding
from schemas.catalogue import load_catalogue
from schemas.contract import Contract
from tests.pipelines.conftest import csv_of

HEADER = ("发放流水号", "姓名", "身份证号", "发放日期", "金额", "住址")
ROW = ("A1", "张三", "529901199001011235", "2020-10-01", "1.5", "某村")
TABLE = csv_of(HEADER, ROW).decode()
MOTOR, DEATH = load_catalogue()["motor_vehicle"], load_catalogue()["death_cancellation"]


def refused(content: bytes, folder: Path, contract: Contract) -> UnreadableDeliveryError:
    path = folder / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableDeliveryError) as error:
        read_columns(path, detect_encoding(path), contract)
    return error.value


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (zhconv(TABLE, "zh-hant").encode("big5"), "Big5"),
        (TABLE.encode("hz"), "HZ"),
        (TABLE.encode("utf-7"), "UTF-7"),
        (TABLE.encode().decode("gb18030", "replace").encode(), "garbled"),
        (TABLE.encode().decode("latin-1").encode(), "garbled"),
        (TABLE.encode("ascii", "replace"), "question marks"),
        (TABLE.replace(",", "#").encode(), "set apart by #"),
        (TABLE.replace(",", "@|@").encode("gb18030"), "set apart by @|@"),
        (TABLE.replace(",", "    ").encode(), "by blanks"),
    ],
)
def test_text_that_is_not_as_agreed_says_what_it_seems_to_be(
    tmp_path: Path, contract: Contract, content: bytes, told: str
) -> None:
    error = refused(content, tmp_path, contract)
    assert (error.expectation, told in error.message_en) == ("text_as_agreed", True)
    assert "张" not in f"{error.message_zh}{error.message_en}{error.observed}"


@pytest.mark.parametrize(("theirs", "ours"), [(DEATH, MOTOR), (MOTOR, DEATH)])
def test_a_header_of_another_type_names_it_and_its_folder(tmp_path: Path, theirs: Contract, ours: Contract) -> None:
    header = [column.header for column in theirs.columns]
    error = refused(csv_of(header, ["1"] * len(header)), tmp_path, ours)
    assert error.observed == theirs.name
    assert f"{theirs.department}/{theirs.name}/" in error.message_zh


def test_a_header_that_lacks_a_column_of_its_own_type_is_of_that_type(tmp_path: Path) -> None:
    header = [column.header for column in DEATH.columns if column.name != "cause"]
    path = tmp_path / "x.csv"
    path.write_bytes(csv_of(header[1:], ["1"] * len(header[1:])))
    assert DEATH.columns[0].header in read_columns(path, "utf-8", DEATH).missing


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b""])
def test_a_mark_alone_is_an_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableDeliveryError, match="empty"):
        detect_encoding(path)
