"""What this program makes is about people: its owner alone may read it. Imports nothing that takes time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

OTHERS = 0o077
"""What others may do with the files that a process with this umask makes: nothing."""


@contextmanager
def for_owner_alone() -> Iterator[None]:
    """Whatever this process makes meanwhile is its owner's alone to read: it is about people."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)
