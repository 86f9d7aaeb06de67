"""Publishing one night: its flags become open flags in cases, and what it no longer finds is marked cleared.

A flag's life is a function of *which* nights have been published, not of the order in which they were:

- first and last night: the earliest and latest published night that found it;
- what it says, and its evidence: as its last night found it;
- cleared night: the earliest published night after its last. Without one the flag is open, and its last night is the
  newest published; neither is stored then, so that a night writes only what it changes.

So publishing the newest night adds, updates, clears and brings back; publishing an older one only fills in what was not
known. It cannot clear an open flag, for an open flag was found by the newest night; a flag that only old nights found
arrives already cleared; one that a later night found keeps that night's words and evidence. Publishing a night again
with the same flags changes no row. Publishing it again with other flags corrects it: a flag it takes back is cleared by
that same night (``cleared_night == last_night``); its first night stays the first that ever showed it to people.

A night on which a rule could not be run says nothing of its flags: those that stood still stand, as if it had found
them.

A control flag belongs to the night that drew it and stands until people have looked: no other night clears it.

What a publication changes about known flags is added to their history (FlagEvent, see ``review.flag_history``), which
therefore shows publications in the order they were made.

Cases are the exception, as people act on them meanwhile. A night opens a case for a household that has none, and only
the newest night reopens a closed one (see ``review.reopening``); no night ever touches a decision. A case number is
given once, so it does depend on the order; ``last_changed_night`` is the newest night whose publication changed
anything.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import pyarrow as pa
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from review.audit import chain
from review.counting import keep_tally
from review.members import keep_members
from review.models import Night
from review.reopening import reopen
from review.rule_texts import keep_texts
from review.sql_files import run_sql, sql_text
from review.staging import stage, stage_rewritten, unstage

NEVER = date.max
SUMMARY_PARTS = ("versions", "counts", "types", "quality")


@dataclass(frozen=True)
class PublishCounts:
    """What one publication did: cases opened and reopened, the rest are flags.

    Every flag of the night is new, changed (says something else, or came back) or seen_again.
    """

    opened: int
    new: int
    seen_again: int
    changed: int
    cleared: int
    reopened: int


def publish_night(
    night: date,
    flags: pa.Table | pa.RecordBatchReader,
    summary: Mapping[str, Any],
    *,
    members: pa.Table | None = None,
    rules: Iterable[Mapping[str, Any]] = (),
    made_of: str = "",
    not_checked: Iterable[str] = (),
    not_checkable: pa.Table | None = None,
    actor: str = "hedui",
) -> PublishCounts:
    """Publish ``night`` in one transaction: all of it holds, or none of it.

    ``flags`` has one row a flag (the columns of ``review.staging.COLUMNS``; evidence is a JSON list). Of ``summary``
    the parts ``versions``, ``counts``, ``types`` and ``quality`` are kept with the night; leave out what differs from
    run to run, such as seconds, or a repeat is a change. ``members``: the register's lines of the flagged households
    (``review.members.COLUMNS``), kept when no later night is published; ``rules``: what the rules say of themselves
    (``review.rule_texts``); ``made_of``: what ``already_published`` later compares; ``not_checked``: rules that could
    not be run, none of whose flags the night clears; ``not_checkable``: scheme, household_id and, as JSON, which rules
    could not check it and why, kept with the cases when no later night is published. Raises FlagsError, with nothing
    changed, for flags that cannot be published.
    """
    with transaction.atomic(), connection.cursor() as cursor, TemporaryFile() as spool:
        _one_publication_at_a_time(cursor)
        _use_memory(cursor)
        staged = stage(cursor, flags, spool)
        counts, touched = _write_flags_and_cases(cursor, night, staged, spool, actor, frozenset(not_checked))
        unstage(cursor)
        keep_texts(rules)
        if members is not None and not Night.objects.filter(date__gt=night).exists():
            keep_members(cursor, members)
        if not_checkable is not None and not Night.objects.filter(date__gt=night).exists():
            run_sql(cursor, "forget_not_checkable")
            told = [not_checkable[name].to_pylist() for name in ("told", "scheme", "household_id")]
            cursor.executemany(sql_text("write_not_checkable"), list(zip(*told, strict=True)))
        _keep_night(night, counts, summary, touched=touched, actor=actor)
        Night.objects.filter(date=night).update(made_of=made_of)
    # Not while the audit log's head is held: counting takes seconds, and every act would wait for it.
    with transaction.atomic(), connection.cursor() as cursor:
        _one_publication_at_a_time(cursor)
        keep_tally()
    return counts


def already_published(night: date, made_of: str) -> bool:
    """Whether ``night`` is the newest published, and of just this: publishing it again would change nothing."""
    newest = Night.objects.order_by("-date").first()
    return newest is not None and (newest.date, newest.made_of) == (night, made_of)


def _one_publication_at_a_time(cursor: CursorWrapper) -> None:
    """Wait for another publication to end. SQLite's transaction has already waited; reviewers are never held up."""
    if connection.vendor == "postgresql":
        cursor.execute("LOCK TABLE review_night IN SHARE ROW EXCLUSIVE MODE")


def _use_memory(cursor: CursorWrapper) -> None:
    """Let SQLite keep what a publication changes, up to 512 MB: pages that do not fit are written over and over."""
    if connection.vendor == "sqlite":
        for schema in ("main", "temp"):
            cursor.execute(f"PRAGMA {schema}.cache_size=-524288")


def _write_flags_and_cases(
    cursor: CursorWrapper, night: date, staged: int, spool: BinaryIO, actor: str, not_checked: Collection[str]
) -> tuple[PublishCounts, bool]:
    nights = Night.objects.values_list("date", flat=True)
    next_night = nights.filter(date__gt=night).order_by("date").first()
    values = {
        "night": night,
        "year": f"{night.year:04d}",
        # The last night of every flag that was open until now.
        "newest": nights.order_by("-date").first() or night,
        # What a flag of this night gets, when no later one found it.
        "last_night": night if next_night else None,
        "next_night": next_night,
        "until": next_night or NEVER,
        "at": timezone.now(),
        "not_checked": "".join(f"|{rule}|" for rule in sorted(not_checked)),
    }
    run_sql(cursor, "compare_flags", values)
    run_sql(cursor, "find_cleared_flags", values)
    cursor.execute("ANALYZE compared_flag")
    cursor.execute("ANALYZE cleared_flag")
    by_status = _count_by_status(cursor)
    stage_rewritten(cursor, spool)
    run_sql(cursor, "find_cases")
    opened = run_sql(cursor, "open_cases", values)
    run_sql(cursor, "find_cases")
    moved = run_sql(cursor, "update_case_households", values)
    run_sql(cursor, "write_flag_events", values)
    run_sql(cursor, "delete_rewritten_evidence")
    written = run_sql(cursor, "write_flags", values)
    run_sql(cursor, "write_evidence")
    seen = run_sql(cursor, "update_flag_nights", values) + run_sql(cursor, "keep_control_flags", values)
    cleared = run_sql(cursor, "clear_flags", values)
    run_sql(cursor, "find_changed_cases", values)
    cursor.execute("ANALYZE changed_case")
    updated = run_sql(cursor, "update_cases")
    reopened = reopen(cursor, night, actor) if next_night is None else 0
    new, changed = by_status.get("new", 0), by_status.get("changed", 0)
    counts = PublishCounts(
        opened=opened,
        new=new,
        seen_again=staged - new - changed,
        changed=changed,
        # An older night only dates more closely what a later one has already cleared.
        cleared=cleared if next_night is None else 0,
        reopened=reopened,
    )
    return counts, any((opened, moved, written, seen, cleared, updated, reopened))


def _count_by_status(cursor: CursorWrapper) -> dict[str, int]:
    cursor.execute("SELECT status, COUNT(*) FROM compared_flag GROUP BY status")
    return dict(cursor.fetchall())


def _keep_night(night: date, counts: PublishCounts, summary: Mapping[str, Any], *, touched: bool, actor: str) -> None:
    """Keep the night's own line and one in the audit log, unless this publication repeated an earlier one."""
    parts = {part: json.loads(json.dumps(summary.get(part, {}), default=str)) for part in SUMMARY_PARTS}
    known = Night.objects.filter(date=night).first()
    if known is not None and not touched:
        parts["counts"]["publication"] = known.counts["publication"]
        if parts == {part: getattr(known, part) for part in SUMMARY_PARTS}:
            return
    else:
        parts["counts"]["publication"] = asdict(counts)
    Night.objects.update_or_create(date=night, defaults={"published_at": timezone.now(), **parts})
    detail = {"night": str(night), **parts["counts"]["publication"]}
    chain.append(chain.Line(actor, "night.published", detail))
