"""The deadline: by six in the morning the night is published, or an alert is sent.

It asks the review database and not the scheduler, so that a night that was never started is reported too, and an old
backfill is not.
"""

from datetime import date

from pipelines.settings import settings
from pipelines.watching.alerts import alert, not_published
from review.configure import address_for, configure, migrate

DEADLINE = "06:00"


def is_published(night: date, database_url: str) -> bool:
    """Whether the review database has the night."""
    configure(database_url)
    from review.models import Night

    migrate()
    return Night.objects.filter(date=night).exists()


def check_deadline(night: date) -> bool:
    """Alert when the night is not published; returns whether it is."""
    published = is_published(night, address_for(settings().lake.root))
    if not published:
        alert(not_published(night, DEADLINE))
    return published
