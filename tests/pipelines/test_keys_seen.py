"""A key that two blocks have is never overlooked; how many are held has a bound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import keys_seen
from pipelines.keys_seen import KeysSeen

BLOCKS = st.lists(st.sets(st.integers(0, 9), max_size=4), max_size=4)


def seen(blocks: list[set[int]]) -> KeysSeen:
    keys = KeysSeen()
    for block in blocks:
        keys.add(np.array(sorted(block), np.uint64))
    return keys


@given(BLOCKS)
def test_a_key_recurs_where_two_blocks_have_it(blocks: list[set[int]]) -> None:
    assert seen(blocks).may_recur() == (sum(map(len, blocks)) > len(set().union(*blocks)))


def test_of_too_many_keys_nothing_is_held_and_any_may_recur(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_seen, "HELD", 2)
    assert not seen([{1}, {2}]).may_recur()
    assert seen([{1}, {2}, {3}, {4}]).may_recur()
