"""Everything flagged on one household of one scheme, until people close it."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from review.registers import scheme_title
from review.walls.scoped import ScopedManager


class CaseState(models.TextChoices):
    """Where a case stands. ``review.case_life.table`` says how it moves from one to the next."""

    OPENED = "opened", pgettext_lazy("case", "opened")
    ASSIGNED = "assigned", pgettext_lazy("case", "assigned")
    VISITED = "visited", pgettext_lazy("case", "visited")
    DECIDED = "decided", pgettext_lazy("case", "decided")
    NOTIFIED = "notified", pgettext_lazy("case", "household notified")
    OBJECTION = "objection", pgettext_lazy("case", "objection, to be checked again")
    RECTIFIED = "rectified", pgettext_lazy("case", "rectified")
    CLOSED_BY_COUNTY = "closed_by_county", pgettext_lazy("case", "closed by the county")
    CLOSED_BY_PROVINCE = "closed_by_province", pgettext_lazy("case", "closed by the province")
    REOPENED = "reopened", pgettext_lazy("case", "reopened")


# Closed at the county at least: a decision stands, and only evidence nobody has seen reopens the case.
CLOSED_STATES = (CaseState.CLOSED_BY_COUNTY, CaseState.CLOSED_BY_PROVINCE)


class Case(models.Model):
    """Everything flagged on one household of one scheme, until people close it.

    ``case_no`` is the year of the night that opened it, the county and a running number: it never changes and says
    nothing of a person. ``reopened_because`` lists what was new when a night last reopened it: flag, rule, and whether
    the flag itself is new or only its evidence. ``version`` rises with every act and with every night that changes what
    a decider sees, so that nobody decides on what is no longer there. ``visited_on`` is the visit the next decision
    rests on: reopening and objections take it away. ``not_checkable`` says which rules could not check the household on
    the newest night, and why (a JSON list of rule, zh, en; blank where all could).
    """

    DIVISION_PATH = "division"

    case_no = models.CharField(max_length=32, unique=True)
    scheme = models.CharField(max_length=32)
    household_id = models.CharField(max_length=64)
    division = models.CharField(max_length=12)
    head_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=32, choices=CaseState, default=CaseState.OPENED)
    version = models.PositiveIntegerField(default=1, db_default=1)
    # In hundredths: behind row-level security PostgreSQL walks an index by integers and text, never by decimals.
    priority = models.PositiveIntegerField(default=0, db_default=0)
    open_grounds = models.TextField(blank=True, default="", db_default="")
    not_checkable = models.TextField(blank=True, default="", db_default="")
    assigned_to = models.CharField(max_length=150, blank=True, default="", db_default="")
    visited_on = models.DateField(null=True, blank=True)
    last_acted_at = models.DateTimeField(null=True, blank=True)
    county_closed_at = models.DateTimeField(null=True, blank=True)
    province_closed_at = models.DateTimeField(null=True, blank=True)
    opened_night = models.DateField()
    last_changed_night = models.DateField()
    reopened_night = models.DateField(null=True, blank=True)
    reopened_because = models.JSONField(default=list, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "household_id"], name="one_case_a_household"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
        ]
        indexes = [
            models.Index(fields=["division"], opclasses=["varchar_pattern_ops"], name="case_division"),
            models.Index(fields=["state", "division"], name="case_state_division"),
            models.Index(fields=["assigned_to", "state"], name="case_holder"),
            models.Index(fields=["-priority", "-case_no"], name="case_work_list"),
            models.Index(fields=["last_changed_night", "-priority", "-case_no"], name="case_changed"),
            # The two ledgers are added up from these alone.
            models.Index(
                fields=["division"],
                include=["assigned_to", "opened_night"],
                opclasses=["varchar_pattern_ops"],
                condition=~Q(state__in=CLOSED_STATES),
                name="case_waits_for_county",
            ),
            models.Index(
                fields=["division"],
                include=["assigned_to", "opened_night"],
                opclasses=["varchar_pattern_ops"],
                condition=Q(state=CaseState.CLOSED_BY_COUNTY),
                name="case_waits_for_province",
            ),
        ]

    def __str__(self) -> str:
        return self.case_no

    @property
    def scheme_title(self) -> str:
        """What people call the scheme."""
        return scheme_title(self.scheme)

    @property
    def priority_in_points(self) -> Decimal:
        """The priority as people read it."""
        return Decimal(self.priority) / 100
