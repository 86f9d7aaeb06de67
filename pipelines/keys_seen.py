"""The keys of a delivery's rows by their hashes: most deliveries have no key twice, and are done with at a glance."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]

HELD = 8_000_000
"""So many hashes are held, 64 MB; of a larger delivery nothing is known."""


def alike(hashes: Hashes) -> Hashes:
    """The hashes that occur more than once."""
    in_order = np.sort(hashes)
    found: Hashes = in_order[1:][in_order[1:] == in_order[:-1]]
    return found


@dataclass
class KeysSeen:
    """The hashes of the keys of the blocks so far; within a block no key occurs twice."""

    _hashes: list[Hashes] = field(default_factory=list)
    _too_many: bool = False

    def add(self, hashes: Hashes) -> None:
        """See a block's keys."""
        self._hashes.append(hashes)
        if self._too_many or sum(map(len, self._hashes)) > HELD:
            self._too_many = True
            self._hashes.clear()

    def may_recur(self) -> bool:
        """Whether a key of one block may be one of another's, too."""
        return self._too_many or bool(len(self._hashes) > 1 and len(alike(np.concatenate(self._hashes))))
