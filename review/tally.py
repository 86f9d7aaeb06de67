"""What the last publication counted, by division: so that nobody waits for a province to be counted."""

from enum import StrEnum

from django.db import models

from review.walls.scoped import ScopedManager


class CountKind(StrEnum):
    """What is counted, and by which key. A case or flag is *open*, or *closed* by the county or *cleared*."""

    FLAGS = "flags"
    """Flags by rule and state."""
    CASES = "cases"
    """Cases by the division one level below, and state."""
    FOUND = "found"
    """Flags by the month (2020-10) of their first night."""
    DECIDED = "decided"
    """Decisions by month and outcome."""
    JUDGED = "judged"
    """Flags that a decision has seen by rule, direction, link reason, and the outcome of the newest such decision."""
    DAYS = "days"
    """Cases the county has closed by days since a night opened, or last reopened, them."""


class Tally(models.Model):
    """One count of one division, with the moment of counting. ``key``: codes, with blanks between them."""

    DIVISION_PATH = "division"

    division = models.CharField(max_length=12)
    what = models.CharField(max_length=16)
    key = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        app_label = "review"
        constraints = [models.UniqueConstraint(fields=["division", "what", "key"], name="counted_once")]

    def __str__(self) -> str:
        return f"{self.division} {self.what} {self.key}"
