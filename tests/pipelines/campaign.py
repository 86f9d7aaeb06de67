"""The long campaign: `python -m tests.pipelines.campaign --mutations 5000 --kills 100 --seed 1`.

Mutations are hostile files (`hostile_files`), so many to a night, in the folders of all types but the rosters; each
night is held to what `hostile_night` says. Kills are of nights over such files too, at any moment, all processes of the
night at once; the night after is to leave what it would have left without them (`killed_nights`). It prints as it
goes, ends with how many there were and what failed, and with exit code 1 where something did. The files of a night
in which something is wrong are kept; a file is made again by its number (`hostile`).
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.intake.printable import printable
from schemas.catalogue import load_catalogue
from schemas.listed import rosters_of
from tests.pipelines.hostile_files import hostile
from tests.pipelines.hostile_night import Inbox, run_night
from tests.pipelines.killed_nights import KilledNights
from tests.pipelines.sample_nights import INBOX, NIGHTS

A_NIGHT = 200
"""Mutations in one inbox."""
BESIDE_KILLS = 12
"""Hostile files in the inbox of the nights that are killed."""
SEEDS_APART = 1_000_000
"""Numbers of hostile files that belong to one seed."""
WORK = Path("var/campaign")


@dataclass
class Campaign:
    """What was run so far, and what came of it."""

    seed: int
    work: Path
    mutations: int = 0
    nights: int = 0
    peak: int = 0
    """Megabytes: the most that a night took."""
    statuses: Counter[str] = field(default_factory=Counter)
    """How many of the hostile files were accepted, refused, unreadable, or only named."""
    kills: int = 0
    killed_in: Counter[str] = field(default_factory=Counter)
    """How many kills came in which stage."""
    wrongs: list[str] = field(default_factory=list)

    def add_mutations(self, first: int, count: int) -> None:
        """Run a night over so many hostile files, from the one of that number on."""
        folder = self.work / f"from-{first}"
        shutil.rmtree(folder, ignore_errors=True)
        inbox, made_by = self._inbox(folder, range(first, first + count))
        try:
            ended = run_night(inbox, folder / "lake", NIGHTS[0])
            wrongs = ended.wrongs()
        except subprocess.TimeoutExpired as error:
            wrongs = [f"the night did not end in {error.timeout:.0f} s"]
        else:
            self.peak = max(self.peak, ended.peak)
            receipts = {one.source: one for name in _types() for one in ended.receipts(name).values()}
            self.statuses += Counter(receipts[one].status if one in receipts else "named" for one in ended.added)
        self.mutations += count
        self.nights += 1
        made = {source: how for source, how in made_by.items() if any(source in wrong for wrong in wrongs)}
        self._told(folder, wrongs + [f"made by {how}: {source}" for source, how in made.items()])

    def add_kills(self, count: int) -> None:
        """Kill so many nights."""
        folder = self.work / f"killed-{self.seed}"
        shutil.rmtree(folder, ignore_errors=True)
        first = self.seed * SEEDS_APART - BESIDE_KILLS
        inbox, _ = self._inbox(folder, range(first, first + BESIDE_KILLS))
        nights = KilledNights(inbox.root, NIGHTS, folder)
        nights.run_undisturbed()
        chance = random.Random(self.seed)  # noqa: S311 not a secret
        until = self.kills + count
        while self.kills < until:
            kills, wrongs = nights.kill(chance, until - self.kills)
            self.kills += len(kills)
            self.killed_in.update(kill.stage or "before the first" for kill in kills)
            at = ", ".join(f"{kill.after} s, {kill.stage or 'before the first stage'}" for kill in kills)
            print(f"killed {self.kills} of {until}: {at or 'none: it had ended before'}", flush=True)
            if wrongs:
                shutil.copytree(folder / "killed", folder / f"wrong-{self.kills}", dirs_exist_ok=True)
                self.wrongs += [f"killed at {at}: {wrong}" for wrong in wrongs]
                print(*wrongs, sep="\n", flush=True)
        if not self.wrongs:
            shutil.rmtree(folder)

    def as_json(self) -> dict[str, Any]:
        """The campaign as it is written to a file."""
        return {name: value for name, value in vars(self).items() if name != "work"}

    def _inbox(self, folder: Path, numbers: range) -> tuple[Inbox, dict[str, str]]:
        """The sample's inbox with hostile files, and how each of these was made."""
        shutil.copytree(INBOX, folder / "inbox")
        inbox, made_by = Inbox(folder / "inbox", NIGHTS[0]), {}
        for number, type_name in zip(numbers, _over_and_over(_types()), strict=False):
            made = hostile(number, load_catalogue()[type_name])
            path = inbox.place(type_name, made.ending)
            path.write_bytes(made.content)
            made_by[printable(path.relative_to(inbox.root))] = made.made_by
        return inbox, made_by

    def _told(self, folder: Path, wrongs: list[str]) -> None:
        print(f"{self.mutations} mutations in {self.nights} nights, {self.peak} MB at most", flush=True)
        print(*wrongs, sep="\n", end="\n" if wrongs else "", flush=True)
        self.wrongs += wrongs
        if not wrongs:
            shutil.rmtree(folder)


def _types() -> list[str]:
    """Every type but the rosters, without which no night ends well."""
    catalogue = load_catalogue()
    rosters = rosters_of(catalogue)
    return [contract.name for contract in catalogue if contract.name not in rosters]


def _over_and_over(names: list[str]) -> Iterator[str]:
    while True:
        yield from names


def main() -> None:
    """Run the campaign that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.pipelines.campaign",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--mutations", type=int, default=5_000, help="hostile files to take in")
    parser.add_argument("--kills", type=int, default=100, help="nights to kill")
    parser.add_argument("--seed", type=int, required=True, help="which files and which moments: another, others")
    parser.add_argument("--work", type=Path, default=WORK, help="where inboxes and lakes lie")
    parser.add_argument("--out", type=Path, help="a JSON file for what was run and what failed")
    given = parser.parse_args()
    campaign = Campaign(given.seed, given.work.absolute())
    first = given.seed * SEEDS_APART
    for done in range(0, given.mutations, A_NIGHT):
        campaign.add_mutations(first + done, min(A_NIGHT, given.mutations - done))
    if given.kills:
        campaign.add_kills(given.kills)
    told = json.dumps(campaign.as_json(), ensure_ascii=False, indent=1)
    if given.out:
        given.out.write_text(told + "\n", encoding="utf-8")
    print(told)
    sys.exit(1 if campaign.wrongs else 0)


if __name__ == "__main__":
    main()
