"""Workbooks, archives and dBASE tables that claim, hide or nest more than they hold."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from random import Random

from tests.pipelines.intake.made_files import Table, csv_text, dbase, workbook, zipped

SHEET = "xl/worksheets/sheet1.xml"


def as_workbook(table: Table) -> bytes:
    """Cells hold what XML can, and no more than Excel lets them."""
    return workbook([[cell[:32_000] for cell in row] for row in table], shared=len(table) % 2 == 0)


def as_dbase(table: Table) -> bytes:
    """A table of short cells in GB18030, with no more columns than one may have."""
    width = min(max(map(len, table), default=0), 200)
    rows = [[_narrow(cell) for cell in (*row, *[""] * width)[:width]] for row in table]
    names = [name or f"C{place}" for place, name in enumerate(rows[0])] if rows else []
    return dbase([names, *rows[1:]])


def _narrow(cell: str) -> str:
    return cell[:40].encode("gb18030", "replace").decode("gb18030", "replace").replace("\0", "")


def _changed_parts(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(name, change(name, archive.read(name))) for name in archive.namelist()]
    return zipped(*((name, part) for name, part in parts if part is not None))


def entity_bomb(table: Table, chance: Random) -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'.encode() for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    bomb += chance.choice(
        (b"]>", b'<!ENTITY j SYSTEM "file:///etc/passwd">]>', b'<!ENTITY % k SYSTEM "http://127.0.0.1:9/">]>')
    )
    where = chance.choice((SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"))

    def change(name: str, part: bytes) -> bytes:
        head, sign, rest = part.partition(b"?>")
        return head + sign + bomb + rest.replace(b"</t>", b"&i;</t>") if name == where else part

    return _changed_parts(as_workbook(table), change)


def part_spoilt(table: Table, chance: Random) -> bytes:
    """A part of the workbook cut, gone, empty, not XML, or with its bytes turned."""
    content = as_workbook(table)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        where = chance.choice(archive.namelist())
    spoil = chance.choice(
        (
            lambda part: part[: chance.randrange(len(part))],
            lambda _: None,
            lambda _: b"",
            lambda _: b"\0" * 500,
            lambda part: part.replace(b"<row", b"<rov", 3),
            lambda part: part.replace(b'r="', b'r="-', 5),
            lambda part: part.replace(b'r="1', b'r="99999999999', 5),
            lambda part: part.replace(b't="s"><v>', b't="s"><v>9999'),
            lambda part: part.replace(b"<v>", b"<v>1e400"),
            lambda part: part.replace(b"worksheet", b"chartsheet"),
            lambda part: part.replace(b"UTF-8", chance.choice((b"UTF-16", b"GBK", b"x-none"))),
            lambda part: bytes(one ^ (chance.random() < 0.01) for one in part),
        )
    )
    return _changed_parts(content, lambda name, part: spoil(part) if name == where else part)


def claims_everything(table: Table, chance: Random) -> bytes:
    """A sheet whose stated extent, last cell, merged cells or formatting reach to the end of what a sheet has."""
    claims: Sequence[Callable[[bytes], bytes]] = (
        lambda part: part.replace(b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="'),
        lambda part: part.replace(b'<dimension ref="', b'<dimension ref="A1:ZZZZZ99999999" x="'),
        lambda part: part.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
        lambda part: part.replace(b"</sheetData>", b'<row r="999999999"><c><v>1</v></c></row></sheetData>'),
        lambda part: part.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ),
        lambda part: part.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A2:C9"/></mergeCells>'),
        lambda part: part.replace(b"</sheetData>", _styled(chance.choice((2_000, 20_000))) + b"</sheetData>"),
        lambda part: part.replace(b"</sheetData>", b'<row r="20">' + b'<c s="1"/>' * 40_000 + b"</row></sheetData>"),
    )
    claim = chance.choice(claims)
    return _changed_parts(as_workbook(table), lambda name, part: claim(part) if name == SHEET else part)


def _styled(rows: int) -> bytes:
    cells = b'<c s="1"/>' * 40
    return b"".join(b'<row r="%d">%b</row>' % (100 + row, cells) for row in range(rows))


def zip_of_much(table: Table, chance: Random) -> bytes:
    """A member that unpacks to far more than it takes: blank lines, NULs, or one line."""
    filling = chance.choice((b"\n", b"\0", b"x", b",", b'"', b" ")) * chance.choice((1 << 20, 24 << 20))
    return zipped(("a.csv", csv_text(table) + filling))


def gzip_of_much(table: Table, chance: Random) -> bytes:
    filling = chance.choice((b"\n", b"\0", b"x", b",", b'"', b" ", b"\r")) * chance.choice((1 << 20, 24 << 20))
    return gzip.compress(csv_text(table) + filling, 1)


def nested(table: Table, chance: Random) -> bytes:
    content, name = csv_text(table), "a.csv"
    for depth in range(chance.randrange(2, 12)):
        content, name = chance.choice(((gzip.compress(content, 1), "a.gz"), (zipped((name, content)), f"{depth}.zip")))
    return content


def many_members(table: Table, chance: Random) -> bytes:
    names = (
        "../../a.csv",
        "/etc/a.csv",
        "C:\\a.csv",
        "a\nb.csv",
        "\x1b[31m.csv",
        "a.csv",
        "A.CSV",
        "a.csv/",
        "名单.csv",
        " ",
        "a" * 300,
    )
    members = [(chance.choice(names), csv_text([table[0], *table[1:][place::3]])) for place in range(3)]
    return zipped(
        *{f"{place}{name}" if chance.random() < 0.5 else name: one for place, (name, one) in enumerate(members)}.items()
    )


def empty_members(_: Table, chance: Random) -> bytes:
    return zipped(*((f"{place}.csv", b"") for place in range(chance.choice((0, 1, 3000)))))


def said_to_be_locked(table: Table, chance: Random) -> bytes:
    """The bit that says a member is encrypted, or a way of packing or a size that is not so."""
    content = bytearray(zipped(("a.csv", csv_text(table))))
    member, listed = content.find(b"PK\x03\x04"), content.find(b"PK\x01\x02")
    offset, size = chance.choice(((6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)))
    value = chance.choice((1, 9, 99, (1 << 8 * size) - 1)).to_bytes(size, "little")
    content[member + offset : member + offset + size] = value
    content[listed + offset + 2 : listed + offset + 2 + size] = value
    return bytes(content)


def wild_dbase(table: Table, chance: Random) -> bytes:
    """A dBASE table whose header lies of lengths, numbers of records, or types and widths of columns."""
    content = bytearray(as_dbase(table[:13]))
    for _ in range(chance.randrange(1, 4)):
        offset, form = chance.choice(
            ((4, "<I"), (8, "<H"), (10, "<H"), (0, "<B"), (1, "<B"), (29, "<B"), (43, "<B"), (48, "<B"), (49, "<B"))
        )
        largest = (1 << 8 * struct.calcsize(form)) - 1
        struct.pack_into(form, content, offset, chance.choice((0, 1, 33, 65, 77, largest, chance.randrange(largest))))
    return bytes(content)


def no_table_at_all(_: Table, chance: Random) -> bytes:
    starts = (
        b"%PDF-1.7\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PK\x05\x06",
        b"BZh9",
        b"\x03x\x0a\x1d",
        b"\x1f\x8b\x08\0",
        b"PAR1",
        b"",
        b"\xff\xfe",
        b"\0\0\xfe\xff",
        b"{\\rtf1",
    )
    return chance.choice(starts) + chance.randbytes(chance.choice((0, 1, 7, 512, 9000)))


def one_long_line(table: Table, chance: Random) -> bytes:
    return (
        csv_text(table[:2])
        + chance.choice((b"x", b'"', b",", b"\0", b"\xe6\x9d\x8e", b"\xff")) * chance.choice((1_500_000, 4_000_000))
        + csv_text(table[-1:])
    )


MADE: Sequence[tuple[str, Callable[[Table, Random], bytes]]] = (
    *(
        (".xlsx", made)
        for made in (entity_bomb, part_spoilt, part_spoilt, part_spoilt, claims_everything, claims_everything)
    ),
    *((".zip", made) for made in (zip_of_much, nested, many_members, empty_members, said_to_be_locked)),
    *((".dbf", wild_dbase), (".dbf", wild_dbase), (".csv.gz", gzip_of_much), (".csv", one_long_line)),
    *((".xls", no_table_at_all), (".csv", no_table_at_all)),
)
"""Each with the ending its kind usually has."""
