"""The log's table. Lines are added by ``review.audit.chain.append`` alone; nobody changes or deletes one."""

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT

from review.accounts.models import Account, Role
from review.walls.scope import refuse_unscoped

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

PROVINCE_DIGITS = 2
# What an administrator may read of the log: accounts and sign-ins, no cases.
ACCOUNT_ACTIONS = ("account.", "sign_in.")


class AppendOnlyError(RuntimeError):
    """Someone tried to change or delete a line of the audit log, or to add one outside the chain."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads; refuses everything that changes or deletes."""

    def update(self, **_values: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("the audit log is append-only: add an entry that corrects the earlier one")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("the audit log is append-only: its lines are never deleted")

    def bulk_update(self, *_values: Any, **_options: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("the audit log is append-only: add entries that correct the earlier ones")


class AuditManager(models.Manager["AuditEntry"]):
    """The log. At the site only ``visible_to`` gives lines."""

    def get_queryset(self) -> AuditQuerySet:
        """All lines, refused while an account is looking."""
        refuse_unscoped(self.model.__name__)
        return AuditQuerySet(self.model, using=self._db)

    def update(self, **values: Any) -> NoReturn:
        """Refuse."""
        self.get_queryset().update(**values)

    def bulk_update(self, *values: Any, **options: Any) -> NoReturn:
        """Refuse."""
        self.get_queryset().bulk_update(*values, **options)

    def visible_to(self, account: "Account | AnonymousUser | None") -> AuditQuerySet:
        """Auditors read the lines of their division, at the province all; administrators those of accounts."""
        lines = AuditQuerySet(self.model, using=self._db)
        if not isinstance(account, Account) or not account.is_active:
            return lines.none()
        if len(account.division) > PROVINCE_DIGITS:
            lines = lines.filter(division__startswith=account.division)
        if account.role == Role.ADMINISTRATOR:
            wanted = Q()
            for prefix in ACCOUNT_ACTIONS:
                wanted |= Q(action__startswith=prefix)
            return lines.filter(wanted)
        return lines if account.role == Role.AUDITOR else lines.none()


class TakenFromDetail(models.GeneratedField):
    """A column the database fills; who adds a line does not read it back, for most may not read the log."""

    db_returning = False  # type: ignore[assignment]


class AuditEntry(models.Model):
    """One line: who did what, when, and in which division. The detail holds no personal data.

    ``number`` runs without a gap. ``seal`` is the SHA-256 of the line and of the seal before it.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=64)
    division = models.CharField(max_length=12, blank=True, default="")
    detail = models.JSONField(default=dict)
    seal = models.CharField(max_length=64)
    # The detail's own, in a column of its own: an index on JSON would not serve under row-level security.
    case_no = TakenFromDetail(
        expression=KT("detail__case_no"), output_field=models.CharField(max_length=32, null=True), db_persist=True
    )

    objects: ClassVar[AuditManager] = AuditManager()

    class Meta:
        app_label = "review"
        indexes = [
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["action", "number"], name="audit_action"),
            models.Index(fields=["actor", "number"], name="audit_actor"),
            models.Index(fields=["case_no", "number"], name="audit_case"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"

    def save(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: ``review.audit.chain.append`` seals a line and adds it."""
        raise AppendOnlyError("the audit log is append-only: add a line with review.audit.chain.append")

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError("the audit log is append-only: its lines are never deleted")


class AuditHead(models.Model):
    """The number and seal of the newest line; the one row that who adds a line must hold."""

    number = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        app_label = "review"

    def __str__(self) -> str:
        return f"{self.number} {self.seal}"
