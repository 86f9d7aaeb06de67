"""A night over an inbox with files that nobody should send, run as ``hedui night`` runs it, and what it is held to."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engines.lake import Lake
from pipelines.deliveries.receipts import READ_TO_END, Receipt, ReceiptStore, Status
from pipelines.intake.printable import printable
from pipelines.intake.quarantine import tables_of
from schemas.catalogue import load_catalogue
from tests.pipelines.hostile_files import told_of

MEMORY_LIMIT = "1GB"
"""What DuckDB may take."""
MOST_MEMORY = 2_000
"""Megabytes that such a night may take, of which DuckDB may have half."""
LONGEST_NIGHT = 1_800
"""Seconds after which a night is held to be stuck."""
NIGHT_AND_ITS_MEMORY = """
import os, sys
os.umask(0o022)
from engines.peak_memory import peak_memory_mb
from pipelines.command_line import main
try:
    main()
finally:
    print("peak", peak_memory_mb(), file=sys.stderr)
"""


class Inbox:
    """An inbox that things are added to, as deliveries of one night."""

    def __init__(self, root: Path, night: date) -> None:
        self.root = root
        self.added: list[Path] = []
        self._night = night
        self._numbers: dict[str, int] = {}

    def place(self, type_name: str, ending: str = ".csv", name: str | bytes = "") -> Path:
        """A free place for a delivery of the night, or for a file of this name beside it."""
        number = self._numbers[type_name] = self._numbers.get(type_name, 1) + 1
        folder = self.root / load_catalogue()[type_name].department / type_name / self._night.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        named = os.fsdecode(name) or f"{type_name}_{self._night:%Y%m%d}_{number}{ending}"
        self.added.append(folder / named)
        return folder / named

    def add_at(self, place: str, content: bytes) -> None:
        """A file anywhere in the inbox."""
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.added.append(path)


@dataclass(frozen=True)
class Ended:
    """A night that has ended."""

    night: date
    lake: Lake
    added: Sequence[str]
    """What was put into the inbox beside good deliveries, as it can be printed."""
    exit_code: int
    printed: str
    peak: int
    """Megabytes of memory."""

    @property
    def report(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads((self.lake.root / "nights" / f"{self.night}.json").read_bytes())
        return kept

    @property
    def passed_over(self) -> list[str]:
        return [one["file"] for one in self.report["passed_over"]]

    def receipts(self, type_name: str) -> dict[str, Receipt]:
        """Of the deliveries added, by the names of their files."""
        return {
            Path(one.source).name: one for one in ReceiptStore(self.lake).of_type(type_name) if one.source in self.added
        }

    def silent(self) -> list[str]:
        """What was added and has neither a receipt nor its place in the report."""
        settled = {source for receipt in ReceiptStore(self.lake) for source in (receipt.source, *receipt.also)}
        named = self.passed_over
        return [
            one
            for one in self.added
            if one not in settled and not any(one == it or one.startswith(f"{it}/") for it in named)
        ]

    def unforeseen(self) -> dict[str, str]:
        """What failed for a reason nobody thought of, with that."""
        return {
            one.source: why.observed
            for one in ReceiptStore(self.lake)
            for why in one.failures
            if why.expectation == READ_TO_END
        }

    def miscounted(self) -> dict[str, str]:
        """Deliveries of whose rows some are neither in use nor in quarantine, by their receipts and by the lake."""
        found = {}
        for one in ReceiptStore(self.lake):
            good, set_apart, noted = (
                self.lake.rows(table, "delivery_id", one.delivery_id) for table in tables_of(one.type_name)
            )
            told = f"{one.landed} landed, {one.conformed} conformed, {one.quarantined} in quarantine, {one.noted} noted"
            holds = f"{good}, {set_apart} and {noted} rows in the lake"
            is_right = one.landed == one.conformed + one.quarantined and (one.failures or one.usable)
            if one.status is Status.ACCEPTED:
                is_right = is_right and (good, set_apart, noted) == (one.conformed, one.quarantined, one.noted)
            elif one.status is Status.REFUSED:
                is_right = is_right and (good, set_apart) == (0, one.quarantined)
            if not is_right:
                found[one.source] = f"{one.status}: {told}; {holds}"
        return found

    def personal(self) -> dict[str, list[str]]:
        """What says who the invented people are, by what it stands in: receipts, reports, checks, what was printed."""
        kept = (
            path for folder in ("deliveries", "nights", "checks") for path in (self.lake.root / folder).rglob("*.json")
        )
        texts = {path.name: path.read_text(encoding="utf-8") for path in kept} | {"printed": self.printed}
        return {name: found for name, text in texts.items() if (found := told_of(text))}

    def wrongs(self) -> list[str]:
        """All that is wrong with the night; nothing where it is as it ought to be."""
        if self.exit_code:
            return [f"the night ended with {self.exit_code}: {self.printed[-2_000:]}"]
        told = [f"neither a receipt nor named: {one}" for one in self.silent()]
        told += [f"failed unforeseen: {source}: {why}" for source, why in self.unforeseen().items()]
        told += [f"rows lost: {source}: {why}" for source, why in self.miscounted().items()]
        told += [f"says who people are: {name}: {len(found)} times" for name, found in self.personal().items()]
        if self.peak >= MOST_MEMORY:
            told.append(f"took {self.peak} MB")
        return told


def run_night(inbox: Inbox, lake: Path, night: date, *, seconds: float = LONGEST_NIGHT) -> Ended:
    """Run the night. Raises subprocess.TimeoutExpired where it takes longer than so many seconds."""
    command = ["night", "--date", str(night), "--inbox", str(inbox.root), "--lake", str(lake)]
    settings = {"HEDUI_DATABASE_URL": "", "HEDUI_MEMORY_LIMIT": MEMORY_LIMIT, "HEDUI_LOG": "info", "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", NIGHT_AND_ITS_MEMORY, *command],
        env=os.environ | settings,
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    added = [printable(path.relative_to(inbox.root)) for path in inbox.added]
    printed, _, peak = (done.stdout + done.stderr).decode().rpartition("peak ")
    return Ended(night, Lake(lake), added, done.returncode, printed, int(peak.split()[0]))
