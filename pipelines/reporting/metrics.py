"""The newest night's figures for a monitor: a text file that Prometheus's node exporter picks up from the lake."""

from collections.abc import Mapping
from datetime import date

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from engines.lake import Lake
from pipelines.reporting.report import NightReport


def write_metrics(report: NightReport, lake: Lake) -> None:
    """Replace ``metrics/hedui.prom`` of the lake, in one step. Figures only: nothing about a person."""
    registry = CollectorRegistry()
    night = Gauge("hedui_night", "The newest night, as seconds since 1970.", registry=registry)
    night.set((report.night - date(1970, 1, 1)).days * 86_400)
    _by("stage", "hedui_stage_seconds", "Seconds of a stage.", report.seconds, registry)
    _by("rule", "hedui_flags", "Flags by rule.", report.flags, registry)
    lacked = {name: len(types) for name, types in report.not_run.items()}
    _by("rule", "hedui_rule_not_run", "Missing types because of which a rule was not run.", lacked, registry)
    failed = dict.fromkeys(report.failed, 1)
    _by("rule", "hedui_rule_failed", "1 for a rule that could not be run: its flags stand.", failed, registry)
    _by("reason", "hedui_links", "Links by reason.", report.links, registry)
    _by("change", "hedui_published", "What the publication changed.", report.published, registry)
    for kind in ("landed", "conformed", "quarantined"):
        rows = {name: facts[kind] for name, facts in report.types.items()}
        _by("type", f"hedui_rows_{kind}", f"Rows {kind} that night.", rows, registry)
    fresh = {name: facts["freshness"] == "fresh" for name, facts in report.types.items()}
    _by("type", "hedui_type_fresh", "1 if the rows in use are fresh, else 0.", fresh, registry)
    Gauge("hedui_peak_memory_bytes", "Of the process that reported.", registry=registry).set(
        report.peak_memory_mb * 1024 * 1024
    )
    write_to_textfile(str(lake.folder("metrics") / "hedui.prom"), registry)


def _by(label: str, name: str, meaning: str, figures: Mapping[str, float], registry: CollectorRegistry) -> None:
    gauge = Gauge(name, meaning, [label], registry=registry)
    for value, figure in figures.items():
        gauge.labels(value).set(figure)
