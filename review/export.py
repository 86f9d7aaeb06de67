"""Flags as a CSV file for reviewers: masked, streamed, and noted in the audit log."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone, translation

from review.export_row import NO_TITLES, Titles, header, row
from review.models import AuditEntry, CaseState, Decision, Evidence, Flag, Night
from review.spreadsheet import SpreadsheetWriter
from review.staleness import rests_on_stale, stale_types

LANGUAGES = {"zh": "zh-hans", "en": "en"}
STATUSES = ("open", "cleared", "closed")
FLAGS_A_CHUNK = 2_000


class ExportError(ValueError):
    """An export asked for wrongly. Nothing was written; the message says what is accepted."""


@dataclass(frozen=True)
class ExportFilter:
    """Which flags: each part narrows, None does not.

    ``division`` is a prefix of the 12 digits. ``status``: *open* (found by the newest night, case open), *closed*
    (found by it, case closed), *cleared*. ``since``: first found, brought back or cleared on that night or later.
    """

    division: str | None = None
    rule: str | None = None
    status: str | None = None
    since: date | None = None


@dataclass(frozen=True)
class ExportReceipt:
    """What was exported: rows without the header, the SHA-256 of all bytes, and the path (None for an open file)."""

    rows: int
    sha256: str
    path: Path | None


def export_flags(
    out: Path | BinaryIO,
    *,
    division: str | None = None,
    rule: str | None = None,
    status: str | None = None,
    since: date | None = None,
    lang: str = "zh",
    actor: str,
    titles: Titles = NO_TITLES,
) -> ExportReceipt:
    """Write the flags ``ExportFilter`` describes to ``out``, masked; the columns are those of ``review.export_row``.

    Rows come in the order of division, case, rule and flag, so that the same flags give the same bytes. A path gets the
    file only when it is whole; an open file must be binary. One line in the audit log names actor, filter, rows and
    hash. Raises ExportError before anything is written when the filter or ``lang`` ("zh" or "en") is not understood.
    """
    wanted = ExportFilter(division, rule, status, since)
    _understood(wanted, lang)
    if isinstance(out, Path):
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = out.with_name(f".{out.name}.{os.getpid()}.partial")
        try:
            with aside.open("wb") as file:
                receipt = ExportReceipt(*_write(file, wanted, lang, titles), path=out)
            _note(receipt, wanted, lang, actor)
            aside.replace(out)
        finally:
            aside.unlink(missing_ok=True)
    else:
        receipt = ExportReceipt(*_write(out, wanted, lang, titles), path=None)
        _note(receipt, wanted, lang, actor)
    return receipt


def _understood(wanted: ExportFilter, lang: str) -> None:
    if lang not in LANGUAGES:
        raise ExportError(f"no language {lang!r}: use one of {', '.join(LANGUAGES)}")
    if wanted.status is not None and wanted.status not in STATUSES:
        raise ExportError(f"no status {wanted.status!r}: use one of {', '.join(STATUSES)}")
    if wanted.division is not None and not (wanted.division.isdecimal() and len(wanted.division) <= 12):
        raise ExportError(f"no division {wanted.division!r}: give the first digits of a 12-digit division code")


def _write(file: BinaryIO, wanted: ExportFilter, lang: str, titles: Titles) -> tuple[int, str]:
    with translation.override(LANGUAGES[lang]), _one_view_of_the_tables():
        newest = Night.objects.order_by("-date").values_list("date", flat=True).first()
        stale = stale_types()
        writer = SpreadsheetWriter(file)
        writer.header(header())
        for flag in _flags(wanted).iterator(chunk_size=FLAGS_A_CHUNK):
            writer.row(row(flag, newest, lang, titles, rests_on_stale(flag, stale, newest)))
    return writer.rows, writer.sha256


@contextmanager
def _one_view_of_the_tables() -> Iterator[None]:
    """A night published meanwhile is either wholly in the file or not at all; nobody who writes has to wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    else:
        # Not atomic(): that would take SQLite's only write lock.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _flags(wanted: ExportFilter) -> QuerySet[Flag]:
    last_decision = Decision.objects.filter(case=OuterRef("case")).order_by("-decided_at", "-pk")
    flags = (
        Flag.objects.select_related("case")
        .prefetch_related(Prefetch("evidence", Evidence.objects.order_by("position")))
        .annotate(
            outcome=Subquery(last_decision.values("outcome")[:1]),
            decided_at=Subquery(last_decision.values("decided_at")[:1]),
        )
        .order_by("division", "case__case_no", "rule", "flag_id")
    )
    if wanted.division:
        flags = flags.filter(division__startswith=wanted.division)
    if wanted.rule is not None:
        flags = flags.filter(rule=wanted.rule)
    if wanted.status == "cleared":
        flags = flags.filter(cleared_night__isnull=False)
    elif wanted.status is not None:
        state = CaseState.OPEN if wanted.status == "open" else CaseState.CLOSED
        flags = flags.filter(cleared_night__isnull=True, case__state=state)
    if wanted.since is not None:
        flags = flags.filter(
            Q(first_night__gte=wanted.since) | Q(returned_night__gte=wanted.since) | Q(cleared_night__gte=wanted.since)
        )
    return flags


def _note(receipt: ExportReceipt, wanted: ExportFilter, lang: str, actor: str) -> None:
    said = {name: None if value is None else str(value) for name, value in asdict(wanted).items()}
    AuditEntry.objects.create(
        at=timezone.now(),
        actor=actor,
        action="flags.exported",
        detail={"filter": said, "lang": lang, "masked": True, "rows": receipt.rows, "sha256": receipt.sha256},
    )
