"""The inbox the night's benchmark reads: a part of the province, its first night, and what comes the night after."""

import json
import shutil
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.next_extract import write_next_extract
from pipelines.intake.inbox import InboxFile, find_deliveries
from schemas.catalogue import load_catalogue
from schemas.contract import Contract
from synth.deliveries import delivery_path
from synth.province import build_scale
from synth.schedule import make_schedule
from synth.shipping import encoding_of

SEED = 20201031
FIRST_NIGHT = date(2020, 10, 29)
NEXT_NIGHT = FIRST_NIGHT + timedelta(days=1)


@dataclass(frozen=True)
class Home:
    """Where the benchmark keeps what it reads and writes at one scale."""

    folder: Path
    scale: float

    @property
    def inbox(self) -> Path:
        """What the departments delivered."""
        return self.folder / "inbox"

    @property
    def made(self) -> Path:
        """Says that the inbox is complete, and what making it took."""
        return self.folder / "inbox.json"


def find_home(work: Path, scale: float) -> Home:
    """The folder of a scale, such as ``night-0.0625``."""
    return Home(work / f"night-{scale:.6g}", scale)


def prepare_inbox(home: Home, *, anew: bool = False) -> dict[str, float]:
    """Make the inbox unless it is there; returns what making it took, in seconds."""
    if anew or not home.made.exists():
        for folder in ("inbox", "truth", "tiles"):
            shutil.rmtree(home.folder / folder, ignore_errors=True)
        started = time.monotonic()
        build_scale(home.scale, SEED, FIRST_NIGHT, 2, home.folder, full_again=False)
        built = time.monotonic()
        rows = deliver_again(home.inbox)
        took = {"build": built - started, "deliver_again": time.monotonic() - built, "rows_again": rows}
        home.made.write_text(json.dumps(took, indent=1) + "\n", encoding="utf-8")
    took = json.loads(home.made.read_text(encoding="utf-8"))
    return {name: round(value, 1) for name, value in took.items()}


def deliver_again(inbox: Path) -> int:
    """Write the following night's extract of every full type that is due then; returns their rows."""
    rng = np.random.default_rng([SEED, 8])
    rows = 0
    for file in of_first_night(inbox):
        contract = load_catalogue()[file.type_name]
        if comes_again(contract):
            packed = file.path.suffix == ".gz"
            after = delivery_path(contract, inbox, NEXT_NIGHT, NEXT_NIGHT, compressed=packed)
            rows += write_next_extract(file.path, after, contract, encoding_of(contract), rng)
    return rows


def comes_again(contract: Contract) -> bool:
    """Whether the departments' calendar has a full extract of the type for the following night."""
    due = make_schedule(load_catalogue(), FIRST_NIGHT, 2).shipments
    return contract.delivery.kind == "full" and any(
        (one.type, one.delivery_date) == (contract.name, NEXT_NIGHT) for one in due
    )


def of_first_night(inbox: Path) -> list[InboxFile]:
    """What the first night finds in the inbox."""
    return find_deliveries(inbox, load_catalogue(), delivered_by=FIRST_NIGHT, received_by=FIRST_NIGHT)[0]


def of_next_night(inbox: Path) -> list[InboxFile]:
    """What the following night finds besides."""
    found = find_deliveries(inbox, load_catalogue(), delivered_by=NEXT_NIGHT, received_by=NEXT_NIGHT)[0]
    return [file for file in found if file.received == NEXT_NIGHT]
