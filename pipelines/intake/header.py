"""The header of a delivery, matched with the columns of its contract."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.intake.land import UnreadableDeliveryError
from pipelines.intake.read_csv import read_header
from pipelines.intake.unknown_headers import of_another_type, suggested, told_of, unknown_headers
from schemas.contract import Contract

LONGEST_OBSERVED = 200
_OTHER_SEPARATORS = {
    "\t": ("制表符(Tab)", "tabs"),
    ";": ("分号", "semicolons"),
    "|": ("竖线", "vertical bars"),
    "，": ("全角逗号", "full-width commas"),
    "\x01": ("控制字符 0x01", "the control character 0x01"),
}


@dataclass(frozen=True)
class Header:
    """How the header of a delivery maps to the contract."""

    cells: tuple[str, ...]
    positions: dict[str, int]
    """Where each column of the contract stands in the file."""
    missing: tuple[str, ...]
    """Agreed headers of columns the file does not have."""
    unknown: tuple[str, ...]
    """Where the other cells stand, from 1, with what they most likely are, or their shapes: `unknown_headers`."""


def read_columns(path: Path, encoding: str, contract: Contract) -> Header:
    """Match the file's header with the contract's headers and aliases, in any order.

    The header is read in the file's encoding, and in the other one where it is none in the first.
    A line of data may stand in its place, so no cell is told that may be somebody's: see `unknown_headers`.
    Raises UnreadableDeliveryError when no column of the contract is found, or one is found twice.
    """
    others = (other for other in ("utf-8", "gb18030") if not encoding.startswith(other))
    for tried in (encoding, *others):
        cells = tuple(read_header(path, tried))
        columns = [contract.column_under(cell) for cell in cells]
        if any(columns):
            break
        _refuse_other_separators(cells, contract)
    else:
        cells = tuple(read_header(path, encoding))
        theirs_zh, theirs_en = of_another_type(cells)
        near = suggested(cells, contract)
        raise UnreadableDeliveryError(
            "header_known",
            told_of(cells)[:LONGEST_OBSERVED],
            f"表头没有一列与约定相符:可能放错了目录,或首行不是表头{theirs_zh}{near}",
            "none of the headers is in the contract: the file may be in the wrong folder, or lack its header line"
            f"{theirs_en}{near}",
        )
    positions: dict[str, int] = {}
    for position, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        if column is None:
            continue
        if column.name in positions:
            raise UnreadableDeliveryError(
                "header_unambiguous",
                cell,
                f"表头有两列对应同一字段({cell}),请部门核对后重新交换",
                f"two headers mean the column {column.name} ({cell}): ask the department to correct the extract",
            )
        positions[column.name] = position
    missing = tuple(column.header for column in contract.columns if column.name not in positions)
    return Header(cells, positions, missing, unknown_headers(cells, set(positions.values()), contract))


def _refuse_other_separators(cells: tuple[str, ...], contract: Contract) -> None:
    for separator, (zh, en) in _OTHER_SEPARATORS.items():
        known = [contract.column_under(part) for part in cells[0].split(separator)]
        if len(known) > 1 and any(known):
            raise UnreadableDeliveryError(
                "cells_separated_by_commas",
                f"{len(known)} cells separated by {en}",
                f"单元格之间是{zh},不是逗号,请部门以逗号分隔重新导出",
                f"its cells are separated by {en}, not by commas: ask the department to export it with commas",
            )
