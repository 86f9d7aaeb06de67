"""A day that does not end while a test runs (the suite may run through midnight in Shanghai), and days that pass."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from review.models import Proposal

TODAY = date(2026, 3, 2)


def stay_on_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes on from noon of TODAY."""
    now, began = timezone.now, timezone.now()
    noon = datetime.combine(TODAY, time(12), timezone.get_default_timezone())
    monkeypatch.setattr(timezone, "now", lambda: noon + (now() - began))


def days_pass(days: int) -> None:
    """As if the pending proposal and its notice were that much older."""
    for proposal in Proposal.objects.filter(ended_at__isnull=True):
        proposal.proposed_at -= timedelta(days=days)
        if proposal.notified_on and proposal.objection_ends_on:
            proposal.notified_on -= timedelta(days=days)
            proposal.objection_ends_on -= timedelta(days=days)
        proposal.save()
