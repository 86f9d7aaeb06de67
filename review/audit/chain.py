"""Add lines to the audit log, each sealed to the one before it; and find where a chain does not hold."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from review.audit.log import AuditEntry, AuditHead, AuditQuerySet
from review.snapshot import one_snapshot

LINES_A_BATCH = 1_000
HEAD = 1
SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Line:
    """One line to add. ``division`` is the household's, or the actor's own; the detail holds no personal data."""

    actor: str
    action: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    division: str = ""


@dataclass(frozen=True)
class Anchor:
    """The newest line of a chain, kept elsewhere (each night's report): a log cut short later no longer has it."""

    number: int
    seal: str


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    number: int
    what: str


def append(*lines: Line) -> None:
    """Add lines inside the caller's transaction, or in one of their own.

    Whoever adds holds the head until the transaction ends, so the log is one chain however many write. Call it last in
    a transaction, after every other lock has been taken: then no two can wait for each other.
    """
    if not lines:
        return
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().get(pk=HEAD)
        at = timezone.now()
        entries = []
        for line in lines:
            detail = json.loads(json.dumps(line.detail, default=str))
            entry = AuditEntry(
                number=head.number + 1,
                at=at,
                actor=line.actor,
                action=line.action,
                division=line.division,
                detail=detail,
            )
            entry.seal = seal(entry, head.seal)
            entries.append(entry)
            head.number, head.seal = entry.number, entry.seal
        AuditQuerySet(AuditEntry).bulk_create(entries, batch_size=LINES_A_BATCH)
        head.save()


def seal(entry: Any, before: str) -> str:
    """The SHA-256 of a line and the seal before it."""
    said = (
        before,
        str(entry.number),
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.division,
        json.dumps(entry.detail, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )
    return hashlib.sha256(SEPARATOR.join(said).encode(errors="surrogatepass")).hexdigest()


def newest() -> Anchor:
    """The newest line, to be kept outside the database."""
    head = AuditHead.objects.get(pk=HEAD)
    return Anchor(head.number, head.seal)


def verify(anchors: Iterable[Anchor] = ()) -> Break | None:
    """Walk the whole chain; the first line that is missing, changed or was cut off, or None when all is well.

    ``anchors`` are newest lines that were kept elsewhere, such as in the reports of past nights.
    """
    kept = sorted(anchors, key=lambda anchor: anchor.number)
    with one_snapshot():
        head = newest()
        number, before = 0, ""
        for entry in AuditQuerySet(AuditEntry).order_by("number").iterator(chunk_size=LINES_A_BATCH):
            if entry.number != number + 1:
                return Break(number + 1, "the line is missing")
            if entry.seal != seal(entry, before):
                return Break(entry.number, f"the line of {_when(entry.at)} has been changed since it was written")
            number, before = entry.number, entry.seal
            while kept and kept[0].number <= number:
                anchor = kept.pop(0)
                if anchor.number == number and anchor.seal != before:
                    return Break(number, "the line is not the one that was there when its seal was kept elsewhere")
    if number != head.number or before != head.seal:
        return Break(number + 1, f"the log ends here, but {head.number} lines were written")
    if kept:
        return Break(number + 1, f"the log ends here, but line {kept[0].number} was once there")
    return None


def chained(rows: Sequence[Any]) -> Anchor:
    """Number and seal ``rows`` in their order, in place: for a log written before lines were sealed."""
    number, before = 0, ""
    for row in rows:
        number += 1
        row.number = number
        row.seal = before = seal(row, before)
    return Anchor(number, before)


def _when(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
