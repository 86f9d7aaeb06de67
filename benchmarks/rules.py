"""The rule book against the truth: `python -m benchmarks.rules --population 200000 --out FILE.json`.

Invents a province, dirty as configured, runs three nights over it, each in a process of its own, and counts for every
rule what it found of what was planted, what it flagged that it should not, and what nothing planted explains.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import platform
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.rule_scores import score_rules
from benchmarks.rule_tables import as_table
from engines.lake import Lake
from engines.peak_memory import peak_memory_mb
from pipelines.flag import read_flags
from pipelines.night import Night, run_night
from rules.rule import Direction, load_rules
from synth.province import build

ROOT = Path(__file__).parent.parent
MAKES_IT = (".py", ".yaml", ".csv", ".gz")
WORK = Path("var/bench/rules")
FIRST_NIGHT = date(2020, 10, 29)
NIGHTS = tuple(FIRST_NIGHT + timedelta(days=days) for days in range(3))
"""The nights of the sample, and so its late, corrected and refused deliveries."""


def main() -> None:
    """Read the command line, run, write the results, print the table."""
    options = _options()
    report = measure(options.population, options.seed, options.protected_share, options.work)
    keep(report, options.out)
    print(as_table(report))


def keep(report: dict[str, Any], out: Path) -> None:
    """Write the results as JSON."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules", description=__doc__)
    parser.add_argument("--population", type=int, default=200_000, help="people of the invented province")
    parser.add_argument("--seed", type=int, default=20201031)
    parser.add_argument(
        "--protected-share", type=float, default=0.52, help="share of the people on dibao; the sample's by default"
    )
    parser.add_argument("--work", type=Path, default=WORK, help="where the province is kept for the next run")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file of the results")
    return parser.parse_args()


def measure(
    population: int, seed: int, protected_share: float, work: Path, nights: Sequence[date] = NIGHTS
) -> dict[str, Any]:
    """Run the nights over the province, invented unless ``work`` has it, and score every rule of the book."""
    home = work / f"{population}-{seed}-{protected_share}-{version_of_province()}"
    if not (home / "truth" / "flags.parquet").exists():
        shutil.rmtree(home, ignore_errors=True)
        build(population, seed, FIRST_NIGHT, len(NIGHTS), home, protected_share)
    lake = Lake(home / "lake")
    shutil.rmtree(lake.root, ignore_errors=True)
    runs = run_nights(home / "inbox", lake, nights)
    truth = pl.read_parquet(home / "truth" / "flags.parquet")
    flags = {night: flags_of(lake, night) for night in nights}
    rules = [rule.id for rule in load_rules() if rule.direction is not Direction.CONTROL]
    return {
        "conditions": {
            "population": population,
            "seed": seed,
            "protected_share": protected_share,
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "nights": runs,
        "rules": score_rules(truth, flags, rules),
    }


def version_of_province() -> str:
    """A short hash of all that the province is made from, so that a changed one is invented anew."""
    files = [
        file for name in ("synth", "schemas") for file in sorted((ROOT / name).rglob("*")) if file.suffix in MAKES_IT
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def run_nights(inbox: Path, lake: Lake, nights: Sequence[date]) -> list[dict[str, Any]]:
    """Run the nights in order, each in a new process, so that its peak of memory is its own; seconds by stage."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        return [pool.submit(_run_night, night, inbox, lake).result() for night in nights]


def _run_night(night: date, inbox: Path, lake: Lake) -> dict[str, Any]:
    database_url = f"sqlite:///{(lake.root / 'review.sqlite3').absolute()}"
    lake.folder()
    report = run_night(Night(night, inbox, lake, database_url, night))
    return {
        "night": night.isoformat(),
        "rows": sum(facts["landed"] for facts in report.types.values()),
        "flags": sum(report.flags.values()),
        "seconds": round(sum(report.seconds.values()), 1),
        "seconds_by_stage": {stage: round(taken, 1) for stage, taken in report.seconds.items()},
        "peak_memory_mb": peak_memory_mb(),
    }


def flags_of(lake: Lake, night: date) -> pl.DataFrame:
    """What a night flagged: flag_id, rule, household_id, member_id."""
    table = read_flags(lake, night).select(["flag_id", "rule", "household_id", "member_id"])
    return pl.DataFrame(table)


if __name__ == "__main__":
    main()
