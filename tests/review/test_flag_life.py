"""The life of a flag: what nights change is kept; a control selection stands; priority is one printed formula."""

import random
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.utils import translation

from review.flag_history import history_of
from review.models import Case, Flag, FlagEvent
from review.priority import FORMULA, in_words
from review.publishing import publish_night
from tests.review.made_nights import (
    FIRST,
    FOURTH,
    SECOND,
    SUMMARY,
    THIRD,
    digest,
    empty_tables,
    everything,
    flag,
    table,
)

pytestmark = pytest.mark.usefixtures("database")


def publish(night: date, *flags: dict[str, Any]) -> None:
    publish_night(night, table(*flags), SUMMARY)


def happened(household: str = "H1") -> list[tuple[date, str]]:
    found = Flag.objects.get(pk=flag(household)["flag_id"])
    return [(change.night, change.event.value) for change in history_of(found)]


def drawn(night: date, household: str = "H9") -> dict[str, Any]:
    """A control flag, whose night is its period."""
    number = digest("control", household, str(night))[:32]
    return flag(household, rule="control_sample", direction="control", flag_id=number, period=str(night))


@pytest.mark.parametrize(
    ("change", "event"),
    [
        ({"row": "another colour", "reason_zh": "r", "reason_en": "r"}, "evidence"),
        ({"reason_zh": "换一种说法"}, "reason"),
        ({"amount": Decimal("99.00")}, "amount"),
        ({"amount": None}, "amount"),
        ({"severity": 3}, "severity"),
        ({"confidence": Decimal("0.90")}, "confidence"),
        ({"link_reason": "repaired"}, "confidence"),
        ({"division": "520103001001"}, "person"),
        ({"rule_version": "2"}, "rule"),
        ({"policy_version": "2021.1"}, "policy"),
    ],
)
def test_a_change_is_kept_with_the_night_that_brought_it(change: dict[str, Any], event: str) -> None:
    publish(FIRST, flag("H1", reason_zh=change.get("reason_zh", "同"), reason_en=change.get("reason_en", "same")))
    publish(FIRST, flag("H1", reason_zh="同", reason_en="same"))
    FlagEvent.objects.all().delete()
    publish(SECOND, flag("H1", **({"reason_zh": "同", "reason_en": "same"} | change)))
    assert (SECOND, event) in happened()
    assert {each for _, each in happened()} <= {event, "reason"}


def test_what_was_and_what_became_of_it_are_kept_but_nobodys_data() -> None:
    publish(FIRST, flag("H1", rule_version="1"))
    publish(SECOND, flag("H1", rule_version="2", member_name="王五"))
    changes = {change.event.value: (change.was, change.became) for change in history_of(Flag.objects.get())}
    assert changes == {"rule": ("1", "2"), "person": ("", "")}


def test_a_ground_that_goes_and_comes_back_is_told() -> None:
    publish(FIRST, flag("H1"))
    publish(SECOND)
    publish(THIRD, flag("H1"))
    assert happened() == [(SECOND, "cleared"), (THIRD, "returned")]
    assert Flag.objects.get().returned_night == THIRD


def test_an_earlier_night_that_found_it_too_is_told() -> None:
    publish(SECOND, flag("H1"))
    publish(FIRST, flag("H1"))
    assert happened() == [(FIRST, "earlier")]


def test_nights_without_news_add_nothing_to_a_life() -> None:
    publish(FIRST, flag("H1"))
    publish(SECOND, flag("H1"))
    publish(FIRST, flag("H1"))
    publish(SECOND, flag("H1"))
    assert happened() == []


def test_a_night_filled_in_after_a_newer_one_brings_nothing_back() -> None:
    """A backfill goes from old to new: what it finds on every night never was gone."""
    publish(FIRST)
    publish(SECOND)
    publish(THIRD)
    for night in (FIRST, SECOND, THIRD):
        publish(night, flag("H1"))
    found = Flag.objects.get()
    assert (found.first_night, found.cleared_night, found.returned_night) == (FIRST, None, None)


def test_a_control_selection_stands_until_people_have_looked() -> None:
    publish(FIRST, drawn(FIRST), flag("H1"))
    publish(SECOND, drawn(SECOND, "H8"))
    publish(THIRD)
    assert set(Flag.objects.filter(cleared_night__isnull=True).values_list("direction", "last_night")) == {
        ("control", FIRST),
        ("control", SECOND),
    }
    assert Flag.objects.get(direction="doubt").cleared_night == SECOND


def test_a_control_selection_that_its_own_night_takes_back_is_cleared_and_may_return() -> None:
    publish(FIRST, drawn(FIRST))
    publish(SECOND)
    publish(FIRST)
    assert Flag.objects.get().cleared_night == FIRST
    publish(FIRST, drawn(FIRST))
    assert (Flag.objects.get().cleared_night, Flag.objects.get().last_night) == (None, FIRST)
    before = everything()
    publish(FIRST, drawn(FIRST))
    assert everything() == before


@pytest.mark.parametrize("seed", range(8))
def test_nights_run_again_with_other_flags_leave_open_what_the_newest_says_and_all_that_was_drawn(seed: int) -> None:
    empty_tables()
    chance = random.Random(seed)  # noqa: S311
    said: dict[date, list[dict[str, Any]]] = {}
    for _ in range(12):
        night = chance.choice([FIRST, SECOND, THIRD, FOURTH])
        houses = chance.sample(["H1", "H2", "H3"], chance.randint(0, 3))
        said[night] = [flag(house, row=f"{night} {chance.choice('ab')}") for house in houses] + [drawn(night)]
        publish(night, *said[night])
        newest = {each["flag_id"]: each["reason_zh"] for each in said[max(said)] if each["direction"] == "doubt"}
        standing = Flag.objects.filter(cleared_night__isnull=True)
        assert dict(standing.filter(direction="doubt").values_list("flag_id", "reason_zh")) == newest
        assert set(standing.filter(direction="control").values_list("first_night", flat=True)) == set(said)


@pytest.mark.parametrize(
    ("severity", "confidence", "amount", "priority"),
    [
        (3, "0.98", "500.00", "4.41"),
        (3, "1.00", None, "3.00"),
        (1, "0.50", "0.00", "0.50"),
        (2, "0.97", "1000", "3.88"),
    ],
)
def test_the_priority_is_the_formula_that_is_printed(
    severity: int, confidence: str, amount: str | None, priority: str
) -> None:
    yuan = Decimal(amount) if amount else None
    publish(FIRST, flag("H1", severity=severity, confidence=Decimal(confidence), amount=yuan))
    found = Flag.objects.get()
    assert found.priority == Decimal(priority)
    with translation.override("zh-hans"):
        zh = in_words(found)
    assert zh == (
        f"优先级 {priority} = 严重度 {severity} × 可信度 {confidence} × (1 + 每月 {yuan or 0:.2f} 元 ÷ 1000 元)"
    )
    with translation.override("en"):
        said, _, sum_of = in_words(found).partition(" = ")
    numbers = [Decimal(number) for number in re.findall(r"[\d.]+", sum_of)]
    assert said == f"priority {priority}"
    assert numbers[0] * numbers[1] * (numbers[2] + numbers[3] / numbers[4]) == pytest.approx(found.priority)


def test_a_case_is_as_pressing_as_its_most_pressing_flag_that_stands() -> None:
    publish(FIRST, flag("H1", "1", severity=3, amount=None), flag("H1", "2", severity=1, amount=None))
    assert Case.objects.get().priority_in_points == 3
    publish(SECOND, flag("H1", "2", severity=1, amount=None))
    assert Case.objects.get().priority_in_points == 1
    publish(THIRD)
    assert Case.objects.get().priority_in_points == 0


def test_nothing_but_severity_confidence_and_amount_enters_the_formula() -> None:
    def columns(expression: Any) -> set[str]:
        own = {str(vars(expression)["name"])} if isinstance(expression, F) else set()
        inner = expression.get_source_expressions() if hasattr(expression, "get_source_expressions") else []
        return own.union(*(columns(one) for one in inner if one is not None))

    assert columns(FORMULA) == {"severity", "confidence", "amount"}
