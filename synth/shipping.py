"""One file of the schedule: which rows it holds, and in which of the departments' habits it is written."""

import zlib
from pathlib import Path

import numpy as np
import polars as pl

from schemas.contract import Contract
from synth.deliveries import Encoding, HeaderStyle, write_delivery
from synth.schedule import Shipment

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
REPEATED_ROWS = 0.001
CORRECTED_ROWS = 0.1


def ship(frame: pl.DataFrame, contract: Contract, shipment: Shipment, rng: np.random.Generator, inbox: Path) -> None:
    """Write the file of one shipment from all rows (and versions of rows) of its type."""
    held = rows_of(frame, contract, shipment)
    if held.is_empty() and shipment.fate == "good":
        return
    cut = {"empty": 0.0, "cut": 0.6}.get(shipment.fate)
    renamed = None
    if shipment.fate == "corrected":
        held = _with_corrections(held, rng)
    if shipment.fate == "renamed":
        held = held.head(held.height // 2)
        renamed = {contract.identity[0].id_number: "权利人标识"}
    write_delivery(
        held,
        contract,
        inbox,
        shipment.delivery_date,
        shipment.received,
        shipment.sequence,
        rng=rng,
        encoding=ENCODINGS.get(contract.department, "utf-8"),
        gzip=contract.name not in UNPACKED,
        header_style=HEADER_STYLES[zlib.crc32(contract.name.encode()) % len(HEADER_STYLES)],
        old_divisions=contract.department in OLD_DIVISIONS,
        duplicate_rows=REPEATED_ROWS,
        drop_or_rename=renamed,
        cut_at=cut,
    )


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
