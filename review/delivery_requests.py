"""What engineers ask of the next night: take a delivery back, restore it, or read it again.

The site knows no lake. A request is kept, with a line in the audit log; the next night, or ``hedui requests
--carry-out``, does it and writes here what came of it.
"""

from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy

from review.accounts.models import Account, Role
from review.audit import chain
from review.case_life.refusals import IncompleteError, NotAllowedError, NotNowError
from review.delivery_list import DROPPED, WITHDRAWN, Delivery
from review.written_text import LONGEST_REASON, is_reason
from schemas.masks import mask_numbers

PROVINCE_DIGITS = 2


class Asked(models.TextChoices):
    """What is asked for."""

    WITHDRAW = "withdraw", pgettext_lazy("request", "take back")
    RESTORE = "restore", pgettext_lazy("request", "restore")
    REPROCESS = "reprocess", pgettext_lazy("request", "read again")
    REPROCESS_TYPE = "reprocess_type", pgettext_lazy("request", "read all of this type again")


class RequestState(models.TextChoices):
    """How a request stands."""

    WAITING = "waiting", pgettext_lazy("request", "waits for the next night")
    DONE = "done", pgettext_lazy("request", "done")
    FAILED = "failed", pgettext_lazy("request", "not done")


class DeliveryRequest(models.Model):
    """One request, and what came of it."""

    asked = models.CharField(max_length=16, choices=Asked)
    type_name = models.CharField(max_length=64)
    delivery_id = models.CharField(max_length=120, blank=True)
    """Empty where all of the type are meant."""
    reason = models.CharField(max_length=LONGEST_REASON)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=RequestState, default=RequestState.WAITING)
    carried_out_at = models.DateTimeField(null=True)
    outcome_zh = models.TextField(blank=True)
    outcome_en = models.TextField(blank=True)

    objects: ClassVar[models.Manager["DeliveryRequest"]] = models.Manager()

    class Meta:
        app_label = "review"
        constraints = [
            models.UniqueConstraint(
                fields=["type_name", "delivery_id"],
                condition=models.Q(state="waiting"),
                name="one_waiting_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked} {self.type_name} {self.delivery_id}"


def may_ask(account: Account) -> bool:
    """Engineers of the province alone: a delivery is everybody's."""
    return account.is_active and account.role == Role.ENGINEER and len(account.division) == PROVINCE_DIGITS


def asked_of(delivery: Delivery) -> list[Asked]:
    """What can be asked for a delivery as it stands."""
    if delivery.state == DROPPED:
        return []
    if delivery.state == WITHDRAWN:
        return [Asked.RESTORE]
    return [Asked.WITHDRAW, Asked.REPROCESS, Asked.REPROCESS_TYPE]


def ask(account: Account, delivery: Delivery, asked: str, reason: str) -> DeliveryRequest:
    """Keep a request for the next night. Raises RefusedError with nothing kept."""
    if not may_ask(account):
        raise NotAllowedError(gettext("Only engineers of the province may ask for this."))
    if asked not in asked_of(delivery):
        raise NotNowError(gettext("This cannot be asked for the delivery as it stands."))
    if not is_reason(reason):
        raise IncompleteError({"reason": gettext("Say in a few words why; it stands in the audit log.")})
    of_type = asked == Asked.REPROCESS_TYPE
    request = DeliveryRequest(
        asked=asked,
        type_name=delivery.type_name,
        delivery_id="" if of_type else delivery.delivery_id,
        # Whatever is written here is read by others.
        reason=mask_numbers(" ".join(reason.split())),
        requested_by=account.username,
        requested_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
            detail = {"asked": asked, "type": request.type_name, "delivery": request.delivery_id}
            line = chain.Line(account.username, "delivery.requested", detail | {"reason": request.reason})
            chain.append(line)
    except IntegrityError:
        raise NotNowError(gettext("A request for this delivery is already waiting for the next night.")) from None
    return request


def waiting_requests() -> list[DeliveryRequest]:
    """What is to be done, the oldest first."""
    return list(DeliveryRequest.objects.filter(state=RequestState.WAITING).order_by("requested_at", "pk"))


def settle(request: DeliveryRequest, state: RequestState, zh: str, en: str) -> None:
    """Write down what came of a request."""
    request.state, request.outcome_zh, request.outcome_en = state, zh, en
    request.carried_out_at = timezone.now()
    with transaction.atomic():
        request.save(update_fields=["state", "outcome_zh", "outcome_en", "carried_out_at"])
        detail = {"asked": request.asked, "type": request.type_name, "delivery": request.delivery_id, "state": state}
        chain.append(chain.Line("hedui", "delivery.request_settled", detail))
