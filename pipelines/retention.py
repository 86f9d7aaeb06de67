"""Retention: data whose retention time has ended is deleted, with a receipt of all that was deleted.

Each contract keeps ``retention_days``. Every night since then can still be seen again as it was: dropped are the rows
of deliveries before that day which had been superseded by it, with their raw bytes, quarantine, cell notes and results.
Their receipts stay, marked as dropped, so that it is still known what came.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from engines.embedded import Limits, connect, file_list, identifier, literal
from engines.lake import Lake, written_in_one_step
from pipelines.deliveries.as_of import choose
from pipelines.deliveries.editions import editions_of
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.deliveries.rows_of import PARTITION_TYPES, rows_of
from pipelines.deliveries.superseded import key_known
from pipelines.intake.quarantine import tables_of
from pipelines.progress import LOG
from pipelines.provenance.made_of import used_since
from schemas.catalogue import Catalogue
from schemas.contract import Contract


@dataclass(frozen=True)
class Dropped:
    """What was dropped of one type."""

    type_name: str
    kept_since: date
    deliveries: tuple[str, ...]
    """Deliveries of which nothing is kept but the receipt."""
    rows: int
    bytes: int
    """Of the raw files."""
    files_vacuumed: int


def drop_past_keeping(
    lake: Lake, catalogue: Catalogue, today: date, limits: Limits, *, dry_run: bool = False
) -> list[Dropped]:
    """Drop what is past keeping as of ``today``, vacuum the tables, and write ``retention/<today>.json``.

    Returns what was dropped by type, leaving out those of which nothing was. A dry run changes nothing.
    """
    receipt_store = ReceiptStore(lake)
    dropped = [_drop_of_type(lake, receipt_store, contract, today, limits, dry_run=dry_run) for contract in catalogue]
    told = [one for one in dropped if one.deliveries or one.rows or one.files_vacuumed]
    if not dry_run:
        receipt = json.dumps([asdict(one) for one in told], ensure_ascii=False, indent=1, default=str)
        written_in_one_step(lake.root / "retention" / f"{today}.json", receipt.encode())
    for one in told:
        LOG.info(
            "stage=retention type=%s deliveries=%d rows=%d bytes=%d files=%d",
            *(one.type_name, len(one.deliveries), one.rows, one.bytes, one.files_vacuumed),
        )
    return told


def _drop_of_type(
    lake: Lake, receipt_store: ReceiptStore, contract: Contract, today: date, limits: Limits, *, dry_run: bool
) -> Dropped:
    since = today - timedelta(days=contract.retention_days)
    past = _past_keeping(lake, receipt_store, contract, since)
    rows, size = 0, 0
    for receipt in past:
        rows += receipt.conformed if receipt.usable and not receipt.same_as else 0
        size += receipt.size
        if not dry_run:
            _drop(lake, receipt_store, contract, receipt, today)
    if contract.delivery.kind == "increment":
        rows += _drop_superseded_rows(lake, receipt_store, contract, since, limits, dry_run=dry_run)
    vacuumed = sum(lake.vacuum(table, dry_run=dry_run) for table in tables_of(contract.name))
    return Dropped(contract.name, since, tuple(one.delivery_id for one in past), rows, size, vacuumed)


def _past_keeping(lake: Lake, receipt_store: ReceiptStore, contract: Contract, since: date) -> list[Receipt]:
    """Deliveries of before ``since`` that no night from then on shows or showed: superseded, refused, taken back."""
    receipts = receipt_store.of_type(contract.name)
    shown = set(choose(contract, receipt_store, as_of=since, known_by=since).deliveries)
    shown |= {receipt_store.rows_for(receipt) for receipt in receipts if _after(receipt, since)}
    # A part of a day that became complete only afterwards is shown from then on.
    for edition in editions_of(contract, [one for one in receipts if receipt_store.keeps_rows_of(one)]):
        if any(_after(part, since) for part in edition.receipts):
            shown |= {receipt_store.rows_for(part) for part in edition.receipts}
    shown |= used_since(lake, contract.name, since)
    old = (receipt for receipt in receipts if not _after(receipt, since) and receipt.dropped is None)
    return [
        receipt
        for receipt in old
        if receipt.delivery_id not in shown and not (receipt.usable and receipt_store.rows_for(receipt) in shown)
    ]


def _after(receipt: Receipt, since: date) -> bool:
    return receipt.delivery_date > since or receipt.received > since


def _drop(lake: Lake, receipt_store: ReceiptStore, contract: Contract, receipt: Receipt, today: date) -> None:
    """The receipt first: from then on no view shows the rows, and what is left over is dropped by the next run."""
    receipt_store.write(receipt.model_copy(update={"dropped": today}))
    for table in tables_of(contract.name):
        lake.drop(table, "delivery_id", receipt.delivery_id)
    if all(one.dropped for one in receipt_store.readings(contract.name, receipt.delivery)):
        landed = lake.root / "landed" / contract.department / contract.name / receipt.delivery
        shutil.rmtree(landed, ignore_errors=True)
    (lake.root / "checks" / contract.name / f"{receipt.delivery_id}.json").unlink(missing_ok=True)


def _drop_superseded_rows(
    lake: Lake, receipt_store: ReceiptStore, contract: Contract, since: date, limits: Limits, *, dry_run: bool
) -> int:
    """Of increments kept from before ``since``: the rows whose key a later delivery of before it brought again."""
    shown = choose(contract, receipt_store, as_of=since, known_by=since).deliveries
    later = {
        receipt_store.rows_for(receipt) for receipt in receipt_store.of_type(contract.name) if _after(receipt, since)
    }
    if len(shown) < 2:
        return 0
    rank = ", ".join(f"{literal(name)}: {position}" for position, name in enumerate(shown))
    key = ", ".join(identifier(name) for name in contract.key)
    dropped = 0
    with connect(lake.root / "spill", limits) as connection:
        connection.execute(
            "CREATE TEMP TABLE ranked AS"
            f" SELECT delivery_date, delivery_id, row_number, row_number() OVER (PARTITION BY {key} "
            f"ORDER BY MAP {{{rank}}}[delivery_id] DESC, row_number DESC) > 1 AS superseded "
            f"FROM {rows_of(lake, contract, shown)} WHERE {key_known(contract)}"
        )
        counted = "SELECT delivery_date, delivery_id, count(*) FROM ranked WHERE superseded GROUP BY ALL ORDER BY ALL"
        for day, delivery_id, count in connection.execute(counted).fetchall():
            if delivery_id in later:
                continue
            dropped += count
            if not dry_run:
                own = lake.files(contract.name, "delivery_id", [delivery_id])
                rest = connection.sql(
                    f"SELECT rows.* FROM read_parquet({file_list(own)}, hive_partitioning = true, "
                    f"hive_types = {PARTITION_TYPES}) AS rows "
                    f"ANTI JOIN (FROM ranked WHERE superseded) AS gone USING (delivery_id, row_number)"
                )
                partition = {"delivery_date": day.isoformat(), "delivery_id": delivery_id}
                lake.replace(contract.name, partition, rest.to_arrow_reader(1 << 17))
    return dropped
