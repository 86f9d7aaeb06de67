"""The keys of a delivery's rows by their hashes: few keys come twice, and only their rows are looked at again."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]

HELD = 64_000_000
"""So many hashes are held, 512 MB; of a larger delivery nothing is known."""


def alike(hashes: Hashes) -> Hashes:
    """The hashes that occur more than once, each so many times less one."""
    return _alike_in_order(np.sort(hashes))


def _alike_in_order(hashes: Hashes) -> Hashes:
    found: Hashes = hashes[1:][hashes[1:] == hashes[:-1]]
    return found


@dataclass
class KeysSeen:
    """The hashes of the keys of the blocks so far; within a block no key occurs twice."""

    _hashes: list[Hashes] = field(default_factory=list)
    _forgotten: bool = False

    def add(self, hashes: Hashes) -> None:
        """See a block's keys."""
        self._hashes.append(hashes)
        if self._forgotten or sum(map(len, self._hashes)) > HELD:
            self._forget()

    def recurring(self) -> Hashes | None:
        """The hashes that several blocks have, each so many times less one; None where nothing is known.

        They are forgotten with the answer, to make room: asked again, nothing is known.
        """
        if self._forgotten:
            return None
        hashes = np.concatenate([np.zeros(0, np.uint64), *self._hashes])
        self._forget()
        hashes.sort()
        return _alike_in_order(hashes)

    def _forget(self) -> None:
        self._forgotten = True
        self._hashes.clear()
