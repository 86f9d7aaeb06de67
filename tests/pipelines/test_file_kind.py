"""A file that is not what its name says is read where that is easy, and else told what it is and what to do."""

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from pipelines.intake.header import read_columns
from pipelines.intake.land import UnreadableDeliveryError, detect_encoding, likely_encoding
from pipelines.intake.layout import Layout
from pipelines.intake.parse_block import parse
from pipelines.intake.read_csv import raw_blocks
from schemas.contract import Contract

TEXT = "发放流水号,姓名,金额\r\n" + "A1,一二三,12.50\r\n" * 20


def _zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, TEXT)
    return packed.getvalue()


DBASE = (
    bytes([3, 126, 11, 30]) + (300).to_bytes(4, "little") + (449).to_bytes(2, "little") + bytes(33) + b"C" + bytes(466)
)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.replace(",", "\t").encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-32"), "UTF-32"),
        (_zip("docProps/app.xml", "xl/workbook.xml", "[Content_Types].xml"), r"workbook \(xlsx\)"),
        (_zip("payment_20201029.csv"), "ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"workbook \(xls\)"),
        (DBASE, "dBASE"),
        (b"\r\n<!DOCTYPE html><html><table><tr><td>1", "HTML"),
        (b'<?xml version="1.0"?><Workbook>', "XML"),
        (b"%PDF-1.7\n", "PDF"),
        (bz2.compress(TEXT.encode()), "bzip2"),
        (lzma.compress(TEXT.encode()), "xz"),
        (gzip.compress(gzip.compress(TEXT.encode(), mtime=0), mtime=0), "compressed twice"),
        (gzip.compress(TEXT.encode("utf-16"), mtime=0), "UTF-16"),
        (bytes(5000), "only blank"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", ["payment_20201029.csv", "payment_20201029.csv.gz"])
def test_what_is_no_csv_is_named_for_what_it_is(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableDeliveryError, match=kind) as refused:
        likely_encoding(path)
    assert refused.value.expectation == "file_is_csv"
    assert "请部门" in refused.value.message_zh


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n" * 5000], ids=["no byte", "a lone BOM", "line ends"])
def test_a_file_of_no_line_is_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "payment_20201029.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableDeliveryError, match="the file is empty: ask the department for it again") as refused:
        likely_encoding(path)
    assert refused.value.expectation == "file_not_empty"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("payment_20201029.csv", gzip.compress(TEXT.encode(), mtime=0)),
        ("payment_20201029.csv.gz", TEXT.encode()),
        ("payment_20201029.csv", TEXT.encode()),
    ],
    ids=["packed", "plain under a packed name", "plain"],
)
def test_a_packed_file_is_unpacked_whatever_its_name_says(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert detect_encoding(path) == "utf-8"
    (block,) = raw_blocks(path, Layout(3))
    assert parse(block, "utf-8").cells.num_rows == 20


@pytest.mark.parametrize(
    "text", ["序号,备注\n" + "一,\0\0二\0\n" * 9, "a,b\n1\0\0\0,2\0\0\0\n", "Readme\n", "一,二\n\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_odd_text_is_text(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "payment_20201029.csv"
    path.write_bytes(text.encode(encoding))
    likely_encoding(path)


PERSON = ("529901199001011235", "潘文英", "花溪区某镇三组12号", "13985012345")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_header_is_tried_in_both_encodings(tmp_path: Path, contract: Contract, encoding: str) -> None:
    """A header typed by somebody else above rows of the other encoding."""
    path = tmp_path / "payment_20201029.csv"
    path.write_bytes("发放流水号,姓名\n".encode(encoding))
    for said in ("utf-8", "utf-8-sig", "gb18030"):
        assert read_columns(path, said, contract).positions == {"payment_no": 0, "name": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_line_of_data_in_the_header_s_place_is_never_told(tmp_path: Path, contract: Contract, encoding: str) -> None:
    path = tmp_path / "payment_20201029.csv"
    path.write_bytes((",".join(PERSON) + "\n").encode(encoding))
    with pytest.raises(UnreadableDeliveryError) as refused:
        read_columns(path, encoding, contract)
    assert refused.value.expectation == "header_known"
    assert refused.value.observed == "4 cells: 000000000000000000, 某某某, 某某某某某某某00某, 00000000000"
    _tells_nobody(refused.value.observed, refused.value.message_en, refused.value.message_zh)


def test_a_header_glued_to_the_first_row_tells_nobody(tmp_path: Path, contract: Contract) -> None:
    path = tmp_path / "payment_20201029.csv"
    path.write_text("发放流水号,姓名,备注" + ",".join(PERSON) + ",李四\n", encoding="utf-8")
    header = read_columns(path, "utf-8", contract)
    assert header.unknown[0] == "3: 某某000000000000000000"
    _tells_nobody(*header.unknown, *header.missing)


def _tells_nobody(*told: str) -> None:
    assert not [part for part in PERSON if any(part in text for text in told)]
