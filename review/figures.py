"""What people's decisions say about the rules: how often they confirm, how sure that is, how long cases take."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from review.accounts.models import Account
from review.confirming import load_confirming
from review.counting import counts
from review.models import Direction
from review.proportion import proportion
from review.tally import CountKind

FLOORS = Path(__file__).parent / "floors.yaml"


@dataclass(frozen=True)
class Rate:
    """``confirmed`` of ``decided``, with the 95% interval of ``review.proportion``."""

    confirmed: int
    decided: int

    @property
    def rate(self) -> float | None:
        """The share; None when nothing was decided."""
        return self.confirmed / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound; everything is possible when nothing was decided."""
        found = proportion(self.confirmed, self.decided)
        return (0.0, 1.0) if found.low is None or found.high is None else (found.low, found.high)

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        low, high = self.interval
        return asdict(self) | {"rate": self.rate, "low": round(low, 4), "high": round(high, 4)}


@dataclass(frozen=True)
class ConfirmationRates:
    """Rates by rule, by link reason, and by both."""

    by_rule: dict[str, Rate]
    by_link_reason: dict[str, Rate]
    by_rule_and_link_reason: dict[tuple[str, str], Rate]
    control: Rate
    """Of the households drawn at random: the share in which people found an error that no rule had."""


@dataclass(frozen=True)
class DaysToClose:
    """Of the cases the county has closed: how many, and days from opening to closing at the county."""

    cases: int
    median: int | None
    nine_in_ten: int | None


class Floors(BaseModel):
    """``floors.yaml``: the least confirmation rate, overall and by rule, once enough flags are decided."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least_decided: int = Field(ge=1)
    floor: float = Field(ge=0, le=1)
    rules: dict[str, float] = {}

    def of(self, rule: str) -> float:
        """The floor of one rule."""
        return self.rules.get(rule, self.floor)


class FloorsError(ValueError):
    """``floors.yaml`` does not hold."""

    exit_code = 4


def load_floors(file: Path = FLOORS) -> Floors:
    """The floors. Raises FloorsError naming file, key and what is wrong."""
    try:
        return Floors.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise FloorsError(f"{file.name}: {key}: {first['msg']}: correct it") from None


def confirmation_rates(account: Account | None) -> ConfirmationRates:
    """Of the flags that decisions have seen, within the account's division; of all for a command (None)."""
    confirming = load_confirming()
    judged = [
        (rule, direction, link, getattr(confirming[outcome], direction), count)
        for (rule, direction, link, outcome), count in sorted(counts(account, CountKind.JUDGED).items())
    ]
    counted = [
        (rule, direction, link, verdict == "yes", count)
        for rule, direction, link, verdict, count in judged
        if verdict != "open"
    ]
    both = _rates(((rule, link), sure, count) for rule, direction, link, sure, count in counted)
    return ConfirmationRates(
        by_rule=_rates((rule, sure, count) for rule, _direction, _link, sure, count in counted),
        by_link_reason=_rates(
            (link, sure, count) for _rule, direction, link, sure, count in counted if direction != Direction.CONTROL
        ),
        by_rule_and_link_reason=both,
        control=_rates(
            ("control", sure, count)
            for _rule, direction, _link, sure, count in counted
            if direction == Direction.CONTROL
        ).get("control", Rate(0, 0)),
    )


def rules_under_floor(account: Account | None, floors: Floors | None = None) -> dict[str, Rate]:
    """Rules that people confirm less often than their floor, once enough of their flags are decided."""
    return _under_floor(confirmation_rates(account), floors or load_floors())


def days_to_close(account: Account | None) -> DaysToClose:
    """How long cases take, from the night that opened (or last reopened) them to the county's closing."""
    days = {int(key): cases for (key,), cases in counts(account, CountKind.DAYS).items()}
    total = sum(days.values())
    return DaysToClose(total, _quantile(days, 0.5), _quantile(days, 0.9))


def figures_for_report() -> dict[str, Any]:
    """What the night's report says of the review: rules under their floor, the control sample, days to close."""
    floors = load_floors()
    rates = confirmation_rates(None)
    return {
        "under_floor": {
            rule: rate.as_json() | {"floor": floors.of(rule)} for rule, rate in _under_floor(rates, floors).items()
        },
        "control": rates.control.as_json(),
        "days_to_close": asdict(days_to_close(None)),
    }


def _under_floor(rates: ConfirmationRates, floors: Floors) -> dict[str, Rate]:
    return {
        rule: rate
        for rule, rate in rates.by_rule.items()
        if rate.decided >= floors.least_decided and rate.rate is not None and rate.rate < floors.of(rule)
    }


def _rates(counted: Iterable[tuple[Any, bool, int]]) -> dict[Any, Rate]:
    totals: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for key, sure, count in counted:
        totals[key][0] += count if sure else 0
        totals[key][1] += count
    return {key: Rate(confirmed, decided) for key, (confirmed, decided) in totals.items()}


def _quantile(days: dict[int, int], share: float) -> int | None:
    """The least number of days within which this share of the cases was closed."""
    reached, total = 0, sum(days.values())
    for each in sorted(days):
        reached += days[each]
        if reached >= share * total:
            return each
    return None
