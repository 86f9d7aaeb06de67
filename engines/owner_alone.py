"""The files this program makes are about people, so only their owner may read them. Quick to import."""

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
