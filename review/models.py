"""The review's tables: what the nights found, and what people decided.

A night's publication writes Night, Case, Flag and Evidence (``review.publishing``); only people write Decision;
everyone adds to AuditEntry and no one changes it. Dates called ``..._night`` are business dates of published nights.
"""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from review.priority import FORMULA
from review.walls.scoped import ScopedManager

OUTCOMES_WITH_NOTICE = ("adjusted", "stopped")


class Night(models.Model):
    """One published night: what it was made with, and what it changed.

    ``types``: how fresh each type was. ``quality``: the deliveries it stood on or refused, with what was set apart and
    the shapes of a few such lines, as ``pipelines.quality`` tells it; no value of a person. ``made_of``: a hash of all
    that its last publication was made of.
    """

    date = models.DateField(primary_key=True)
    published_at = models.DateTimeField()
    versions = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    types = models.JSONField(default=dict)
    quality = models.JSONField(default=dict)
    made_of = models.CharField(max_length=64, default="")

    objects: ClassVar[models.Manager["Night"]] = models.Manager()

    def __str__(self) -> str:
        return str(self.date)


class EvenHandedness(models.Model):
    """Whom the nights flag, and how often rightly: the report of one night, as ``review.even_handedness`` reads it."""

    night = models.OneToOneField(Night, on_delete=models.CASCADE, primary_key=True, related_name="even_handedness")
    report = models.JSONField()

    def __str__(self) -> str:
        return str(self.night_id)


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


class Scheme(models.TextChoices):
    """The register a household is on."""

    DIBAO = "dibao", _("Minimum living guarantee")
    TEKUN = "tekun", _("Extreme poverty support")
    REGISTERED_POOR = "registered_poor", _("Registered poor")


class Case(models.Model):
    """Everything flagged on one household of one scheme, until people close it.

    ``case_no`` is the year of the night that opened it, the county and a running number: it never changes and says
    nothing of a person. ``reopened_because`` lists what was new when a night last reopened it: flag, rule, and whether
    the flag itself is new or only its evidence. ``version`` rises with every act and with every night that changes what
    a decider sees, so that nobody decides on what is no longer there. ``visited_on`` is the visit the next decision
    rests on: reopening and objections take it away.
    """

    DIVISION_PATH = "division"

    case_no = models.CharField(max_length=32, unique=True)
    scheme = models.CharField(max_length=32, choices=Scheme)
    household_id = models.CharField(max_length=64)
    division = models.CharField(max_length=12)
    head_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=32, choices=CaseState, default=CaseState.OPENED)
    version = models.PositiveIntegerField(default=1, db_default=1)
    # In hundredths: behind row-level security PostgreSQL walks an index by integers and text, never by decimals.
    priority = models.PositiveIntegerField(default=0, db_default=0)
    open_grounds = models.TextField(blank=True, default="", db_default="")
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
    def pressing(self) -> Decimal:
        """The priority as people read it."""
        return Decimal(self.priority) / 100


class Direction(models.TextChoices):
    """Whom a rule speaks for."""

    DOUBT = "doubt", _("Doubt: aid may not be due")
    PROTECT = "protect", _("Protection: aid may be missing")
    CONTROL = "control", _("Control: drawn at random")


class Flag(models.Model):
    """One ground a rule found on one household.

    ``content_hash`` covers what the flag says, ``sources_hash`` what it was made from (versions, and the evidence as it
    was delivered); publishing compares them instead of every column. ``evidence_hash`` is what a decision remembers
    having seen. A flag is open while ``cleared_night`` and ``last_night`` are empty: then the newest published night
    found it, and no night has to write that down again. ``returned_night`` is the last night that brought it back after
    it had been cleared. A control flag is drawn on one night, its last, and stands: no other night clears it, for it
    is there until a person has looked. ``confidence`` is that of the weakest link it rests on; ``priority`` follows
    from the formula in ``review.priority``. What changed in its life is in FlagEvent.
    """

    DIVISION_PATH = "case__division"

    flag_id = models.CharField(max_length=64, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="flags")
    rule = models.CharField(max_length=64)
    rule_version = models.CharField(max_length=64)
    policy_version = models.CharField(max_length=64)
    direction = models.CharField(max_length=16, choices=Direction)
    severity = models.PositiveSmallIntegerField()
    division = models.CharField(max_length=12)
    member_id = models.CharField(max_length=64, blank=True)
    member_name = models.CharField(max_length=200, blank=True)
    member_id_number = models.CharField(max_length=64, blank=True)
    record_key = models.TextField()
    period = models.CharField(max_length=32, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reason_zh = models.TextField()
    reason_en = models.TextField()
    link_reason = models.CharField(max_length=32)
    confidence = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    priority = models.GeneratedField(
        expression=FORMULA, output_field=models.DecimalField(max_digits=18, decimal_places=2), db_persist=True
    )
    evidence_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=32)
    sources_hash = models.CharField(max_length=32)
    first_night = models.DateField()
    last_night = models.DateField(null=True, blank=True)
    cleared_night = models.DateField(null=True, blank=True)
    returned_night = models.DateField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(severity__range=(1, 3)), name="severity_1_to_3"),
            models.CheckConstraint(
                condition=Q(last_night__isnull=True, cleared_night__isnull=True)
                | Q(direction="control", cleared_night__isnull=True)
                | Q(
                    last_night__isnull=False,
                    cleared_night__isnull=False,
                    last_night__gte=F("first_night"),
                    cleared_night__gte=F("last_night"),
                ),
                name="open_or_nights_in_order",
            ),
        ]
        indexes = [
            # PostgreSQL finds a prefix in an index only with these operator classes.
            models.Index(
                fields=["division", "flag_id"], name="flag_division", opclasses=["varchar_pattern_ops", "varchar_ops"]
            ),
            models.Index(fields=["rule", "flag_id"], name="flag_rule"),
            models.Index(fields=["cleared_night", "flag_id"], name="flag_cleared"),
        ]

    def __str__(self) -> str:
        return self.flag_id


class Happened(models.TextChoices):
    """What a night's publication changed about a flag that was already known."""

    EVIDENCE = "evidence", pgettext_lazy("flag event", "new evidence")
    REASON = "reason", pgettext_lazy("flag event", "other words")
    AMOUNT = "amount", pgettext_lazy("flag event", "other amount")
    SEVERITY = "severity", pgettext_lazy("flag event", "other severity")
    CONFIDENCE = "confidence", pgettext_lazy("flag event", "other confidence")
    PERSON = "person", pgettext_lazy("flag event", "member or division corrected on the register")
    RULE = "rule", pgettext_lazy("flag event", "new version of the rule")
    POLICY = "policy", pgettext_lazy("flag event", "new version of the policy")
    EARLIER = "earlier", pgettext_lazy("flag event", "an earlier night found it too")
    CLEARED = "cleared", pgettext_lazy("flag event", "its ground is gone")
    RETURNED = "returned", pgettext_lazy("flag event", "its ground is back")


class FlagEvent(models.Model):
    """One change in the life of a flag, with the night whose publication brought it: written once, never changed.

    A flag's beginning is its own row. ``was`` and ``became`` hold the values: hashes, versions, words, amounts, nights;
    both blank for a correction of the person, whose data is not repeated here.
    """

    DIVISION_PATH = "flag__case__division"

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="events", db_index=False)
    night = models.DateField()
    event = models.CharField(max_length=16, choices=Happened)
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(event__in=Happened.values), name="event_known")]
        indexes = [models.Index(fields=["flag"], name="event_of_flag")]

    def __str__(self) -> str:
        return f"{self.flag_id} {self.night} {self.event}"


class Evidence(models.Model):
    """One record a flag rests on: where it was delivered, how it was linked, and the values that matter."""

    DIVISION_PATH = "flag__case__division"

    # The constraint below is the index.
    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    position = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=64)
    role = models.CharField(max_length=32, blank=True)
    row_key = models.TextField()
    delivery_id = models.CharField(max_length=128)
    delivery_date = models.DateField(null=True, blank=True)
    row_number = models.BigIntegerField(null=True, blank=True)
    link_reason = models.CharField(max_length=32, blank=True)
    row_hash = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flag", "position"], name="one_record_a_position")]

    def __str__(self) -> str:
        return f"{self.flag_id} {self.position}"


class Outcome(models.TextChoices):
    """What people found when they looked."""

    LEGITIMATE = "legitimate", _("Legitimate")
    ADJUSTED = "adjusted", _("Adjusted")
    STOPPED = "stopped", _("Stopped")
    GRADUAL_EXIT = "gradual_exit_granted", _("Gradual exit granted")
    NEWLY_PROTECTED = "newly_protected", _("Newly protected")
    SUPPLEMENT_GRANTED = "supplement_granted", _("Supplement granted")
    IDENTITY_ERROR = "identity_error", _("Identity error")
    RECORD_WRONG = "record_wrong", _("Department's record wrong")
    REFERRED = "referred", _("Referred")


class Decision(models.Model):
    """What a person decided on a case, having seen certain evidence (``evidence_seen``: flag_id to evidence_hash).

    Final: less aid is first proposed (``Proposal``) and becomes a decision when the household has been notified and its
    objection period has passed. ``investigator`` and ``second_investigator`` are the two who looked.
    """

    DIVISION_PATH = "case__division"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=32, choices=Outcome)
    decided_by = models.CharField(max_length=150)
    investigator = models.CharField(max_length=150, blank=True, default="", db_default="")
    second_investigator = models.CharField(max_length=150, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    objection_ends_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField()
    note = models.TextField(blank=True)
    evidence_seen = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="outcome_known"),
            models.CheckConstraint(condition=~Q(decided_by=""), name="decided_by_someone"),
            models.CheckConstraint(
                condition=~Q(outcome__in=OUTCOMES_WITH_NOTICE)
                | (
                    ~Q(second_investigator="")
                    & ~Q(second_investigator=F("decided_by"))
                    & Q(notified_on__isnull=False)
                    & Q(objection_ends_on__isnull=False)
                    & Q(objection_ends_on__gte=F("notified_on"))
                ),
                name="less_aid_needs_two_people_and_notice",
            ),
            models.CheckConstraint(
                condition=Q(investigator="") | ~Q(investigator=F("second_investigator")),
                name="two_different_investigators",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.decided_at:%Y-%m-%d}"


# At the end, for they point at the tables above.
from review.audit.log import AppendOnlyError, AuditEntry, AuditHead  # noqa: E402
from review.case_life.records import CaseStep, Proposal  # noqa: E402
from review.members import Member  # noqa: E402
from review.rule_texts import RuleText  # noqa: E402
from review.saved_views import SavedView  # noqa: E402
from review.tally import Tally  # noqa: E402

__all__ = [
    "CLOSED_STATES",
    "OUTCOMES_WITH_NOTICE",
    "AppendOnlyError",
    "AuditEntry",
    "AuditHead",
    "Case",
    "CaseState",
    "CaseStep",
    "Decision",
    "Direction",
    "Evidence",
    "Flag",
    "Member",
    "Night",
    "Outcome",
    "Proposal",
    "RuleText",
    "SavedView",
    "Scheme",
    "Tally",
]
