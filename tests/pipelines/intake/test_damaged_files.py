"""A file that cannot be read to its end says what it seems to be and what to do, and never ends a night."""

import gzip
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from pipelines.intake.land import UnreadableDeliveryError
from pipelines.intake.plain_text import as_plain_text
from schemas.contract import Contract
from tests.pipelines.intake.made_files import KINDS, csv_text, dbase, workbook, zipped

TABLE = [("发放流水号", "姓名", "金额"), *((f"A{number}", "张三", "1.5") for number in range(50))]
AS_SAVED = Path(__file__).parent / "as_saved"
Opens = Callable[[bytes], None]


@pytest.fixture
def opens(tmp_path: Path, contract: Contract) -> Opens:
    def run(content: bytes) -> None:
        (tmp_path / "payment_20201029.csv").write_bytes(content)
        as_plain_text(tmp_path / "payment_20201029.csv", contract, tmp_path / "aside")

    return run


def _stored(content: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", content)
    return packed.getvalue()


def _with_password() -> bytes:
    content = bytearray(_stored(csv_text(TABLE)))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    return bytes(content)


def _deflate64() -> bytes:
    content = bytearray(_stored(csv_text(TABLE)))
    content[8] = content[content.index(b"PK\1\2") + 10] = 9
    return bytes(content)


def _huge() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    return packed.getvalue()


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
XLS = (AS_SAVED / "payment.xls").read_bytes()
DAMAGED = "damaged or incomplete"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (workbook(TABLE)[:-200], DAMAGED),
        (workbook(TABLE).replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheetX.xml"), DAMAGED),
        (XLS[: len(XLS) // 2], DAMAGED),
        (COMPOUND, DAMAGED),
        (COMPOUND + "WordDocument".encode("utf-16-le"), "Word document"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "password"),
        (dbase(TABLE)[:-100], DAMAGED),
        (_stored(csv_text(TABLE)).replace(b"A7", b"A8"), DAMAGED),
        (zipped(("a.csv", csv_text(TABLE)))[:-30], DAMAGED),
        (_with_password(), "password"),
        (_deflate64(), "Deflate64"),
        (_huge(), "far more than a table has"),
        (zipped(("a.zip", zipped(("a.csv", csv_text(TABLE))))), "archive in the archive"),
        (zipped(("a.7z", b"7z\xbc\xaf\x27\x1c"), ("a.csv", csv_text(TABLE))), "archive in the archive"),
        (zipped(("a.xlsx", workbook(TABLE)[:-200]), ("a.csv", csv_text(TABLE))), DAMAGED),
        (zipped(("a.pdf", b"%PDF-1.7\n"), ("b.docx", zipped(("word/document.xml", b"")))), "holds no table"),
        (zipped(("word/document.xml", b"")), "Word document"),
        (zipped(("xl/workbook.bin", b""), ("[Content_Types].xml", b"")), DAMAGED),
        (zipped(("a/", b""), ("a/b.csv", b"")), "no data at all"),
        (workbook([], []), "no data at all"),
        (gzip.compress(workbook(TABLE))[:-20], "gzip file is incomplete"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_why(opens: Opens, content: bytes, why: str) -> None:
    with pytest.raises(UnreadableDeliveryError, match=why) as refused:
        opens(content)
    assert "请" in refused.value.message_zh


@pytest.mark.parametrize("row", ['A1,"张"\r三,1', '"A1\r",张三,1', f'A1,"{"张" * 200_000}",1', 'A1,"张\r三,1'])
def test_text_in_an_archive_may_hold_what_text_by_itself_may(opens: Opens, row: str) -> None:
    table = f"发放流水号,姓名,金额\n{row}\n".encode()
    opens(zipped(("a.csv", table), ("b.csv", table)))


@pytest.mark.parametrize("name", ["../../escaped.csv", "/escaped.csv", "..\\escaped.csv", "C:\\escaped.csv"])
def test_a_member_s_name_leads_nowhere(opens: Opens, tmp_path: Path, name: str) -> None:
    opens(zipped((name, csv_text(TABLE)), ("b.csv", csv_text(TABLE))))
    assert [path.name for path in tmp_path.rglob("*escaped*")] == []
    assert not (tmp_path.parent / "escaped.csv").exists()


@pytest.mark.parametrize("kind", [*KINDS, "xls"])
def test_damage_anywhere_is_no_other_error(opens: Opens, kind: str) -> None:
    whole = KINDS[kind](TABLE) if kind in KINDS else XLS
    chance = random.Random(kind)  # noqa: S311
    for _ in range(12):
        content = bytearray(whole)
        place = chance.randrange(len(content))
        content[place : place + chance.choice((0, 1, 40))] = chance.randbytes(chance.choice((0, 1, 4, 40)))
        with suppress(UnreadableDeliveryError):
            opens(bytes(content[: chance.choice((len(content), place))]))
