"""A key that two blocks have is never overlooked; how many are held has a bound."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake import keys_seen
from pipelines.intake.keys_seen import KeysSeen

BLOCKS = st.lists(st.sets(st.integers(0, 9), max_size=4), max_size=4)


def seen(blocks: list[set[int]]) -> KeysSeen:
    keys = KeysSeen()
    for block in blocks:
        keys.add(np.array(sorted(block), np.uint64))
    return keys


@given(BLOCKS)
def test_a_key_recurs_as_often_as_further_blocks_have_it(blocks: list[set[int]]) -> None:
    recurring = seen(blocks).recurring()
    assert recurring is not None
    every = Counter(key for block in blocks for key in block)
    assert Counter(recurring.tolist()) == +Counter({key: count - 1 for key, count in every.items()})


def test_of_too_many_keys_nothing_is_held_and_nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_seen, "HELD", 2)
    assert seen([{1}, {2}]).recurring() is not None
    assert seen([{1}, {2}, {3}, {4}]).recurring() is None


def test_keys_once_told_are_forgotten_and_not_taken_to_differ() -> None:
    keys = seen([{1}, {1}])
    assert keys.recurring() is not None
    assert keys.recurring() is None
