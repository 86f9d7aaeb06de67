"""The report of one night on even-handedness: made, written into the night's folder, and kept for the review's site."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from engines.lake import Lake, written_in_one_step
from pipelines.flag import read_flags
from pipelines.progress import Progress
from pipelines.reporting.even_handedness.chart import draw
from pipelines.reporting.even_handedness.comparing import EVERYBODY, GroupRate, compare
from pipelines.reporting.even_handedness.counting import count_groups
from pipelines.reporting.even_handedness.page import as_page
from pipelines.reporting.even_handedness.settings import Settings, load_settings
from pipelines.reporting.even_handedness.wording import ATTRIBUTES, MEASURES, group_words
from schemas.catalogue import Catalogue
from schemas.listed import registers_of
from schemas.register import People

SEEN = ("scheme", "household_id", "member_id", "direction")


def report_even_handedness(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    catalogue: Catalogue,
    night: date,
    database_url: str,
    progress: Progress,
) -> dict[str, Any]:
    """Make and keep the report of a night that is published; returns its summary (see ``summary``).

    The connection holds the night's as-of views and links. Writes ``nights/<date>/even_handedness.json``, ``.html`` and
    ``.svg`` into the lake, and the JSON beside the night in the review database.
    """
    from review.configure import configure

    configure(database_url)
    from review.even_handedness import decided_flags, keep_report

    settings = load_settings()
    with progress.stage("report"):
        flags = read_flags(lake, night).select(SEEN)
        decided: pa.Table = decided_flags(night)
        rosters = registers_of(catalogue, People.PROTECTED)
        counts = count_groups(connection, rosters, night, flags, decided, settings.age_bands)
        rates = compare(counts, settings)
        report = as_report(night, rates, catalogue, settings)
        write_report(lake.root / "nights" / night.isoformat(), report)
        keep_report(night, report)
        progress.step("report", "even-handedness", {"groups": len(rates), "decided": decided.num_rows})
    return summary(report)


def as_report(night: date, rates: Sequence[GroupRate], catalogue: Catalogue, settings: Settings) -> dict[str, Any]:
    """The rates as plain JSON values, measure by measure and attribute by attribute, with their names."""
    return {
        "night": night.isoformat(),
        "least_shown": settings.least_shown,
        "false_discovery": settings.false_discovery,
        "measures": [
            {
                "measure": measure,
                "zh": MEASURES[measure][0],
                "en": MEASURES[measure][1],
                "attributes": [
                    {
                        "attribute": attribute,
                        "zh": ATTRIBUTES[attribute][0],
                        "en": ATTRIBUTES[attribute][1],
                        "groups": [
                            _group(one, catalogue)
                            for one in rates
                            if (one.measure, one.attribute) == (measure, attribute)
                        ],
                    }
                    for attribute in ATTRIBUTES
                ],
            }
            for measure in MEASURES
            if any(one.measure == measure for one in rates)
        ],
    }


def _group(rate: GroupRate, catalogue: Catalogue) -> dict[str, Any]:
    zh, en = group_words(catalogue, rate.attribute, rate.group)
    figures = asdict(rate.proportion) if rate.proportion else None
    return {"group": rate.group, "zh": zh, "en": en, "shown": figures, "differs": rate.differs}


def write_report(folder: Path, report: dict[str, Any]) -> None:
    """Write the report as JSON, as a page, and as a picture of its rates."""
    picture = draw(report)
    written_in_one_step(folder / "even_handedness.json", json.dumps(report, ensure_ascii=False, indent=1).encode())
    written_in_one_step(folder / "even_handedness.svg", picture.encode())
    written_in_one_step(folder / "even_handedness.html", as_page(report, picture).encode())


def summary(report: dict[str, Any]) -> dict[str, Any]:
    """In short: everybody's rate by measure, how many groups stand out, and how many are too small to show."""
    groups = [
        (measure["measure"], attribute["attribute"], group)
        for measure in report["measures"]
        for attribute in measure["attributes"]
        for group in attribute["groups"]
    ]
    return {
        "rates": {measure: group["shown"] for measure, attribute, group in groups if attribute == EVERYBODY},
        "differing": [
            {"measure": measure, "attribute": attribute, "group": group["group"], "differs": group["differs"]}
            for measure, attribute, group in groups
            if group["differs"]
        ],
        "too_few": sum(group["shown"] is None for _, _, group in groups),
    }
