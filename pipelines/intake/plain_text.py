"""From the bytes that landed to text that the reader takes: the first of them tell what they are, never a name.

Text in UTF-8 or GB18030 with line feeds, gzip or not, is read where it landed. Anything else that holds a table is
written once, beside, as text: that of another encoding or with other line ends keeps its separators; a workbook, a
dBASE table or several files of an archive become lines of comma-separated cells (RFC 4180).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.deliveries.receipts import Section
from pipelines.intake.file_formats.found_sheets import Sheets, SheetsFinder
from pipelines.intake.file_formats.joined_sheets import choose, filled
from pipelines.intake.file_formats.sheets import Sheet, shown_name
from pipelines.intake.file_formats.units_alike import refuse_other_units
from pipelines.intake.file_formats.written_table import write_one, write_several
from pipelines.intake.land import UnreadableDeliveryError
from schemas.contract import Contract
from schemas.declaration import Title


@dataclass(frozen=True)
class PlainText:
    """What the reader reads for a delivery."""

    path: Path
    encoding: str | None = None
    """Of that, where it is known; else its first bytes tell."""
    came_as: str | None = None
    """What the bytes were, where they were not text as agreed."""
    sections: tuple[Section, ...] = ()


def as_plain_text(landed: Path, contract: Contract, aside: Path) -> PlainText:
    """What the reader is to read for the bytes that landed; what must be written for it is written below ``aside``.

    Raises UnreadableDeliveryError for a file that cannot be opened or read to its end, with what it seems to be, and
    where it is not clear which of its tables are meant.
    """
    finder = SheetsFinder(contract, aside / "text")
    found = finder.sheets_in(landed)
    if found is None:
        return PlainText(landed)
    return _written(found, contract, aside / "text")


def _written(found: Sheets, contract: Contract, folder: Path) -> PlainText:
    folder.mkdir(parents=True, exist_ok=True)
    sheets = filled(found.sheets)
    if not sheets:
        raise _no_rows(found)
    table = folder / "table.csv.zst"
    passed_over = list(found.passed_over)
    if len(sheets) > 1:
        parts, others = choose(sheets, contract)
        refuse_other_units(parts, contract)
        sheets = [part.sheet for part in parts]
        passed_over += [(sheet.name, reason) for sheet, reason in others]
    begins, encoding = [(sheets[0], 1)], None
    if len(sheets) > 1:
        begins = write_several(parts, contract, table)
    elif sheets[0].text is None:
        write_one(sheets[0], contract, table)
        encoding = "utf-8"
    else:
        table, encoding = sheets[0].text.path, sheets[0].text.encoding
    return PlainText(table, encoding, found.came_as, _sections(begins, passed_over))


def _sections(begins: Sequence[tuple[Sheet, int]], passed_over: Sequence[tuple[str, Title]]) -> tuple[Section, ...]:
    read = [
        Section(name=shown_name(sheet.name), first_line=line, remarks=sheet.remarks)
        for sheet, line in begins
        if sheet.name
    ]
    return (*read, *(Section(name=shown_name(name), remarks=(reason,)) for name, reason in passed_over))


def _no_rows(found: Sheets) -> UnreadableDeliveryError:
    if found.passed_over:
        _, why = found.passed_over[0]
        return UnreadableDeliveryError(
            "file_holds_table",
            f"{len(found.passed_over)} files, none a table",
            f"压缩包中没有数据表({why.zh}):请部门放入 CSV 或 Excel 后重新交换",
            f"the archive holds no table ({why.en}): ask the department to put CSV or Excel files into it",
        )
    return UnreadableDeliveryError(
        "file_not_empty",
        "no cells",
        "文件中没有任何数据,请部门重新交换",
        "the file holds no data at all: ask the department for it again",
    )
