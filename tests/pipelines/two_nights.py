"""Two invented nights, run without the vehicle register, which comes late; and rule books edited after them."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from engines.lake import Lake
from pipelines.flag import read_flags
from pipelines.night import Night, run_night
from pipelines.past.backfill import Backfill, NightAgain, backfill
from pipelines.reporting.report import NightReport
from review.configure import configure
from rules.book import RuleBook, load_rule_book
from rules.rule import HERE
from synth.province import build
from tests.made_once import made_once
from tests.pipelines.lake_contents import lake_rows, review_rows

# The models can be imported only once Django is set up.
configure("sqlite:///:memory:")
from review.models import Case, Decision, Flag  # noqa: E402

NIGHT = date(2020, 10, 29)
NEXT = date(2020, 10, 30)
LATER = date(2020, 11, 3)
Reviewed = dict[str, Flag]
"""The review's flags by number."""
HELD_BACK = Path("public_security") / "motor_vehicle"


@dataclass(frozen=True)
class Office:
    """A lake, the review that goes with it, and the inbox."""

    folder: Path

    @property
    def lake(self) -> Lake:
        return Lake(self.folder / "lake")

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'review.sqlite3'}"

    def run(self, night: date, **given: Any) -> NightReport:
        return run_night(Night(night, self.inbox, self.lake, self.database_url, night, **given))

    def flags(self, night: date) -> dict[str, dict[str, Any]]:
        return {flag["flag_id"]: flag for flag in read_flags(self.lake, night).to_pylist()}

    def backfill(self, first: date = NIGHT, last: date = NEXT, **plan: Any) -> list[NightAgain]:
        asked = Backfill(first, last, self.lake, self.database_url, plan.pop("known_by", LATER), **plan)
        return list(backfill(asked))

    def deliver_late(self) -> None:
        """The vehicle register comes, for a day before both nights, days after them."""
        for received in (self.folder / "held_back").iterdir():
            shutil.copytree(received, self.inbox / HELD_BACK / LATER.isoformat(), dirs_exist_ok=True)

    def contents(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Every row of the lake, and of the review."""
        return lake_rows(self.lake.root), review_rows(self.folder / "review.sqlite3")

    def review(self) -> Reviewed:
        configure(self.database_url)
        return {flag.flag_id: flag for flag in Flag.objects.select_related("case")}

    def close_cases(self) -> list[dict[str, Any]]:
        """People close every case, having seen what is there; returns their decisions."""
        configure(self.database_url)
        for case in Case.objects.all():
            seen = {flag.flag_id: flag.evidence_hash for flag in case.flags.all()}
            decided = {"outcome": "legitimate", "decided_by": "officer", "decided_at": timezone.now()}
            Decision.objects.create(case=case, evidence_seen=seen, **decided)
        Case.objects.update(state="closed_by_county")
        return self.decisions()

    def decisions(self) -> list[dict[str, Any]]:
        configure(self.database_url)
        return [dict(row) for row in Decision.objects.order_by("pk").values()]


def two_nights(factory: pytest.TempPathFactory) -> Office:
    """The office after both nights, for all to read; ``copied`` is for who changes it."""

    def make(folder: Path) -> None:
        build(1500, 7, NIGHT, 2, folder, 0.3)
        shutil.move(Office(folder).inbox / HELD_BACK, folder / "held_back")
        for night in (NIGHT, NEXT):
            Office(folder).run(night)

    return Office(made_once(factory, "two_nights", make))


def copied(original: Office, folder: Path) -> Office:
    shutil.copytree(original.folder, folder)
    return Office(folder)


def edited(folder: Path, *edits: tuple[str, str, str]) -> RuleBook:
    """The rule book as somebody left it who replaced in a file one text by another."""
    shutil.copytree(HERE, folder / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for file, old, new in edits:
        text = (folder / "rules" / file).read_text(encoding="utf-8")
        assert old in text
        (folder / "rules" / file).write_text(text.replace(old, new), encoding="utf-8")
    return load_rule_book(folder / "rules")
