"""What people decided on a case."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from review.models.cases import Case
from review.walls.scoped import ScopedManager

OUTCOMES_WITH_NOTICE = ("adjusted", "stopped")


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
