"""The tasks of the linkage benchmark, and where each one's prepared inputs lie.

Whatever a task is made from, every tool reads the same Parquet files: ``left.parquet`` and ``right.parquet`` (a
deduplication has the left only), each with a unique ``record_id``, and nobody but the scoring reads ``truth.parquet``.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

PROVINCE_TASKS = ("motor_vehicle", "real_estate", "household_register")
EVERY_TYPE = "every_type"
"""All information types of the province together, as a night links them: hedui's alone."""
FEBRL_TASKS = ("febrl4", "febrl3")
TASKS = (*FEBRL_TASKS, *PROVINCE_TASKS, EVERY_TYPE)
TOOLS = ("hedui", "splink", "recordlinkage")
MODES = ("train", "frozen")
"""With training included; and with the model that the training left behind."""


@dataclass(frozen=True)
class Task:
    """One task with its inputs prepared."""

    name: str
    folder: Path

    @property
    def left(self) -> Path:
        """The people looked for; or the one table of a deduplication."""
        return self.folder / "left.parquet"

    @property
    def right(self) -> Path:
        """The records looked at."""
        return self.folder / "right.parquet"

    @property
    def memberships(self) -> Path:
        """Province only: the places on the registers that the people of the left stand for."""
        return self.folder / "memberships.parquet"

    @property
    def truth(self) -> Path:
        """The true pairs."""
        return self.folder / "truth.parquet"

    @property
    def cleaning(self) -> Path:
        """Province only: how long it took to make the columns that cleaning gives to the peers, in seconds."""
        return self.folder / "cleaning.json"

    @property
    def is_province(self) -> bool:
        """Whether it is made from the invented province."""
        return self.name in (*PROVINCE_TASKS, EVERY_TYPE)

    @property
    def is_deduplication(self) -> bool:
        """Whether one table is to be linked with itself."""
        return self.name == "febrl3"

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = {"left": self.left, "right": self.right, "true pairs": self.truth}
        return {name: pq.read_metadata(path).num_rows for name, path in tables.items() if path.exists()}
