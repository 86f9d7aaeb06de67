"""The priority of a flag and of a case: one formula, computed by the database and printed in words.

    priority = severity x confidence x (1 + monthly amount / 1000 yuan)

Severity is the rule's, 1 to 3; confidence that of the weakest link the flag rests on, up to 1; the amount is the
monthly benefit at stake in yuan, 0 where there is none. A case has the priority of its most pressing flag that stands
(sql/update_cases.*.sql). Nothing about a person enters.
"""

from decimal import Decimal
from typing import Protocol

from django.db.models import DecimalField, F, Value
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


class PriorityInputs(Protocol):
    """What the formula reads of a flag, and what it came to."""

    @property
    def severity(self) -> int:
        """The rule's, 1 to 3."""

    @property
    def confidence(self) -> Decimal:
        """Of the weakest link, up to 1."""

    @property
    def amount(self) -> Decimal | None:
        """Yuan a month."""

    @property
    def priority(self) -> Decimal:
        """What it came to."""


def in_words(flag: PriorityInputs) -> str:
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
