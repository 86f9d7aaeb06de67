"""The header of a delivery, matched with the columns of its contract."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.intake.find_header import MOST_CELLS, Beginning, Known, Line, beginning, known_by
from pipelines.intake.land import UnreadableDeliveryError, open_plain
from pipelines.intake.layout import Layout
from pipelines.intake.misread_text import seems_to_be
from pipelines.intake.no_data import says_there_is_none
from pipelines.intake.read_csv import refuse_endless_line, start_of
from pipelines.intake.said_beside import said_beside
from pipelines.intake.stated_unit import unit_stated
from pipelines.intake.unknown_headers import (
    of_another_type,
    suggested,
    that_of_another_type,
    told_of,
    unknown_headers,
)
from schemas.bare_headers import OpenHeader, left_open
from schemas.column import HEADER_UNITS, Meaning
from schemas.contract import Contract

LONGEST_OBSERVED = 200
SEVERAL_DIGITS = re.compile(r"\d{4}")
LEAST_OF_A_ROW = 2


@dataclass(frozen=True)
class Header:
    """How the header of a delivery maps to the contract."""

    cells: tuple[str, ...]
    """An amount's with the unit that the file states elsewhere: ``金额(万元)``."""
    positions: dict[str, int]
    """Where each column of the contract stands in the file."""
    missing: tuple[str, ...]
    """Agreed headers of columns the file does not have."""
    unknown: tuple[str, ...]
    """Where the other cells stand, from 1, with what they most likely are, or their shapes: `unknown_headers`."""
    layout: Layout
    beside: dict[str, int]
    """Where columns stand that say how others are to be read: `pipelines.intake.said_beside`."""
    above: tuple[Line, ...] = ()
    """What stands above it."""
    below: tuple[Line, ...] = ()
    """What stands between it and the rows: units, the numbers of the columns, other names for them."""


def read_columns(path: Path, encoding: str, contract: Contract) -> Header:
    """Find the header (`pipelines.intake.find_header`) and match it with the contract's columns, in any order.

    The header is read in the file's encoding, and in the other one where it is none in the first.
    A line of data may stand in its place, so no cell is told that may be somebody's: see `unknown_headers`.
    Raises UnreadableDeliveryError when no column of the contract is found, or one is found twice, when rows stand above
    the header, or the file states a unit of money that cannot be applied.
    """
    found = read_beginning(path, encoding, known_by(contract))
    _refuse_other_units(found, contract)
    if not any(found.columns) and says_there_is_none(found.cells):
        raise UnreadableDeliveryError(
            "file_holds_table",
            "a note that there is no data",
            "文件只写明没有数据,没有表头和数据行:如本期确无数据,不必处理,此前交换的数据继续有效",
            "the file says that there is no data, and holds no table: if that is so, nothing need be done, and what "
            "was delivered before stays in use",
        )
    if other := that_of_another_type(found.cells, contract):
        raise _other_type(other, contract)
    if whose := left_open(contract, found.cells):
        raise _of_whom(whose)
    if not any(found.columns):
        raise _misread(path, contract) or _unknown(found.cells, contract)
    _refuse_rows_above(found)
    positions: dict[str, int] = {}
    for place, name in enumerate(found.columns):
        if name is None:
            continue
        if name in positions:
            raise _ambiguous(contract, name, found.cells[positions[name]], found.cells[place])
        positions[name] = place
    told = {contract.period.month} if contract.period and contract.period.ends in positions else set()
    missing = tuple(column.header for column in contract.columns if column.name not in {*positions, *told})
    beside = said_beside(found.cells, set(positions.values()), contract)
    unknown = unknown_headers(found.cells, {*positions.values(), *beside.values()}, contract)
    cells = _with_units(found, contract, positions)
    return Header(cells, positions, missing, unknown, found.layout, beside, found.above, found.below)


def read_beginning(path: Path, encoding: str, known: Known) -> Beginning:
    """How the table of a file begins, by the columns that are known of it; see `pipelines.intake.find_header`.

    Raises UnreadableDeliveryError where the file has no line that could be a header.
    """
    with open_plain(path) as stream:
        start = start_of(stream)
    refuse_endless_line(start, start if b"\n" in start else None)
    others = [other for other in ("utf-8", "gb18030") if not encoding.startswith(other)]
    found = beginning(start, [encoding, *others], known)
    if found is None or all(cell.replace(".", "").isdigit() for cell in found.cells if cell):
        raise UnreadableDeliveryError(
            "header_present",
            "no header",
            "首行不是表头,请部门带表头重新交换",
            "the first line is not a header: ask the department for the file with its header",
        )
    if len(found.cells) > MOST_CELLS:
        raise UnreadableDeliveryError(
            "header_present",
            f"{len(found.cells):,} cells",
            f"首行有 {len(found.cells):,} 个单元格,不是表头,请部门重新导出",
            f"the first line has {len(found.cells):,} cells, too many for a header: ask the department to export it "
            "again",
        )
    return found


def _refuse_other_units(found: Beginning, contract: Contract) -> None:
    """An amount in thousands or in cents would be another if it were read, and none if it were not."""
    other = [
        (cell, column)
        for cell, name in zip(found.cells, found.columns, strict=True)
        for column in contract.columns
        if cell and name is None and column.meaning is Meaning.AMOUNT and column.is_in_another_unit(cell)
    ]
    for cell, column in other:
        raise UnreadableDeliveryError(
            "unit_of_money",
            cell,
            f"表头“{cell}”的金额单位不是元或万元:请部门将“{column.header}”换算为元后重新交换",
            f"the unit of {cell} is neither yuan nor ten thousand yuan: ask the department for {column.en} in yuan",
        )


def _misread(path: Path, contract: Contract) -> UnreadableDeliveryError | None:
    with open_plain(path) as stream:
        start = start_of(stream)
    told = seems_to_be(start, known_by(contract), contract)
    if told is None:
        return None
    return UnreadableDeliveryError(
        "text_as_agreed",
        told.en,
        f"文件似乎是{told.zh},未读取:请部门重新导出为“CSV UTF-8(逗号分隔)”或 Excel 工作簿后交换",
        f"the file seems to be {told.en}; it was not read: ask the department to export it again, as CSV UTF-8 (comma "
        "delimited) or as an Excel workbook",
    )


def _unknown(cells: tuple[str, ...], contract: Contract) -> UnreadableDeliveryError:
    theirs_zh, theirs_en = of_another_type(cells)
    near = suggested(cells, contract)
    return UnreadableDeliveryError(
        "header_known",
        told_of(cells)[:LONGEST_OBSERVED],
        f"表头没有一列与约定相符:可能放错了目录,或首行不是表头{theirs_zh}{near}",
        "none of the headers is in the contract: the file may be in the wrong folder, or lack its header line"
        f"{theirs_en}{near}",
    )


def _other_type(other: Contract, contract: Contract) -> UnreadableDeliveryError:
    place = f"{other.department}/{other.name}/"
    return UnreadableDeliveryError(
        "header_of_its_type",
        other.name,
        f"表头是“{other.title.zh}”({other.name})的,不是“{contract.title.zh}”的:"
        f"文件放错了目录,请移入 {place} 并按该类型命名",
        f"the header is that of {other.name}, not of {contract.name}: the file is in the wrong folder; move it to "
        f"{place} and call it as that type's files are called",
    )


def _ambiguous(contract: Contract, name: str, first: str, second: str) -> UnreadableDeliveryError:
    column = contract.column(name)
    return UnreadableDeliveryError(
        "header_unambiguous",
        f"{first}, {second}",
        f"表头“{first}”与“{second}”都对应“{column.header}”,请部门只保留一列后重新交换",
        f"two headers, {first} and {second}, mean one column, {column.en}: ask the department for a file with one",
    )


def _of_whom(whose: OpenHeader) -> UnreadableDeliveryError:
    headers = [column.header for column in whose.candidates]
    zh, en = "”还是“".join(headers), " or ".join(headers)
    return UnreadableDeliveryError(
        "header_says_whose",
        whose.header,
        f"表头“{whose.header}”没有写明是谁的,是“{zh}”?文件未读取,此前交换的数据继续有效:请部门在表头中写明后重新交换",
        f"the header {whose.header} does not say whose it is: {en}? The file was not read, and what was delivered "
        "before stays in use: ask the department to say it in the header",
    )


def _refuse_rows_above(found: Beginning) -> None:
    """A header that was sorted in among the rows, or belongs to a second table, would set the rows above it apart."""
    width = len([cell for cell in found.cells if cell])
    rows = [line.number for line in found.above if _is_like_a_row(line, width)]
    if rows:
        raise UnreadableDeliveryError(
            "header_first",
            f"rows in lines {rows[0]} to {rows[-1]}",
            f"表头在第 {found.line} 行,其上第 {rows[0]} 至 {rows[-1]} 行像是数据,请部门将表头放在数据之前重新交换",
            f"the header is in line {found.line}, and lines {rows[0]} to {rows[-1]} above it look like rows: ask the "
            "department for the file with its header first",
        )


def _is_like_a_row(line: Line, width: int) -> bool:
    """Whether a line above a header with so many names is no title: half as many cells, some with dates or numbers."""
    numbers = [cell for cell in line.filled if SEVERAL_DIGITS.search(cell)]
    return len(line.filled) * 2 >= width and len(numbers) >= LEAST_OF_A_ROW


def _with_units(found: Beginning, contract: Contract, positions: dict[str, int]) -> tuple[str, ...]:
    """The cells of the header, an amount's with the unit stated below it or above the table, where it has none."""
    cells = list(found.cells)
    unsaid = [
        place
        for name, place in positions.items()
        if contract.column(name).meaning is Meaning.AMOUNT and contract.column(name).unit_said(cells[place]) is None
    ]
    stated = unit_stated(cell for line in found.above for cell in line.filled) if unsaid else None
    for place in unsaid:
        unit = found.units.get(place, stated)
        if f"({unit})" in HEADER_UNITS:
            cells[place] = f"{cells[place]}({unit})"
    return tuple(cells)
