"""What the rules found on a household, the records it rests on, and what the nights changed about it since."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from review.models.cases import Case
from review.priority import FORMULA
from review.walls.scoped import ScopedManager


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
    from the formula in ``review.priority``. ``basis`` is what it rested on when it last changed (JSON, see
    ``rules.run.FLAGS``; blank where that was not kept). What changed in its life is in FlagEvent.
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
    basis = models.TextField(blank=True, default="", db_default="")
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


class FlagEventKind(models.TextChoices):
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
    event = models.CharField(max_length=16, choices=FlagEventKind)
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(event__in=FlagEventKind.values), name="event_known")]
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
