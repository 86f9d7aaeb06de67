"""What tables a file of any kind holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipelines.intake.file_formats.damaged_file import too_large
from pipelines.intake.file_formats.dbase_table import dbase_sheet
from pipelines.intake.file_formats.html_tables import page_sheets
from pipelines.intake.file_formats.packed_members import MOST_BYTES
from pipelines.intake.file_formats.sheets import Sheet, TextFile, shown_name
from pipelines.intake.file_formats.since_1904 import counted_from_1900
from pipelines.intake.file_formats.tar_archive import tar_members
from pipelines.intake.file_formats.text_files import as_utf_8, ends_in_returns, text_sheet, with_line_feeds
from pipelines.intake.file_formats.xls_workbook import old_workbook_sheets
from pipelines.intake.file_formats.xlsb_workbook import binary_workbook_sheets
from pipelines.intake.file_formats.xlsx_workbook import is_strict, workbook_sheets
from pipelines.intake.file_formats.xml_sheets import (
    flat_document_sheets,
    is_spreadsheet,
    open_document_sheets,
    xml_workbook_sheets,
)
from pipelines.intake.file_formats.zip_archive import Member, members, names_in
from pipelines.intake.file_kind import (
    ARCHIVES,
    BLANK,
    DBASE,
    OLD_WORKBOOK,
    OPEN_DOCUMENT,
    STRICT_WORKBOOK,
    TAR,
    UTF_16,
    UTF_32,
    WEB_PAGE,
    WORKBOOK,
    XML_WORKBOOK,
    ZIP,
    Kind,
    kind_of,
)
from pipelines.intake.land import (
    BLOCK,
    GZIP,
    UnreadableDeliveryError,
    first_bytes,
    likely_encoding,
    no_table,
    open_plain,
)
from schemas.contract import Contract
from schemas.declaration import Title

WORKBOOK_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}
BINARY_PARTS = {"[Content_Types].xml", "xl/workbook.bin"}
OTHER_PACKAGES = {
    "word/document.xml": Kind("Word 文档(docx)", "a Word document (docx)"),
    "ppt/presentation.xml": Kind("演示文稿(pptx)", "a presentation (pptx)"),
    "content.xml": Kind("OpenDocument 文档(odt、odp)", "an OpenDocument text or presentation (odt, odp)"),
}
"""Kinds of file that are zip archives and not sent as such, by a member they have."""


@dataclass(frozen=True)
class Sheets:
    """The tables of a file, and what else is in it."""

    came_as: str
    sheets: list[Sheet]
    passed_over: tuple[tuple[str, Title], ...] = ()
    """Files of an archive in which no table is, with the reason."""


class SheetsFinder:
    """Finds tables, and unpacks what must be into a folder of its own."""

    def __init__(self, contract: Contract, folder: Path) -> None:
        self._contract, self._folder, self._written = contract, folder, 0

    def sheets_in(self, path: Path) -> Sheets | None:
        """The tables of a file; None for text that the reader takes as it stands, and for what it takes in no way.

        Raises UnreadableDeliveryError for a file that is damaged, or has a password.
        """
        kind, start = _kind_and_start(path)
        if kind in (UTF_16, UTF_32):
            target = self._place(".csv.zst")
            encoding = as_utf_8(path, target)
            return Sheets(encoding, [self._text("", target)])
        if kind in (ZIP, WORKBOOK):
            return self._in_package(self._as_file(path))
        if kind is OLD_WORKBOOK:
            return Sheets("xls", self._in_our_count(old_workbook_sheets(self._as_file(path))))
        if kind is TAR:
            return self._of_members("tar", tar_members(path, self._folder_for_members()))
        if kind is WEB_PAGE:
            return Sheets("html", page_sheets(path, self._place))
        if kind is XML_WORKBOOK:
            return Sheets("xml", xml_workbook_sheets(path, self._place))
        if kind is OPEN_DOCUMENT:
            return Sheets("fods", flat_document_sheets(path, self._place))
        if kind is DBASE:
            return Sheets("dbf", [dbase_sheet(self._as_file(path), self._contract)])
        if kind is None and ends_in_returns(start):
            target = self._place(".csv.zst")
            with_line_feeds(path, target)
            return Sheets("cr", [self._text("", target)])
        return None

    def _in_package(self, path: Path) -> Sheets:
        names = names_in(path)
        if names >= WORKBOOK_PARTS and is_strict(path):
            raise no_table(STRICT_WORKBOOK)
        if names >= WORKBOOK_PARTS:
            return Sheets("xlsx", self._in_our_count(workbook_sheets(path)))
        if names >= BINARY_PARTS:
            return Sheets("xlsb", self._in_our_count(binary_workbook_sheets(path)))
        if _is_document(names, path):
            return Sheets("ods", open_document_sheets(path, self._place))
        if kind := _other_package(names):
            raise no_table(kind)
        return self._of_members("zip", members(path, self._folder_for_members()))

    def _folder_for_members(self) -> Path:
        folder = self._place()
        folder.mkdir(exist_ok=True)
        return folder

    def _of_members(self, came_as: str, unpacked: Iterable[Member]) -> Sheets:
        sheets: list[Sheet] = []
        passed_over: list[tuple[str, Title]] = []
        met: dict[str, str] = {}
        for member in unpacked:
            if (first := met.setdefault(member.sha256, member.name)) != member.name:
                same = Title(
                    zh=f"与 {shown_name(first)} 相同,未重复读入", en=f"the same as {shown_name(first)}: not read again"
                )
                passed_over.append((member.name, same))
                continue
            found = self._in_member(member.name, member.path)
            if isinstance(found, Kind):
                passed_over.append((member.name, Title(zh=f"{found.zh},未读入", en=f"{found.en}: not read")))
            else:
                sheets += found
        return Sheets(came_as, sheets, tuple(passed_over))

    def _in_member(self, name: str, path: Path) -> list[Sheet] | Kind:
        """The tables of a file in an archive, or what it is that holds none."""
        kind, _ = _kind_and_start(path)
        if kind is BLANK:
            return []
        if kind in (ZIP, WORKBOOK):
            names = names_in(self._as_file(path))
            is_workbook = names >= WORKBOOK_PARTS or names >= BINARY_PARTS
            is_table = is_workbook or _is_document(names, self._as_file(path))
            if not is_table and (other := _other_package(names)):
                return other
            if not is_table:
                raise _nested(ZIP)
        if kind in ARCHIVES:
            raise _nested(kind)
        found = self.sheets_in(path)
        if found is not None:
            return [sheet.inside(name) for sheet in found.sheets]
        return kind or [self._text(name, path)]

    def _in_our_count(self, sheets: Iterable[Sheet]) -> list[Sheet]:
        return [counted_from_1900(one, self._contract) if one.since_1904 else one for one in sheets]

    def _text(self, name: str, path: Path) -> Sheet:
        return text_sheet(name, TextFile(path, likely_encoding(path)), self._contract)

    def _place(self, ending: str = "") -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._written += 1
        return self._folder / f"{self._written:05}{ending}"

    def _as_file(self, path: Path) -> Path:
        """The file itself, unpacked where it is not yet: its readers go to and fro in it."""
        with path.open("rb") as file:
            packed = path.suffix == ".zst" or file.read(len(GZIP)) == GZIP
        if not packed:
            return path
        target, size = self._place(), 0
        with open_plain(path) as source, target.open("wb") as kept:
            for block in iter(partial(source.read, BLOCK), b""):
                size += len(block)
                if size > MOST_BYTES:
                    raise too_large(ZIP, f"more than {MOST_BYTES:,} bytes")
                kept.write(block)
        return target


def _kind_and_start(path: Path) -> tuple[Kind | None, bytes]:
    with open_plain(path) as stream:
        start = first_bytes(stream, BLOCK)
    return kind_of(start) if start else BLANK, start


def _other_package(names: Collection[str]) -> Kind | None:
    return next((kind for member, kind in OTHER_PACKAGES.items() if member in names), None)


def _is_document(names: Collection[str], path: Path) -> bool:
    return "content.xml" in names and not WORKBOOK_PARTS & {*names} and is_spreadsheet(path)


def _nested(kind: Kind) -> UnreadableDeliveryError:
    return UnreadableDeliveryError(
        "archive_in_archive",
        kind.en,
        f"压缩包中还有压缩包({kind.zh}):请部门把数据文件直接放入一个压缩包后重新交换",
        f"there is an archive in the archive ({kind.en}): ask the department to put the files themselves into one",
    )
