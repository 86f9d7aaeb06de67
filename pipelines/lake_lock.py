"""Who may write to a lake at a time. The system releases these locks when a process ends, however it ends.

What is made while a lake is held is its owner's alone to read.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from engines.lake import Lake
from engines.owner_alone import for_owner_alone


class LakeBusyError(RuntimeError):
    """Another process works on the same lake."""

    exit_code = 5


@contextmanager
def whole_lake(lake: Lake) -> Iterator[None]:
    """Hold the lake alone. Raises LakeBusyError at once when anybody else works on it."""
    with _held(lake, ".lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def some_types(lake: Lake, types: Sequence[str]) -> Iterator[None]:
    """Hold the tables of these types, beside others who hold other types; waits for those who hold the same.

    Raises LakeBusyError at once when somebody holds the whole lake.
    """
    with ExitStack() as held:
        held.enter_context(_held(lake, ".lock", fcntl.LOCK_SH | fcntl.LOCK_NB))
        for name in sorted(types):
            held.enter_context(_held(lake, f".lock-{name}", fcntl.LOCK_EX))
        yield


@contextmanager
def _held(lake: Lake, name: str, operation: int) -> Iterator[None]:
    with for_owner_alone(), (lake.folder() / name).open("w") as lock:
        try:
            fcntl.flock(lock, operation)
        except BlockingIOError:
            raise LakeBusyError(f"another night is running on {lake.root}: wait for it, then run this one") from None
        yield
