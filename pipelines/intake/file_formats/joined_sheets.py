"""Several sheets as one table: which of them have the agreed header, and their rows under the first one's columns.

Sheets add up. A later sheet's cells are written in the order of the first's, and columns that only it has come after
them; its titles and its header become blank lines, so that a line's number tells the row in its sheet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipelines.intake.file_formats.sheets import Sheet, shown_name
from pipelines.intake.file_formats.text_files import FIRST_LINES
from pipelines.intake.land import UnreadableDeliveryError
from pipelines.intake.unknown_headers import that_of_another_type
from schemas.contract import Contract
from schemas.declaration import Title
from schemas.spellings import fold_header

FEWEST_KNOWN = 2
"""Headers of the contract in a row that is its header; one that has no other cells needs no more than one."""
NEARLY_AS_WIDE = 0.8
"""How many of the columns a sheet without a header has that may go on with the one before."""
FIRST_TO_RESEMBLE = 5
"""Rows of a sheet that is not read, in which another type's header is looked for."""
NAMES_TOLD = 10
HIDDEN = Title(zh="隐藏的工作表,未读入", en="a hidden sheet: not read")
OTHER_COLUMNS = Title(
    zh="没有约定的表头或缺少必填列,未读入", en="no agreed header, or a required column is absent: not read"
)


@dataclass(frozen=True, eq=False)
class Headed:
    """A sheet and where its header is."""

    sheet: Sheet
    row: int
    """Rows above the header."""
    cells: tuple[str, ...]
    columns: frozenset[str]
    """The columns of the contract that it has."""


def filled(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The sheets that have a cell with something in it."""
    return [sheet for sheet in sheets if any(any(map(str.strip, row)) for row in sheet.rows())]


def header_in(sheet: Sheet, contract: Contract) -> Headed | None:
    """The first row that names most columns of the contract, of the first rows of a sheet."""
    best: Headed | None = None
    for place, row in enumerate(islice(sheet.rows(), FIRST_LINES)):
        cells = _without_blank_end([cell.strip().strip("\ufeff") for cell in row])
        columns = frozenset(column.name for column in contract.columns_under(cells) if column)
        enough = len(columns) >= FEWEST_KNOWN or len(columns) == sum(map(bool, cells)) > 0
        if enough and (best is None or len(columns) > len(best.columns)):
            best = Headed(sheet, place, tuple(cells), columns)
    return best


def choose(sheets: Sequence[Sheet], contract: Contract) -> tuple[list[Headed], list[tuple[Sheet, Title]]]:
    """The sheets that are the delivery, of several, and those that are passed over, with the reason.

    Raises UnreadableDeliveryError with a question where it is not clear which they are.
    """
    found = [header_in(sheet, contract) for sheet in sheets]
    needed = {*contract.key, *(column.name for column in contract.columns if column.required)}
    headed = [one for one in found if one and needed <= one.columns]
    if not headed and (some := [one for one in found if one]):
        headed = [one for one in some if one.columns == some[0].columns]
    shown = [one for one in headed if not one.sheet.hidden]
    if not shown:
        raise _unclear(sheets, hidden=bool(headed))
    passed_over: list[tuple[Sheet, Title]] = []
    for sheet, header in zip(sheets, found, strict=True):
        if header in shown:
            continue
        if header is None and not sheet.hidden and _goes_on(sheet, shown[0]):
            raise _headless(sheet)
        passed_over.append((sheet, HIDDEN if sheet.hidden else _other_columns(sheet, contract)))
    return shown, passed_over


def _other_columns(sheet: Sheet, contract: Contract) -> Title:
    """Why a sheet is not read, with the type whose header it has, where it is another's."""
    for row in islice(sheet.rows(), FIRST_TO_RESEMBLE):
        if other := that_of_another_type(row, contract):
            return Title(
                zh=f"表头是“{other.title.zh}”({other.name})的,未读入:请放入 {other.department}/{other.name}/ 另行交换",
                en=f"its header is that of {other.name}: not read; send it to {other.department}/{other.name}/",
            )
    return OTHER_COLUMNS


def one_table(parts: Sequence[Headed], contract: Contract) -> tuple[int, Iterator[tuple[Sheet, Iterator[list[str]]]]]:
    """How many columns they have together, and each sheet with its rows as they stand in the one table."""
    union, places = _united(parts, contract)
    rows = (
        (part.sheet, _rows(part, union, own, is_first=part is parts[0]))
        for part, own in zip(parts, places, strict=True)
    )
    return len(union), rows


def _rows(part: Headed, union: Sequence[str], places: Sequence[int], *, is_first: bool) -> Iterator[list[str]]:
    for number, row in enumerate(part.sheet.rows()):
        if number > part.row:
            cells = [""] * len(union)
            for place, cell in zip(places, row, strict=False):
                cells[place] = cell
            yield cells + _without_blank_end(row[len(places) :])
        elif is_first:
            yield list(union) if number == part.row else row
        else:
            yield []


def _united(parts: Sequence[Headed], contract: Contract) -> tuple[list[str], list[list[int]]]:
    """The header of all, and for each the places its cells have there."""
    union: list[str] = []
    known: dict[tuple[str, int], int] = {}
    places = []
    for part in parts:
        own: list[int] = []
        met: dict[str, int] = {}
        for cell, column in zip(part.cells, contract.columns_under(part.cells), strict=True):
            meant = f"column {column.name}" if column else f"header {fold_header(cell)}"
            met[meant] = met.get(meant, 0) + 1
            if (meant, met[meant]) not in known:
                known[meant, met[meant]] = len(union)
                union.append(cell)
            own.append(known[meant, met[meant]])
        places.append(own)
    return union, places


def _without_blank_end(cells: Sequence[str]) -> list[str]:
    kept = len(cells)
    while kept and not cells[kept - 1].strip():
        kept -= 1
    return list(cells[:kept])


def _goes_on(sheet: Sheet, first: Headed) -> bool:
    """Whether a sheet without a header has about as many columns as the first, and may be more of its rows."""
    widest = max(sum(map(bool, map(str.strip, row))) for row in islice(sheet.rows(), FIRST_LINES))
    return NEARLY_AS_WIDE * len(first.columns) <= widest <= len(first.cells) and widest >= FEWEST_KNOWN


def _names(sheets: Iterable[Sheet]) -> str:
    names = [shown_name(sheet.name) for sheet in sheets]
    return ", ".join(names[:NAMES_TOLD]) + (", …" if len(names) > NAMES_TOLD else "")


def _unclear(sheets: Sequence[Sheet], *, hidden: bool) -> UnreadableDeliveryError:
    names = _names(sheets)
    if hidden:
        return UnreadableDeliveryError(
            "sheet_to_read",
            names,
            f"约定的表头只出现在隐藏的工作表中({names}):数据在哪一张表?请部门取消隐藏或删除后重新交换",
            f"only hidden sheets have the agreed header ({names}): which sheet is meant? Ask the department to show or "
            "delete it, and to send the file again",
        )
    return UnreadableDeliveryError(
        "sheet_to_read",
        names,
        f"有多张表({names}),没有一张有约定的表头:数据在哪一张表?请部门在该表中加上约定的表头后重新交换",
        f"there are several tables ({names}), and none has the agreed header: which one is meant? Ask the department "
        "to put the agreed header into it and to send it again",
    )


def _headless(sheet: Sheet) -> UnreadableDeliveryError:
    name = shown_name(sheet.name)
    return UnreadableDeliveryError(
        "sheet_headed",
        name,
        f"“{name}”没有表头,但列数与前面的表相近:它是前表的续页吗?请部门为它加上表头,或移走后重新交换",
        f"{name} has no header but about as many columns as the table before it: does it go on with that one? Ask the "
        "department to give it the header, or to take it away, and to send the file again",
    )
