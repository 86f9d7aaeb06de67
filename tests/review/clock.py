"""A day that does not end while a test of it runs: the suite may run through midnight in Shanghai."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

TODAY = date(2026, 3, 2)


def stay_on_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes on from noon of TODAY."""
    now, began = timezone.now, timezone.now()
    noon = datetime.combine(TODAY, time(12), timezone.get_default_timezone())
    monkeypatch.setattr(timezone, "now", lambda: noon + (now() - began))
