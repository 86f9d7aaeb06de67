"""The priority of a flag and of a case: one formula, computed by the database and printed in words.

    priority = severity x confidence x (1 + monthly amount / 1000 yuan)

Severity is the rule's, 1 to 3; confidence that of the weakest link the flag rests on, up to 1; the amount is the
monthly benefit at stake in yuan, 0 where there is none. A case has the priority of its most pressing flag that stands.
Nothing about a person enters.
"""

from decimal import Decimal
from typing import Protocol

from django.db.models import DecimalField, F, Max, Q, Value
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext

AMOUNT_THAT_DOUBLES = Decimal(1000)
"""Yuan a month at which the amount doubles the priority. Our own choice."""

_NUMBER = DecimalField(max_digits=18, decimal_places=6)
FORMULA = Round(
    F("severity")
    * F("confidence")
    * (Value(Decimal(1)) + Coalesce(F("amount"), Value(Decimal(0))) * Value(1 / AMOUNT_THAT_DOUBLES)),
    precision=2,
    output_field=_NUMBER,
)
"""Of one flag, over its own columns."""


class Weighed(Protocol):
    """What the formula reads of a flag, and what it came to."""

    severity: int
    confidence: Decimal
    amount: Decimal | None
    priority: Decimal


def priority_of_case() -> Max:
    """To annotate cases with: the highest priority among the flags that stand; None where none does."""
    return Max("flags__priority", filter=Q(flags__cleared_night__isnull=True))


def in_words(flag: Weighed) -> str:
    """The formula with the flag's numbers put in, in the language in use."""
    return gettext(
        "priority %(priority)s = severity %(severity)s × confidence %(confidence)s "
        "× (1 + %(amount)s yuan a month ÷ %(doubles)s yuan)"
    ) % {
        "priority": f"{flag.priority:.2f}",
        "severity": flag.severity,
        "confidence": f"{flag.confidence:.2f}",
        "amount": f"{flag.amount or 0:.2f}",
        "doubles": AMOUNT_THAT_DOUBLES,
    }
