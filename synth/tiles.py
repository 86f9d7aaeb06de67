"""The tiles a large province is invented in: each a part of its people that has nothing to do with the others.

A tile has its own villages, its own random streams, and its own part of all numbers that nobody else may have: ID
numbers, running numbers, numbers of people and households. So tiles can be made one by one, in any process.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ISSUERS = 88
"""Issuing codes 529901 to 529988, one for each county: reserved for invented data."""
SEQUENCES_A_SEX = 500
"""Numbers an issuer has for the births of one sex on a day."""
PEOPLE_A_TILE = 220_000
ROOM = {"plate": 75_000}
"""Running numbers a tile may use of a series."""
ROOM_ELSE = 500_000
MOST_TILES = 2 * ISSUERS

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Tile:
    """Tile ``number`` (from 0) of ``of``; its people are ``first`` to ``first + people - 1`` of the province."""

    people: int
    first: int = 0
    number: int = 0
    of: int = 1
    part: float = 1.0
    """What part of a province all its tiles are: a half has half of the villages and issuing codes, each with as many
    people."""

    @property
    def alone(self) -> bool:
        """Whether the tile is the whole province."""
        return self.of == 1

    @property
    def stretch(self) -> tuple[float, float]:
        """Its part of the households, in the order of where they live: from where to where, within 0 to 1."""
        return self.number / self.of, (self.number + self.part) / self.of

    @property
    def seeds(self) -> tuple[int, ...]:
        """What tells the tile's random streams from those of others."""
        return () if self.alone else (self.number,)

    @property
    def issuers(self) -> Integers:
        """The issuing codes (0 to 87) its people's numbers are under; two tiles share one where there are too few."""
        if self.of > ISSUERS:
            return np.array([self.number // self._sharing])
        first = ISSUERS * self.number // self.of
        end = int(ISSUERS * (self.number + self.part) / self.of + 1e-9)
        return np.arange(first, max(end, first + 1))

    @property
    def sequences(self) -> tuple[int, int]:
        """Its part of the sequence numbers of a birth date and sex: the first, and how many."""
        window = SEQUENCES_A_SEX // self._sharing
        return self.number % self._sharing * window, window

    def running(self, series: str, used: int, count: int) -> Integers:
        """The next ``count`` numbers of a series, after so many ``used``. Raises ValueError past the tile's room."""
        room = ROOM.get(series, ROOM_ELSE)
        if not self.alone and used + count > room:
            raise ValueError(f"series {series}: more than {room} numbers in a tile: use tiles of fewer people")
        start = self.number * room + used
        return np.arange(start, start + count, dtype=np.int64)

    @property
    def _sharing(self) -> int:
        return -(-self.of // ISSUERS)


def tiles_of(population: int, people_a_tile: int, part: float = 1.0) -> list[Tile]:
    """Divide so many people, who are that part of a province, into tiles of about equal size.

    Raises ValueError where there are too few ID numbers.
    """
    of = -(-population // people_a_tile)
    if of > MOST_TILES:
        raise ValueError(
            f"{population} people in tiles of {people_a_tile}: at most {MOST_TILES} tiles, use larger ones"
        )
    edges = [population * number // of for number in range(of + 1)]
    return [Tile(edges[number + 1] - edges[number], edges[number], number, of, part) for number in range(of)]
