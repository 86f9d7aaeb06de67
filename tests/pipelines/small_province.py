"""A small invented province whose registers and records are wrong now and then."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from tests.matchers.made_registers import fifteen, number, other_digit
from tests.pipelines.linked_night import VILLAGES
from tests.pipelines.made_register import Row, Rows, by_type

SURNAMES, GIVEN = "王李张赵", ("芳", "方", "建国", "健国", "强", "丽", "小军", "晓军", "敏")
BIRTHS = ("1970-01-01", "1970-01-02", "1988-05-05", "1995-12-12")
PEOPLE, RECORDS = 160, 600


class Province:
    """A few people with few names, and what registers and records make of them, wrongly now and then."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self.people = [self._somebody(place) for place in range(PEOPLE)]

    def rows(self) -> Rows:
        """The rosters of some, the register of the poor of others, and records of all."""
        return by_type([*self._places(), *self._records()])

    def _places(self) -> Iterator[tuple[str, Row]]:
        for key, one in enumerate(self.people[: PEOPLE // 2]):
            household, member = str(key // 2), str(key)
            if self._now_and_then(0.4):
                yield "dibao_roster", self._told(one) | {"household_no": household, "member_no": member}
            if self._now_and_then(0.2):
                yield "tekun_roster", self._told(one) | {"person_no": member}
            if self._now_and_then(0.5):
                yield "registered_poor", self._told(one) | {"household_no": household, "person_no": member}

    def _records(self) -> Iterator[tuple[str, Row]]:
        for _ in range(RECORDS):
            one, other = self._told(self._of(self.people)), self._told(self._of(self.people))
            relative = self._of(self.people)["id_number"] if self._now_and_then(0.1) else None
            match self._random.integers(4):
                case 0:
                    former = self._name() if self._now_and_then(0.2) else None
                    kin = {"household_no": str(self._random.integers(40)), "father_id": relative, "former_name": former}
                    yield "household_register", one | kin
                case 1:
                    owned = {"owner_name": one["name"], "owner_id": one["id_number"], "address": one["address"]}
                    yield "motor_vehicle", owned | {"division": one["division"]}
                case 2:
                    wed = {"husband_name": one["name"], "husband_id": one["id_number"]}
                    yield "marriage", wed | {"wife_name": other["name"], "wife_id": other["id_number"]}
                case _:
                    yield "disability_certificate", one | {"guardian_id": relative}

    def _somebody(self, place: int) -> Row:
        born = str(self._of(BIRTHS))
        own = number(born.replace("-", ""), place, str(self._of(VILLAGES))[:6])
        at = {"division": str(self._of(VILLAGES)), "address": f"遵义路{place // 2}号"}
        return {
            "name": self._name(),
            "id_number": own,
            "birth_date": date.fromisoformat(born),
            "sex": "21"[place % 2],
            **at,
        }

    def _told(self, one: Row) -> Row:
        """The person as somebody wrote them down."""
        told = dict(one)
        if self._now_and_then(0.1):
            told["name"] = self._name()
        elif self._now_and_then(0.1):
            told["name"] = one["name"][0] + "*" + one["name"][2:]
        if self._now_and_then(0.1):
            told["birth_date"] = date.fromisoformat(str(self._of(BIRTHS)))
        for detail in ("birth_date", "division", "address"):
            if self._now_and_then(0.1):
                told[detail] = None
        match self._random.integers(20):
            case 0 | 1:
                told["id_number"] = other_digit(one["id_number"], int(self._random.integers(6, 17)))
            case 2:
                told["id_number"] = fifteen(one["id_number"])
            case 3:
                told["id_number"] = self._of(self.people)["id_number"]
            case 4:
                told["id_number"] = None
        return told

    def _name(self) -> str:
        return str(self._of(SURNAMES)) + str(self._of(GIVEN))

    def _now_and_then(self, share: float) -> bool:
        return bool(self._random.random() < share)

    def _of(self, values: Sequence[Any]) -> Any:
        return values[int(self._random.integers(len(values)))]
