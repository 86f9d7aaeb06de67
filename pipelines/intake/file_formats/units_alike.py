"""Amounts of several sheets under one header: each sheet must count them in the same unit."""

from collections.abc import Sequence
from itertools import islice

from pipelines.intake.file_formats.joined_sheets import Headed
from pipelines.intake.file_formats.sheets import shown_name
from pipelines.intake.land import UnreadableDeliveryError
from pipelines.intake.stated_unit import unit_stated
from schemas.column import HEADER_UNITS, Meaning
from schemas.contract import Contract


def refuse_other_units(parts: Sequence[Headed], contract: Contract) -> None:
    """Raise UnreadableDeliveryError where two sheets state different units for one amount."""
    first = _units(parts[0], contract)
    for part in parts[1:]:
        for column, unit in _units(part, contract).items():
            if first.setdefault(column, unit) != unit:
                name, header = shown_name(part.sheet.name), contract.column(column).header
                raise UnreadableDeliveryError(
                    "units_alike",
                    f"{name}: {unit}, before {first[column]}",
                    f"“{name}”中“{header}”的金额单位与前面的表不同,无法合并:请部门统一为元后重新交换",
                    f"{name} counts {header} in another unit than the tables before it: ask the department for amounts "
                    "in yuan in all of them",
                )


def _units(part: Headed, contract: Contract) -> dict[str, str]:
    """In what a sheet counts each amount: by its header, else by a title above it, else as agreed."""
    stated = unit_stated(cell for row in islice(part.sheet.rows(), part.row) for cell in row)
    units = {}
    for cell, column in zip(part.cells, contract.columns_under(part.cells), strict=True):
        if column is not None and column.meaning is Meaning.AMOUNT:
            units[column.name] = column.unit_said(cell) or HEADER_UNITS.get(f"({stated})", column.unit or "")
    return units
