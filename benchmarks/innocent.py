"""What the rule book does to innocent families: `python -m benchmarks.innocent --population 200000 --out FILE.json`.

Invents a province in which families live as families do (``synth.everyday``), runs one night over it, and counts for
every doubting rule its flags on innocent households a thousand households, and the share of the planted guilt it found.
Then the same night again, with each type in turn not delivered: no rule may flag more without a type than with it.
"""

import argparse
import multiprocessing
import os
import platform
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.innocent_tables import as_table
from benchmarks.rule_scores import score_rules
from benchmarks.rules import flags_of, keep, version_of_province
from engines.lake import Lake
from pipelines import stages
from pipelines.night import Night
from pipelines.progress import Progress
from rules.rule import Direction, load_rules
from schemas.catalogue import load_catalogue
from schemas.listed import rosters_of
from synth.judged import holding
from synth.province import build

WORK = Path("var/bench/innocent")
NIGHT = date(2020, 10, 31)


def main() -> None:
    """Read the command line, run, write the results, print the table."""
    options = _options()
    report = measure(options.population, options.seed, options.protected_share, options.work, options.withhold)
    keep(report, options.out)
    print(as_table(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.innocent", description=__doc__)
    parser.add_argument("--population", type=int, default=200_000, help="people of the invented province")
    parser.add_argument("--seed", type=int, default=20201031)
    parser.add_argument("--protected-share", type=float, default=0.52, help="share of the people on dibao")
    parser.add_argument("--work", type=Path, default=WORK, help="where the province is kept for the next run")
    parser.add_argument("--withhold", nargs="*", help="only these types, not each; none: only the whole night")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file of the results")
    return parser.parse_args()


def measure(
    population: int, seed: int, protected_share: float, work: Path, withhold: Sequence[str] | None = None
) -> dict[str, Any]:
    """Run the night whole and without each type of ``withhold`` (all but the rosters if None), and count."""
    home = work / f"{population}-{seed}-{protected_share}-{version_of_province()}"
    if not (home / "truth" / "everyday.parquet").exists():
        shutil.rmtree(home, ignore_errors=True)
        build(population, seed, NIGHT, 1, home, protected_share, everyday=True)
    doubting = [rule for rule in load_rules() if rule.direction is Direction.DOUBT]
    names = [rule.id for rule in doubting]
    read = sorted({name for rule in doubting for name in rule.reads} - rosters_of(load_catalogue()))
    left_out = read if withhold is None else list(withhold)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        whole = pool.submit(_flags_of_night, home, None).result()
        without = {name: pool.submit(_flags_of_night, home, name).result() for name in left_out}
    truth = pl.read_parquet(home / "truth" / "flags.parquet")
    everyday = pl.read_parquet(home / "truth" / "everyday.parquet")
    scores = {one["rule"]: one for one in score_rules(truth, {NIGHT: whole}, names)}
    guilty = holding(truth, NIGHT, names).filter("expected")["household"]
    households = _households(home)
    innocent = len(households - set(guilty))
    wrong = whole.filter(pl.col("rule").is_in(names) & ~pl.col("household_id").is_in(guilty.implode()))
    return {
        "conditions": {
            "population": population,
            "seed": seed,
            "protected_share": protected_share,
            "night": NIGHT.isoformat(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "innocent_households": innocent,
        "rules": [_score(name, wrong, innocent, scores[name]) for name in names],
        "wrong_per_1000": round(1000 * wrong.height / innocent, 3),
        "households_flagged_per_1000": round(1000 * wrong["household_id"].n_unique() / innocent, 3),
        "circumstances": _by_circumstance(wrong, everyday),
        "found": _found([scores[name] for name in names]),
        "withheld": {name: more_without(flags, whole, names) for name, flags in without.items()},
    }


def _flags_of_night(home: Path, without: str | None) -> pl.DataFrame:
    """What the night flags, in a lake of its own when a type is left out: flag_id, rule, household_id, member_id."""
    lake = Lake(home / "lake")
    if without is None:
        shutil.rmtree(lake.root, ignore_errors=True)
        lake.folder()
        stages.take_in(_night(home, lake), Progress())
    else:
        lake = copy_without(lake, home / "withheld", without)
    night = _night(home, lake)
    stages.link_people(night, Progress())
    stages.flag_people(night, Progress())
    flags = flags_of(lake, NIGHT)
    if without is not None:
        shutil.rmtree(lake.root)
    return flags


def _night(home: Path, lake: Lake) -> Night:
    return Night(NIGHT, home / "inbox", lake, f"sqlite:///{(lake.root / 'review.sqlite3').absolute()}", NIGHT)


def copy_without(lake: Lake, root: Path, name: str) -> Lake:
    """The lake as it was taken in, in which a type was never delivered. Files are shared, none is changed in place."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(lake.root, root, copy_function=os.link, ignore=shutil.ignore_patterns("spill", "*.sqlite3"))
    for folder in ("tables", "provenance"):
        shutil.rmtree(root / folder)
    shutil.rmtree(root / "deliveries" / name)
    return Lake(root)


def _households(home: Path) -> set[str]:
    """The households on dibao."""
    files = Lake(home / "lake").files("person_memberships", "night", [NIGHT.isoformat()])
    return set(pl.read_parquet(files).filter(pl.col("scheme") == "dibao")["household_id"])


def _score(name: str, wrong: pl.DataFrame, innocent: int, score: dict[str, Any]) -> dict[str, Any]:
    flags = wrong.filter(pl.col("rule") == name).height
    return {
        "rule": name,
        "wrong": flags,
        "wrong_per_1000": round(1000 * flags / innocent, 3),
        "planted": score["planted"],
        "found": score["recall"]["count"],
    }


def _found(scores: Sequence[dict[str, Any]]) -> float | None:
    """The share that was found of all planted guilt that linking can see; None where none was planted."""
    planted = sum(one["planted"] for one in scores)
    return round(sum(one["recall"]["count"] for one in scores) / planted, 4) if planted else None


def _by_circumstance(wrong: pl.DataFrame, everyday: pl.DataFrame) -> list[dict[str, Any]]:
    """Which circumstance of innocent households which rule took for guilt, how often; null: none that was invented."""
    found = wrong.join(everyday, left_on="household_id", right_on="household", how="left")
    counted = found.group_by("rule", "circumstance").agg(flags=pl.col("flag_id").n_unique())
    return counted.sort("flags", "rule", "circumstance", descending=[True, False, False]).to_dicts()


def more_without(flags: pl.DataFrame, whole: pl.DataFrame, names: Sequence[str]) -> dict[str, int]:
    """The rules that flag members or households without the type that they do not flag with it, and how many."""
    ground = ["rule", "household_id", "member_id"]
    more = flags.filter(pl.col("rule").is_in(names)).join(whole, on=ground, how="anti", nulls_equal=True)
    return dict(more.group_by("rule").len().sort("rule").iter_rows())


if __name__ == "__main__":
    main()
