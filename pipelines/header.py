"""The header of a delivery, matched with the columns of its contract."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.land import UnreadableDeliveryError
from pipelines.read_csv import read_header
from schemas.contract import Contract


@dataclass(frozen=True)
class Header:
    """How the header of a delivery maps to the contract."""

    cells: tuple[str, ...]
    positions: dict[str, int]
    """Where each column of the contract stands in the file."""
    missing: tuple[str, ...]
    """Agreed headers of columns the file does not have."""
    unknown: tuple[str, ...]


def read_columns(path: Path, encoding: str, contract: Contract) -> Header:
    """Match the file's header with the contract's headers and aliases, in any order.

    Raises UnreadableDeliveryError when no column of the contract is found, or one is found twice.
    """
    cells = tuple(read_header(path, encoding))
    positions: dict[str, int] = {}
    unknown: list[str] = []
    for position, cell in enumerate(cells):
        column = contract.column_under(cell)
        if column is None:
            unknown.append(cell)
        elif column.name in positions:
            raise UnreadableDeliveryError(
                "header_unambiguous",
                cell,
                f"表头有两列对应同一字段({cell}),请部门核对后重新交换",
                f"two headers stand for the column {column.name} ({cell}): ask the department to correct the extract",
            )
        else:
            positions[column.name] = position
    if not positions:
        raise UnreadableDeliveryError(
            "header_known",
            ", ".join(cells)[:200],
            "表头没有一列与约定相符,可能放错了目录",
            "no header is one of the contract's: the file may be in the wrong folder",
        )
    missing = tuple(column.header for column in contract.columns if column.name not in positions)
    return Header(cells, positions, missing, tuple(unknown))
