"""What data engineers see at the review's site: the deliveries a night stands on or refused, and what was set apart.

The site knows no lake, so a night tells it this once, when it publishes. Samples of quarantined lines show their shape
alone: every digit is a 0, every Han character 某, every letter an a or A. That is enough to see a shifted column, a
lost sign or scientific notation, and nobody is in it.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

from engines.embedded import file_list
from engines.lake import Lake
from pipelines.deliveries.as_of import TypeAsOf
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.intake.quarantine import tables_of
from pipelines.reporting.set_apart import add_shape

SAMPLES = Path(__file__).parent / "sql" / "quarantine_samples.sql"
SAMPLES_A_RULE = 5
LONGEST_SAMPLE = 400


def quality_of(
    connection: duckdb.DuckDBPyConnection, lake: Lake, receipt_store: ReceiptStore, in_use: list[TypeAsOf]
) -> dict[str, Any]:
    """The newest delivery in use of each type and those refused since: failures, quarantine, cell notes, samples."""
    add_shape(connection)
    receipts = [(chosen, receipt) for chosen in in_use for receipt in _spoken_of(receipt_store, chosen)]
    return {
        "deliveries": [
            {
                "delivery_id": receipt.delivery_id,
                "type": receipt.type_name,
                "delivery_date": receipt.delivery_date.isoformat(),
                "received": receipt.received.isoformat(),
                "status": receipt.status.value,
                "landed": receipt.landed,
                "conformed": receipt.conformed,
                "quarantined": receipt.quarantined,
                "waits_for": {"parts": list(chosen.waits_for), "of": chosen.parts} if chosen.waits_for else None,
                "warnings": [said.model_dump() for said in receipt.warnings],
                "headers_missing": list(receipt.headers_missing),
                "headers_unknown": list(receipt.headers_unknown),
                "failures": [
                    {"expectation": failure.expectation, "zh": failure.message_zh, "en": failure.message_en}
                    for failure in receipt.failures
                ],
                "quarantine": _by_rule(connection, lake, set_apart, receipt_store.rows_for(receipt)),
                "cell_notes": _by_rule(connection, lake, noted, receipt_store.rows_for(receipt)),
            }
            for chosen, receipt in receipts
            for _, set_apart, noted in [tables_of(receipt.type_name)]
        ]
    }


def _spoken_of(receipt_store: ReceiptStore, chosen: TypeAsOf) -> list[Receipt]:
    """The newest delivery whose rows are shown, or all parts of it, and the refused ones after it, in order."""
    receipts = receipt_store.of_type(chosen.type_name)
    shown = [one for one in receipts if one.usable and one.delivery_date == chosen.newest]
    in_use = [one for one in shown if receipt_store.rows_for(one) in chosen.deliveries]
    return (in_use if chosen.in_parts else in_use[-1:]) + [one for one in receipts if one.delivery_id in chosen.refused]


def _by_rule(connection: duckdb.DuckDBPyConnection, lake: Lake, table: str, rows_from: str) -> list[dict[str, Any]]:
    """Per rule: how many rows, or cells, it was broken by, and the shapes of the first few."""
    files = lake.files(table, "delivery_id", [rows_from])
    if not files:
        return []
    values = {"delivery_id": rows_from, "samples": SAMPLES_A_RULE, "longest": LONGEST_SAMPLE}
    statement = SAMPLES.read_text(encoding="utf-8").replace("__FILES__", file_list(files))
    found: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    samples: dict[tuple[str, str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for rule, column, zh, en, rows, row_number, shape in connection.execute(statement, values).fetchall():
        key = (rule, column, zh, en)
        found[key] = {"rule": rule, "column": column, "zh": zh, "en": en, "rows": rows}
        samples[key].append({"row": row_number, "shape": shape})
    return [said | {"samples": samples[key]} for key, said in found.items()]
