"""One file of the schedule: which rows it holds, and in which of the departments' habits it is written."""

import zlib
from pathlib import Path

import numpy as np
import polars as pl

from schemas.contract import Contract
from synth.deliveries import (
    Cells,
    Encoding,
    HeaderStyle,
    cut,
    delivery_path,
    draw_cells,
    opened,
    with_duplicates,
    write_delivery,
    write_header,
    write_rows,
)
from synth.rates import load_rates
from synth.schedule import Fate, Shipment

ENCODINGS: dict[str, Encoding] = {
    "public_security": "gb18030",
    "market_regulation": "utf-8",
    "poverty_relief": "gb18030",
    "human_resources": "utf-8-sig",
    "natural_resources": "gb18030",
    "housing": "utf-8",
    "taxation": "utf-8",
    "healthcare_security": "utf-8-sig",
    "education": "gb18030",
    "disabled_federation": "utf-8-sig",
    "finance": "gb18030",
    "civil_affairs": "utf-8",
}
HEADER_STYLES: tuple[HeaderStyle, ...] = ("agreed", "alias", "reordered")
OLD_DIVISIONS = frozenset({"disabled_federation", "taxation"})
"""Departments whose systems still hold the codes of counties since merged."""
UNPACKED = frozenset({"tekun_roster", "exit_entry", "unemployment_benefit", "welfare_post", "subsidy_payment"})
"""Types that are delivered as they are, not in gzip."""
CUT_AT: dict[Fate, float] = {"empty": 0.0, "cut": 0.6}
"""Share of the bytes that arrive of a file."""
REPEATED_ROWS = 0.001
CORRECTED_ROWS = 0.1


def ship(frame: pl.DataFrame, contract: Contract, shipment: Shipment, rng: np.random.Generator, inbox: Path) -> None:
    """Write the file of one shipment from all rows (and versions of rows) of its type."""
    held = _held(frame, contract, shipment, rng)
    if held.is_empty() and shipment.fate == "good":
        return
    write_delivery(
        held,
        contract,
        inbox,
        shipment.delivery_date,
        shipment.received,
        shipment.sequence,
        rng=rng,
        encoding=encoding_of(contract),
        gzip=_packed(contract),
        header_style=_header_style(contract),
        old_divisions=contract.department in OLD_DIVISIONS,
        duplicate_rows=REPEATED_ROWS,
        drop_or_rename=_renamed(contract, shipment),
        cut_at=CUT_AT.get(shipment.fate),
    )


def ship_part(
    frame: pl.DataFrame,
    contract: Contract,
    shipment: Shipment,
    *,
    of_file: np.random.Generator,
    of_part: np.random.Generator,
    part: Path,
) -> None:
    """Write into ``part`` what a tile has to the file of a shipment: rows without a header, or nothing at all.

    ``of_file`` draws how the file is written, and is in the same state for all its parts; ``of_part`` draws the slips.
    """
    held = _held(frame, contract, shipment, of_part)
    if held.is_empty():
        return
    cells = _cells(contract, shipment, of_file)
    with opened(part, compressed=_packed(contract)) as file:
        repeated = with_duplicates(held, REPEATED_ROWS, of_part)
        write_rows(repeated, cells, file, encoding_of(contract), load_rates().deliveries, rng=of_part)


def begin_file(contract: Contract, shipment: Shipment, of_file: np.random.Generator, inbox: Path) -> Path:
    """Begin the file of a shipment that parts are to be appended to, with its header, and return where it lies.

    A part is appended as it is: members of gzip one after the other are one gzip file (RFC 1952).
    """
    path = delivery_path(
        contract,
        inbox,
        shipment.delivery_date,
        shipment.received,
        shipment.sequence,
        compressed=_packed(contract),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened(path, compressed=_packed(contract)) as file:
        write_header(_cells(contract, shipment, of_file), file, encoding_of(contract))
    return path


def end_file(path: Path, shipment: Shipment) -> None:
    """Let the file arrive as it is to arrive."""
    if shipment.fate in CUT_AT:
        cut(path, CUT_AT[shipment.fate])


def _held(frame: pl.DataFrame, contract: Contract, shipment: Shipment, rng: np.random.Generator) -> pl.DataFrame:
    held = rows_of(frame, contract, shipment)
    if shipment.fate == "corrected":
        return _with_corrections(held, rng)
    return held.head(held.height // 2) if shipment.fate == "renamed" else held


def _cells(contract: Contract, shipment: Shipment, rng: np.random.Generator) -> list[Cells]:
    return draw_cells(
        contract,
        rng,
        load_rates().deliveries,
        header_style=_header_style(contract),
        old_divisions=contract.department in OLD_DIVISIONS,
        drop_or_rename=_renamed(contract, shipment),
    )


def _renamed(contract: Contract, shipment: Shipment) -> dict[str, str | None]:
    return {contract.identity[0].id_number: "权利人标识"} if shipment.fate == "renamed" else {}


def encoding_of(contract: Contract) -> Encoding:
    """The encoding the department writes in."""
    return ENCODINGS.get(contract.department, "utf-8")


def _packed(contract: Contract) -> bool:
    return contract.name not in UNPACKED


def _header_style(contract: Contract) -> HeaderStyle:
    return HEADER_STYLES[zlib.crc32(contract.name.encode()) % len(HEADER_STYLES)]


def rows_of(frame: pl.DataFrame, contract: Contract, shipment: Shipment) -> pl.DataFrame:
    """What the shipment holds: all rows known by its date, or the increment; of each row the newest version."""
    known = pl.col("known_from")
    held = frame.filter((known <= shipment.delivery_date) & (known > shipment.after))
    if held["known_from"].n_unique() > 1 and held.select(contract.key).is_duplicated().any():
        held = held.sort("known_from", maintain_order=True)
        held = held.unique(contract.key, keep="last", maintain_order=True)
    return held


def _with_corrections(held: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """A tenth of the expenses that nothing was planted in turn out a little higher."""
    hit = pl.col("plant").is_null() & pl.Series(rng.random(held.height) < CORRECTED_ROWS)
    more = pl.when(hit).then(8.0).otherwise(0.0)
    return held.with_columns(total=pl.col("total") + more, fund_paid=pl.col("fund_paid") + more)
