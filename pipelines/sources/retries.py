"""Servers that are busy or out of reach for a moment are asked again, each time after a longer pause."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import tenacity

Answer = TypeVar("Answer")
TRIES = ContextVar("tries", default=5)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds."""


class BusyError(RuntimeError):
    """A server asks for patience. ``pause`` are the seconds it asks for, if it says so."""

    def __init__(self, seen: str, pause: float | None = None) -> None:
        super().__init__(seen)
        self.pause = pause


def with_retries(ask: Callable[[], Answer], *passing: type[Exception]) -> Answer:
    """What ``ask`` gives, asked again while it fails with BusyError or one of ``passing``; the last error is raised."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type((BusyError, *passing)),
        stop=tenacity.stop_after_attempt(TRIES.get()),
        wait=_pause,
        sleep=time.sleep,
        reraise=True,
    )(ask)


@contextmanager
def asking_once() -> Iterator[None]:
    """Ask nobody a second time meanwhile: somebody waits for the answer."""
    before = TRIES.set(1)
    try:
        yield
    finally:
        TRIES.reset(before)


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.pause if isinstance(error, BusyError) else None
    if asked is None:
        asked = tenacity.wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE)(state)
    return min(asked, LONGEST_PAUSE)
