"""Flags as a file for reviewers, CSV or XLSX: masked by default, streamed, with a manifest in the audit log."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import translation
from django.utils.translation import gettext

from review.accounts.models import Account
from review.audit import chain
from review.case_life.refusals import NotAllowedError
from review.csv_file import CsvWriter
from review.export_row import NO_TITLES, Titles, header, row
from review.filters import WorkFilter, flags
from review.members import Member
from review.models import Decision, Evidence, Flag, Night
from review.snapshot import one_snapshot
from review.staleness import rests_on_stale, stale_types
from review.written_text import is_reason
from review.xlsx_file import XlsxWriter

LANGUAGES = {"zh": "zh-hans", "en": "en"}
FLAGS_A_CHUNK = 2_000
Writer = CsvWriter | XlsxWriter
WRITERS: dict[str, Callable[[BinaryIO], Writer]] = {"csv": CsvWriter, "xlsx": XlsxWriter}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EVERYTHING = WorkFilter()


class ExportError(ValueError):
    """An export asked for wrongly. Nothing was written; the message says what is accepted."""

    exit_code = 2


@dataclass(frozen=True)
class ExportReceipt:
    """What was exported: rows without the header, the SHA-256 of all bytes, and the path (None for an open file)."""

    rows: int
    sha256: str
    path: Path | None


def export_flags(
    out: Path | BinaryIO,
    wanted: WorkFilter = EVERYTHING,
    *,
    account: Account | None = None,
    actor: str | None = None,
    kind: str = "csv",
    lang: str = "zh",
    titles: Titles = NO_TITLES,
    unmasked_because: str | None = None,
) -> ExportReceipt:
    """Write the flags that fit ``wanted`` to ``out``; the columns are those of ``review.export_row``.

    ``account`` sees its division only, and is the actor; a command names its ``actor`` and sees every division, always
    masked. ``unmasked_because`` shows names and numbers to a role that may see them, and is kept. Rows come in the
    order of division, case, rule and flag, so that the same flags give the same CSV. A path gets the file only when it
    is whole; an open file must be binary. The audit log keeps who, when, filter, rows and hash. Raises ExportError or
    NotAllowedError before anything is written.
    """
    _check_request(kind, lang, account, actor, unmasked_because)
    if not isinstance(out, Path):
        rows, sha256 = _write(out, wanted, account, kind, lang, titles, masked=unmasked_because is None)
        receipt = ExportReceipt(rows, sha256, None)
        _log_export(receipt, wanted, account, actor, kind, lang, unmasked_because)
        return receipt
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        with aside.open("wb") as file:
            rows, sha256 = _write(file, wanted, account, kind, lang, titles, masked=unmasked_because is None)
        receipt = ExportReceipt(rows, sha256, out)
        _log_export(receipt, wanted, account, actor, kind, lang, unmasked_because)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
    return receipt


def _check_request(kind: str, lang: str, account: Account | None, actor: str | None, because: str | None) -> None:
    if lang not in LANGUAGES:
        raise ExportError(f"no language {lang!r}: use one of {', '.join(LANGUAGES)}")
    if kind not in WRITERS:
        raise ExportError(f"no kind of file {kind!r}: use one of {', '.join(WRITERS)}")
    if account is None and not actor:
        raise ExportError("an export needs someone who asked for it: an account, or the name of an actor")
    if account is not None and not account.may_read_cases:
        raise NotAllowedError(gettext("Your role does not do this."))
    if because is not None:
        if account is None or not account.may_unmask:
            raise NotAllowedError(gettext("Your role sees personal data masked."))
        if not is_reason(because):
            raise ExportError(gettext("Say why the data must be unmasked."))


def _write(
    file: BinaryIO, wanted: WorkFilter, account: Account | None, kind: str, lang: str, titles: Titles, *, masked: bool
) -> tuple[int, str]:
    writer = WRITERS[kind](file)
    try:
        with translation.override(LANGUAGES[lang]), one_snapshot():
            newest = Night.objects.order_by("-date").values_list("date", flat=True).first()
            stale = stale_types()
            writer.header(header())
            for flag in _rows(account, wanted).iterator(chunk_size=FLAGS_A_CHUNK):
                writer.row(row(flag, newest, lang, titles, rests_on_stale(flag, stale, newest), masked=masked))
        writer.close()
    except BaseException:
        writer.give_up()
        raise
    return writer.rows, writer.sha256


def _rows(account: Account | None, wanted: WorkFilter) -> QuerySet[Flag]:
    decisions = Decision.objects.readable(account)
    last_decision = decisions.filter(case=OuterRef("case")).order_by("-decided_at", "-pk")
    evidence = Evidence.objects.readable(account).order_by("position")
    return (
        flags(account, wanted)
        .select_related("case")
        .prefetch_related(Prefetch("evidence", evidence), Prefetch("case__members", Member.objects.readable(account)))
        .annotate(
            outcome=Subquery(last_decision.values("outcome")[:1]),
            decided_at=Subquery(last_decision.values("decided_at")[:1]),
        )
        .order_by("division", "case__case_no", "rule", "flag_id")
    )


def _log_export(
    receipt: ExportReceipt,
    wanted: WorkFilter,
    account: Account | None,
    actor: str | None,
    kind: str,
    lang: str,
    because: str | None,
) -> None:
    detail = {
        "filter": wanted.words(),
        "kind": kind,
        "lang": lang,
        "masked": because is None,
        "rows": receipt.rows,
        "sha256": receipt.sha256,
    }
    if because is not None:
        detail["because"] = because.strip()
    who, division = (account.username, account.division) if account else (actor or "", "")
    chain.append(chain.Line(who, "flags.exported", detail, division))
