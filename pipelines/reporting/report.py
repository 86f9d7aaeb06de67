"""The night's report: what came, what was linked, what was flagged, how long it took and how much memory."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from engines.lake import Lake, written_in_one_step
from pipelines.deliveries.as_of import TypeAsOf
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Status


@dataclass(frozen=True)
class NightReport:
    """The figures of one night, as the closing table and ``--json`` show them."""

    night: date
    types: dict[str, dict[str, Any]]
    links: dict[str, int]
    flags: dict[str, int]
    published: dict[str, int]
    review: dict[str, Any]
    """Rules that people confirm less often than their floor, the control sample, days to close; and the newest line of
    the audit log, so that a log cut short later is found out."""
    even_handedness: dict[str, Any]
    """In short whom the night flags (``pipelines.reporting.even_handedness.report.summary``)."""
    passed_over: list[dict[str, str]]
    """What lies in the inbox and was not taken in: file, advice and advice_zh."""
    seconds: dict[str, float]
    peak_memory_mb: int
    refused: list[dict[str, Any]]
    """Receipts of the deliveries this run refused, each with the failed expectations and what was observed."""
    warnings: list[dict[str, str]] = field(default_factory=list)
    """What to look at in deliveries that were taken in: type, file, warning and warning_zh."""
    not_run: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Rules that were not run, each with the types that were not delivered and without which it has no ground."""
    not_checkable: Mapping[str, Any] = field(default_factory=dict)
    """Households that rules could not check: by rule, county and what was wanting (``reporting.not_checkable``)."""
    headers_unknown: list[dict[str, Any]] = field(default_factory=list)
    """Headers that the contracts do not know, by delivery this run took in: type_name, file and headers."""

    failed: Mapping[str, str] = field(default_factory=dict)
    """Rules that could not be run, each with why; flags of theirs from before stand."""

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return asdict(self) | {"night": self.night.isoformat()}

    def keep(self, lake: Lake) -> None:
        """Write the report to ``nights/<date>.json`` of the lake."""
        content = json.dumps(self.as_json(), ensure_ascii=False, indent=1, default=str)
        written_in_one_step(lake.root / "nights" / f"{self.night}.json", content.encode())


def kept_notices(lake: Lake, night: date, kind: str) -> list[dict[str, str]]:
    """What the kept report of a night says under ``passed_over`` or ``warnings``; nothing where it has no report."""
    report = lake.root / "nights" / f"{night}.json"
    told: list[dict[str, str]] = json.loads(report.read_bytes()).get(kind, []) if report.exists() else []
    return told


def taken_in_by(receipt_store: ReceiptStore, night: date) -> list[Receipt]:
    """The deliveries that a night took in, whichever of its runs did, in the order in which they supersede others.

    Those withdrawn since are as if they had not come.
    """
    came = (receipt for receipt in receipt_store if receipt.night == night and not receipt.withdrawn)
    return sorted(came, key=lambda receipt: receipt.order)


def warnings_of(tonight: list[Receipt]) -> list[dict[str, str]]:
    """What somebody should look at in the deliveries of tonight, though they were taken in."""
    return [
        {"type": receipt.type_name, "file": receipt.file, "warning": said.en, "warning_zh": said.zh}
        for receipt in tonight
        for said in receipt.warnings
    ]


def summary_of_types(in_use: list[TypeAsOf], tonight: list[Receipt]) -> dict[str, dict[str, Any]]:
    """Per type: how fresh it is, and the rows that tonight's deliveries landed, conformed and quarantined."""
    summary: dict[str, dict[str, Any]] = {}
    for chosen in in_use:
        came = [receipt for receipt in tonight if receipt.type_name == chosen.type_name]
        read = [receipt for receipt in came if receipt.status is not Status.REPEATED]
        summary[chosen.type_name] = {
            "freshness": chosen.freshness.value,
            "newest": chosen.newest.isoformat() if chosen.newest else None,
            "late": chosen.late,
            "waiting": chosen.waiting,
            "refused": list(chosen.refused),
            "unreadable": list(chosen.unreadable),
            "deliveries": len(came),
            "landed": sum(receipt.landed for receipt in read),
            "conformed": sum(receipt.conformed for receipt in read),
            "quarantined": sum(receipt.quarantined for receipt in read),
        }
    return summary
