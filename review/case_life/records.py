"""What a case's life leaves behind: every step, and proposals of less aid while the household may still object."""

from django.db import models
from django.db.models import F, Q

from review.walls.scoped import ScopedManager


class CaseStep(models.Model):
    """One step of a case. ``version`` is the case's after it; ``detail`` holds dates, outcome and holder, no names of a
    household.
    """

    DIVISION_PATH = "case__division"

    case = models.ForeignKey("review.Case", on_delete=models.PROTECT, related_name="steps", db_index=False)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=32)
    from_state = models.CharField(max_length=32)
    to_state = models.CharField(max_length=32)
    note = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        app_label = "review"
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="one_step_a_version")]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d}"


class Proposal(models.Model):
    """Less aid, decided but not yet final: the household is told, and may object until its period ends.

    At most one proposal a case is pending; it ends as a decision, by an objection, or when the case is sent back.
    """

    DIVISION_PATH = "case__division"

    case = models.ForeignKey("review.Case", on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(max_length=32)
    investigator = models.CharField(max_length=150)
    second_investigator = models.CharField(max_length=150)
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    note = models.TextField()
    evidence_seen = models.JSONField(default=dict)
    notified_on = models.DateField(null=True, blank=True)
    objection_ends_on = models.DateField(null=True, blank=True)
    objected_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        app_label = "review"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="one_pending_proposal_a_case"
            ),
            models.CheckConstraint(
                condition=~Q(investigator="") & ~Q(second_investigator="") & ~Q(investigator=F("second_investigator")),
                name="proposal_has_two_investigators",
            ),
            models.CheckConstraint(
                condition=Q(objection_ends_on__isnull=True) | Q(objection_ends_on__gt=F("notified_on")),
                name="objection_period_follows_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.proposed_at:%Y-%m-%d}"
