"""What a night tells those who watch it: one line a step, and a file of figures for a monitor."""

import logging
from datetime import date
from pathlib import Path

import pytest

from engines.lake import Lake
from pipelines.progress import Progress
from pipelines.reporting.metrics import write_metrics
from pipelines.reporting.report import NightReport

FACTS = {"late": False, "refused": [], "newest": "2020-10-29", "deliveries": 1, "landed": 10, "conformed": 9}
REPORT = NightReport(
    night=date(2020, 10, 29),
    types={
        "motor_vehicle": FACTS | {"freshness": "fresh", "quarantined": 1},
        "real_estate": FACTS | {"freshness": "stale", "quarantined": 0},
    },
    links={"exact": 5},
    flags={"vehicle_owned": 3},
    published={"new": 3},
    review={},
    even_handedness={},
    passed_over=[],
    seconds={"link": 1.5},
    peak_memory_mb=100,
    refused=[],
    not_run={"undeclared_spouse": ("cremation", "death_cancellation")},
)


def test_a_step_is_one_line_with_its_seconds_and_memory(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="hedui.night")
    progress = Progress()
    with progress.stage("ingest", 1):
        progress.step("ingest", "type=motor_vehicle delivery=d1", {"bytes": 12, "landed": 3})
    (line,) = [told for told in caplog.messages if "type=motor_vehicle" in told]
    facts = dict(part.split("=") for part in line.split())
    assert facts.keys() == {"stage", "type", "delivery", "seconds", "memory_mb", "bytes", "landed"}
    assert int(facts["memory_mb"]) > 10
    assert float(facts["seconds"]) >= 0


def test_the_figures_of_the_newest_night_are_there_for_a_monitor(tmp_path: Path) -> None:
    write_metrics(REPORT, Lake(tmp_path))
    told = (tmp_path / "metrics" / "hedui.prom").read_text(encoding="utf-8").splitlines()
    assert 'hedui_rows_landed{type="motor_vehicle"} 10.0' in told
    assert 'hedui_rows_quarantined{type="motor_vehicle"} 1.0' in told
    assert 'hedui_type_fresh{type="motor_vehicle"} 1.0' in told
    assert 'hedui_type_fresh{type="real_estate"} 0.0' in told
    assert 'hedui_flags{rule="vehicle_owned"} 3.0' in told
    assert 'hedui_rule_not_run{rule="undeclared_spouse"} 2.0' in told
    assert 'hedui_stage_seconds{stage="link"} 1.5' in told
