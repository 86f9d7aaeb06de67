"""When each file arrives: the regular calendar of the departments, and what goes wrong in the first three nights.

Night 2 brings a corrected day, a day and a weekly file that came late, and an empty file. Night 3 brings a file with a
renamed column and half its rows, and two files cut off on the way.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from schemas.catalogue import Catalogue
from schemas.contract import Cadence, Contract

Fate = Literal["good", "corrected", "empty", "cut", "renamed"]
DAY = timedelta(days=1)
LONG_AGO = date(1900, 1, 1)
MONTHLY_DAY = 15
"""The day of the month on which monthly increments speak for the month before."""
MONTHS_BACK = 2
"""Months of monthly increments that are there before the first night."""
WEEKLY_OFFSETS = {"employment_registration": 0, "motor_vehicle": 1, "presale_contract": 1}
"""Days after the first night on which a weekly file falls due; the others fall due on the third night."""
LATE = {"employment_registration": 1, "real_estate_transfer": 1}
"""Types whose file for the first night arrives so many days late."""
TERM_STARTS = ((3, 15), (9, 15))


@dataclass(frozen=True)
class Shipment:
    """One file: an increment holds what became known after ``after`` and up to ``delivery_date``, a full file all."""

    type: str
    delivery_date: date
    received: date
    sequence: int = 1
    fate: Fate = "good"
    after: date = LONG_AGO

    @property
    def counts(self) -> bool:
        """Whether the file can be taken in."""
        return self.fate in {"good", "corrected"}


@dataclass(frozen=True)
class Schedule:
    """Every file of the nights, in the order of their arrival."""

    first_night: date
    last_night: date
    shipments: tuple[Shipment, ...]

    def night_of(self, name: str, known_from: date) -> date | None:
        """The first night on which type ``name`` shows a row known from that day; None if there is none."""
        nights = [
            max(one.received, self.first_night)
            for one in self.shipments
            if one.type == name and one.counts and one.delivery_date >= known_from > one.after
        ]
        return min(nights, default=None)


def months_delivered(first_night: date, last_night: date) -> list[date]:
    """The months that monthly increments speak for, as their first days."""
    return [months_before(day.replace(day=1), 1) for day in _monthly_days(first_night, last_night)]


def year_up_to(month: date) -> list[date]:
    """The twelve months that end with ``month``, as their first days."""
    return [months_before(month, back) for back in range(11, -1, -1)]


def make_schedule(catalogue: Catalogue, first_night: date, nights: int, *, full_again: bool = True) -> Schedule:
    """The calendar of all types over ``nights`` nights from ``first_night`` on.

    Without ``full_again`` no full file comes after the first night, but increments do.
    """
    last = first_night + (nights - 1) * DAY
    shipments = [one for contract in catalogue for one in _of_type(contract, first_night, last)]
    shipments += list(_mishaps(first_night, shipments))
    arrived = [one for one in shipments if one.received <= last]
    if not full_again:
        full = {contract.name for contract in catalogue if contract.delivery.kind == "full"}
        arrived = [one for one in arrived if one.received <= first_night or one.type not in full]
    order = sorted(arrived, key=lambda one: (one.received, one.type, one.delivery_date, one.sequence))
    return Schedule(first_night, last, tuple(order))


def _of_type(contract: Contract, first: date, last: date) -> Iterable[Shipment]:
    place = zlib.crc32(contract.name.encode())
    name, increment = contract.name, contract.delivery.kind == "increment"
    match contract.delivery.cadence:
        case Cadence.DAILY:
            days = ([first - DAY] if increment else []) + _every(1, first, last)
            lag = 0
        case Cadence.WEEKLY:
            days = _every(7, first + (WEEKLY_OFFSETS.get(name, 2) - 7) * DAY, last)
            lag = 0
        case Cadence.MONTHLY if increment:
            days = _monthly_days(first, last)
            lag = 1
        case Cadence.MONTHLY:
            due = 1 + place % 20
            recent = [months_before(first.replace(day=1), back).replace(day=due) for back in (1, 0)]
            days = [max(one for one in recent if one + 3 * DAY <= first), *_later_months(due, first, last)]
            lag = 1 + place % 3
        case Cadence.TERMLY:
            starts = [date(year, *start) for year in (first.year - 1, first.year) for start in TERM_STARTS]
            days = [max(one for one in starts if one + 5 * DAY <= first)]
            lag = 5
    after = LONG_AGO
    for day in days:
        late = LATE.get(name, 0) if day == first else 0
        # What was due on the third night for real estate comes spoiled, and well a day later.
        spoiled = name == "real_estate" and day == first + 2 * DAY
        yield Shipment(name, day, day + (lag + late) * DAY, 1, "renamed" if spoiled else "good", after)
        if spoiled:
            yield Shipment(name, day, day + DAY, 2)
        if increment:
            after = day


def _mishaps(first: date, shipments: list[Shipment]) -> Iterable[Shipment]:
    def repeated(name: str, day: date, received: date, fate: Fate) -> Iterable[Shipment]:
        for one in shipments:
            if one.type == name and one.delivery_date == day:
                yield replace(one, received=received, sequence=one.sequence + 1, fate=fate)

    yield from repeated("medical_expense", first, first + DAY, "corrected")
    yield from repeated("exit_entry", first + DAY, first + DAY, "empty")
    yield from repeated("death_cancellation", first + DAY, first + 2 * DAY, "cut")
    yield from repeated("subsidy_payment", _monthly_days(first, first)[-1], first + 2 * DAY, "cut")


def _every(step: int, start: date, end: date) -> list[date]:
    return [start + days * DAY for days in range(0, (end - start).days + 1, step)]


def _monthly_days(first: date, last: date) -> list[date]:
    start = first.replace(day=1)
    days = [months_before(start, back).replace(day=MONTHLY_DAY) for back in range(MONTHS_BACK, -1, -1)]
    before = [day for day in days if day + DAY <= first][-MONTHS_BACK:]
    return before + [day for day in _later_months(MONTHLY_DAY, first - DAY, last) if day not in before]


def _later_months(day: int, after: date, last: date) -> list[date]:
    months = range((last.year - after.year) * 12 + last.month - after.month + 1)
    found = [months_before(after.replace(day=1), -ahead).replace(day=day) for ahead in months]
    return [one for one in found if after < one <= last]


def months_before(month: date, back: int) -> date:
    """The first day of the month so many months before ``month``, itself the first of one."""
    number = month.year * 12 + month.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)
