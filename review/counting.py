"""The review counted by division: as it stands now, or as the last publication left it.

To count a province takes many seconds. A review of ``LEAST_CASES`` cases and more therefore keeps what each publication
counts for the province, its cities and its counties (``review.tally``); whoever asks for a township, or for any
division of a smaller review, gets what holds at the moment.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Count, DurationField, ExpressionWrapper, Q
from django.db.models.functions import Coalesce, Substr, TruncDate, TruncMonth
from django.utils import timezone

from review.accounts.models import PREFIX_LENGTHS, Account
from review.models import CLOSED_STATES, Case, Decision, Flag
from review.sql_files import sql_text
from review.tally import CountKind, Tally
from review.walls.within import AFTER_NINE

LEAST_CASES = 20_000
KEPT_DIGITS = (2, 4, 6)
ROWS_A_BATCH = 5_000
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
Key = tuple[str, ...]


def counts(account: Account | None, what: CountKind) -> dict[Key, int]:
    """``what`` within the account's division; for a command (None) of everything, as it stands now."""
    if account is not None and counted_at(account) is not None:
        kept = Tally.objects.visible_to(account).filter(division=account.division, what=what)
        return {tuple(key.split(" ")): count for key, count in kept.values_list("key", "count")}
    total: Counter[Key] = Counter()
    for _place, key, count in _counted(account, what, len(account.division) if account else 0):
        total[key] += count
    return dict(total)


def counted_at(account: Account) -> datetime | None:
    """When the account's division was counted; None where that is done as it is asked for."""
    kept = Tally.objects.visible_to(account).filter(division=account.division, what=CountKind.CASES)
    return kept.values_list("at", flat=True).first()


def keep_tally() -> None:
    """Count everything anew for the divisions of ``KEPT_DIGITS``; of a small review nothing is kept."""
    Tally.objects.all().delete()
    if not Case.objects.all()[LEAST_CASES - 1 : LEAST_CASES].exists():
        return
    total: Counter[tuple[str, CountKind, Key]] = Counter()
    for digits in KEPT_DIGITS:
        for place, key, count in _cases(None, digits):
            total[place, CountKind.CASES, key] += count
    for what, place, key, count in _of_counties():
        for digits in KEPT_DIGITS:
            total[place[:digits], what, key] += count
    at = timezone.now()
    Tally.objects.bulk_create(
        (
            Tally(division=division, what=what, key=" ".join(key), count=count, at=at)
            for (division, what, key), count in total.items()
        ),
        batch_size=ROWS_A_BATCH,
    )


def _of_counties() -> Iterator[tuple[CountKind, str, Key, int]]:
    """All but the cases, over all counties; the flags are gone through once."""
    digits = KEPT_DIGITS[-1]
    for place, rule, state, month, count in _flags(None, digits):
        yield CountKind.FLAGS, place, (rule, state), count
        yield CountKind.FOUND, place, (month,), count
    for what in (CountKind.DECIDED, CountKind.JUDGED, CountKind.DAYS):
        for place, key, count in _counted(None, what, digits):
            yield what, place, key, count


def _counted(account: Account | None, what: CountKind, digits: int) -> Iterator[tuple[str, Key, int]]:
    """The division's first digits, key and count, of what the account may see now."""
    match what:
        case CountKind.FLAGS:
            return ((place, (rule, state), count) for place, rule, state, _, count in _flags(account, digits))
        case CountKind.FOUND:
            return ((place, (month,), count) for place, _, _, month, count in _flags(account, digits))
        case CountKind.CASES:
            return _cases(account, digits)
        case CountKind.DECIDED:
            return _decided(account, digits)
        case CountKind.JUDGED:
            return _judged(account, digits)
        case CountKind.DAYS:
            return _days(account, digits)


def _flags(account: Account | None, digits: int) -> Iterator[tuple[str, str, str, str, int]]:
    """The division's first digits, rule, state, month and count."""
    found = Flag.objects.readable(account).annotate(place=Substr("case__division", 1, digits)).order_by()
    grouped = found.annotate(month=TruncMonth("first_night")).values_list("place", "rule", "month")
    for place, rule, month, count, cleared in grouped.annotate(all=Count("pk"), cleared=Count("cleared_night")):
        yield place, rule, "open", f"{month:%Y-%m}", count - cleared
        yield place, rule, "cleared", f"{month:%Y-%m}", cleared


def _cases(account: Account | None, digits: int) -> Iterator[tuple[str, Key, int]]:
    below = next((length for length in PREFIX_LENGTHS if length > digits), PREFIX_LENGTHS[-1])
    found = Case.objects.readable(account).annotate(place=Substr("division", 1, below)).order_by()
    closed = Count("pk", filter=Q(state__in=CLOSED_STATES))
    for place, count, of_them_closed in found.values_list("place").annotate(all=Count("pk"), closed=closed):
        yield place[:digits], (place, "open"), count - of_them_closed
        yield place[:digits], (place, "closed"), of_them_closed


def _decided(account: Account | None, digits: int) -> Iterator[tuple[str, Key, int]]:
    decisions = Decision.objects.readable(account).annotate(place=Substr("case__division", 1, digits)).order_by()
    by_month = decisions.annotate(month=TruncMonth("decided_at")).values_list("place", "month", "outcome")
    for place, month, outcome, count in by_month.annotate(decisions=Count("pk")):
        yield place, (f"{month:%Y-%m}", outcome), count


def _judged(account: Account | None, digits: int) -> Iterator[tuple[str, Key, int]]:
    if account is not None and not account.may_read_cases:
        return
    within = account.division if account else ""
    grouped = f"""
        SELECT substr(division, 1, %(digits)s) AS place, rule, direction, link_reason, outcome, COUNT(*)
        FROM ({sql_text("find_decided_flags")}) AS decided
        GROUP BY place, rule, direction, link_reason, outcome
    """
    before = connection.ops.adapt_datetimefield_value(FAR_FUTURE)
    with connection.cursor() as cursor:
        cursor.execute(grouped, {"digits": digits, "first": within, "last": within + AFTER_NINE, "before": before})
        for place, *key, count in cursor.fetchall():
            yield place, tuple(key), count


def _days(account: Account | None, digits: int) -> Iterator[tuple[str, Key, int]]:
    closed = Case.objects.readable(account).filter(county_closed_at__isnull=False).order_by()
    took = ExpressionWrapper(
        TruncDate("county_closed_at") - Coalesce("reopened_night", "opened_night"), output_field=DurationField()
    )
    by_days = closed.annotate(place=Substr("division", 1, digits), took=took).values_list("place", "took")
    for place, duration, count in by_days.annotate(cases=Count("pk")):
        yield place, (str(duration.days),), count
