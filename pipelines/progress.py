"""How a night reports what it is doing: one log line for each step, and progress bars on a terminal."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from engines.peak_memory import peak_memory_mb

LOG = logging.getLogger("hedui.night")


class Watcher(Protocol):
    """Somebody who looks on while a night runs."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins; it has ``total`` steps."""

    def step(self, name: str, subject: str) -> None:
        """One step of a stage is done."""


class Nobody:
    """A watcher that looks away."""

    def stage(self, name: str, total: int) -> None:
        """Do nothing."""

    def step(self, name: str, subject: str) -> None:
        """Do nothing."""


@dataclass
class Progress:
    """Passes steps on to the log and to the watcher, and keeps the seconds of each stage."""

    watcher: Watcher = field(default_factory=Nobody)
    seconds: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)

    @contextmanager
    def stage(self, name: str, total: int = 1) -> Iterator[None]:
        """Run a stage of so many steps, and time it."""
        self.watcher.stage(name, total)
        LOG.info("stage=%s begins steps=%d", name, total)
        started = self._since = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - started, 3)
        LOG.info("stage=%s ends seconds=%.3f", name, self.seconds[name])

    def step(self, name: str, subject: str, facts: Mapping[str, object]) -> None:
        """Tell that one step is done, in one line with its seconds and the most memory the process had so far (MiB).

        ``facts`` are counts and states, never anything about a person.
        """
        now = time.monotonic()
        cost = {"seconds": f"{now - self._since:.3f}", "memory_mb": peak_memory_mb()}
        self._since = now
        told = " ".join(f"{key}={value}" for key, value in (*cost.items(), *facts.items()))
        LOG.info("stage=%s %s %s", name, subject, told)
        self.watcher.step(name, subject)
