"""dBASE and FoxPro tables (.dbf): records of a fixed length, in the encoding of whoever wrote them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dbfread import DBF, FieldParser

from pipelines.intake.file_formats.damaged_file import damaged, told_as_damaged
from pipelines.intake.file_formats.dbase_names import headers_meant
from pipelines.intake.file_formats.sheets import Sheet, cell_text, shown_name
from pipelines.intake.file_kind import DBASE
from pipelines.intake.land import BLOCK, by_characters
from schemas.contract import Contract
from schemas.declaration import Title

STANDS, DELETED, END = b" *\x1a"
BIG_5 = (0x4F, 0x78)
"""What the byte that names the code page says of Taiwan's; what it says of others is often wrong."""
MEMO, FLAGS = "MGPB", "0"
FOXPRO = (0x30, 0x31, 0x32)
AT_A_TIME = 1 << 12


def dbase_sheet(path: Path, contract: Contract) -> Sheet:
    """The table, its header made of the names of its fields; a deleted record is a blank row.

    Raises UnreadableDeliveryError where it is damaged or cut short.
    """
    with told_as_damaged(DBASE):
        table = _table(path)
        fields = _fields(table)
        records = _Records(path, table.header.headerlen, table.header.recordlen, table.header.numrecords)
        deleted = records.check()
        meant = headers_meant([field.name for field in fields], contract)
    remarks = []
    if deleted:
        told = (
            f"{deleted:,} 条记录带删除标记,未作为数据读入",
            f"{deleted:,} records are marked as deleted and were not read",
        )
        remarks.append(Title(zh=told[0], en=told[1]))
    if memos := [shown_name(field.name) for field in fields if _is_memo(field, table)]:
        names = ", ".join(memos)
        told = (
            f"备注字段({names})的内容在另一文件中,未随本文件交换,按空值读入",
            (f"the text of {names} is in another file, which did not come: these columns are empty"),
        )
        remarks.append(Title(zh=told[0], en=told[1]))
    if changed := {field.name: header for field, header in zip(fields, meant, strict=True) if field.name != header}:
        names = ", ".join(f"{shown_name(name)} → {header}" for name, header in changed.items())
        remarks.append(
            Title(zh=f"字段名按约定表头理解:{names}", en=f"names of fields taken for agreed headers: {names}")
        )
    return Sheet("dbf", lambda: _rows(table, fields, records, meant), remarks=tuple(remarks))


def _table(path: Path) -> Any:
    encoding = _encoding(path)
    return DBF(
        path, encoding, False, parserclass=_AsWritten, ignore_missing_memofile=True, char_decode_errors="replace"
    )


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(BLOCK)
    if start[29] in BIG_5:
        return "cp950"
    names_and_records = bytes(octet for octet in start[32:] if octet)
    return by_characters([names_and_records])


class _Field:
    """Where a field stands in a record."""

    def __init__(self, declared: Any, start: int) -> None:
        self.declared, self.name, self.type = declared, declared.name.strip(), declared.type
        self.place = slice(start, start + declared.length)


def _fields(table: Any) -> list[_Field]:
    fields, start = [], 1
    for declared in table.fields:
        fields.append(_Field(declared, start))
        start += declared.length
    if not fields or start > table.header.recordlen:
        raise damaged(DBASE, f"fields of {start:,} bytes in records of {table.header.recordlen:,}")
    return [field for field in fields if field.type != FLAGS]


@dataclass(frozen=True)
class _Records:
    """The records of a file, as bytes."""

    path: Path
    start: int
    length: int
    declared: int

    def __iter__(self) -> Iterator[bytes]:
        """Each that is complete, up to the mark that ends them."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            while block := file.read(self.length * AT_A_TIME):
                for at in range(0, len(block), self.length):
                    record = block[at : at + self.length]
                    if record[0] == END or len(record) < self.length:
                        return
                    yield record

    def check(self) -> int:
        """How many are marked as deleted. Raises where fewer are there than the file says, or one has no mark."""
        found = deleted = 0
        for found, record in enumerate(self, 1):
            deleted += record[0] == DELETED
            if record[0] not in (STANDS, DELETED):
                raise damaged(DBASE, f"record {found:,} does not begin as one")
        if found < self.declared:
            raise damaged(DBASE, f"{found:,} of {self.declared:,} records")
        return deleted


def _rows(table: Any, fields: list[_Field], records: _Records, header: list[str]) -> Iterator[list[str]]:
    parser = _AsWritten(table)
    with told_as_damaged(DBASE):
        yield header
        for record in records:
            if record[0] == DELETED:
                yield []
            else:
                yield [cell_text(parser.parse(field.declared, record[field.place])) for field in fields]


def _is_memo(field: _Field, table: Any) -> bool:
    return field.type in MEMO and not (field.type == "B" and table.header.dbversion in FOXPRO)


class _AsWritten(FieldParser):  # type: ignore[misc]
    """Text, numbers and dates as their bytes say, also where they say no number and no date."""

    def field_type_supported(self, _: str) -> bool:
        return True

    def parse(self, field: Any, data: bytes) -> object:
        if field.type in MEMO and not (field.type == "B" and self.dbversion in FOXPRO):
            return None
        return super().parse(field, data) if field.type in self._lookup else self.parseC(field, data)

    def parseC(self, _: Any, data: bytes) -> str:  # noqa: N802
        return str(self.decode_text(data.rstrip(b"\0 ")))

    def parseN(self, _: Any, data: bytes) -> str:  # noqa: N802
        return str(self.decode_text(data.strip(b"\0 ")))

    def parseF(self, _: Any, data: bytes) -> str:  # noqa: N802
        return self.parseN(_, data)

    def parseL(self, _: Any, data: bytes) -> str:  # noqa: N802
        return self.parseN(_, data.replace(b"?", b" "))

    def parseD(self, _: Any, data: bytes) -> str:  # noqa: N802
        written = self.parseN(_, data)
        try:
            return date(int(written[:4]), int(written[4:6]), int(written[6:8])).isoformat()
        except ValueError:
            return written
