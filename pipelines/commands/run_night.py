"""``hedui night``: run one night, show its progress, and print its figures."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.box import SIMPLE, SIMPLE_HEAD
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from engines.choose import default_engine, engine_named
from engines.lake import Lake
from pipelines.commands.not_run import could_not_run, not_checkable, not_run
from pipelines.commands.screen import folding, screen
from pipelines.commands.show_passed_over import show_passed_over, show_warnings
from pipelines.commands.show_unknown_headers import show_unknown_headers
from pipelines.night import Night, run_night
from pipelines.progress import Progress
from pipelines.reporting.report import NightReport

SCREEN = screen()
ASIDE = screen(stderr=True)


class BarsByStage:
    """A watcher that draws one bar a stage, with the type at work."""

    def __init__(self, bars: Bars) -> None:
        """Draw on these bars."""
        self._bars = bars
        self._tasks: dict[str, int] = {}

    def stage(self, name: str, total: int) -> None:
        """Start a stage's bar."""
        self._tasks[name] = self._bars.add_task(name, total=total, subject="")

    def step(self, name: str, subject: str) -> None:
        """Move a stage's bar on."""
        task = self._bars.tasks[self._tasks[name]]
        self._bars.update(task.id, advance=1, subject="" if task.completed + 1 == task.total else subject)


def run(
    night: date,
    inbox: Path,
    lake: Path,
    *,
    database_url: str,
    types: tuple[str, ...],
    received_by: date,
    engine: str,
    as_json: bool,
) -> None:
    """Run the night and print its report. ``engine``: empty for the one of the environment."""
    chosen = engine_named(engine) if engine else default_engine()
    report = run_with_bars(Night(night, inbox, Lake(lake), database_url, received_by, types, engine=chosen))
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1, default=str))
    else:
        show(report)


def run_with_bars(night: Night) -> NightReport:
    """Run a night with a bar for each stage on the terminal's error channel."""
    columns = (
        TextColumn("{task.description:<8}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[subject]}"),
    )
    with Bars(*columns, console=ASIDE, transient=True) as bars:
        return run_night(night, Progress(BarsByStage(bars)))


def show(report: NightReport) -> None:
    """Print the closing tables: what came, what was linked and flagged, and what it cost."""
    SCREEN.print(_types_table(report))
    for refused in report.refused:
        for failure in refused["failures"]:
            said, said_zh = escape(failure["message_en"]), escape(failure["message_zh"])
            SCREEN.print(
                f"[red]{refused['status']}[/] {refused['type_name']} of {refused['delivery_date']} "
                f"({escape(refused['file'])}): {said} [dim]({said_zh})[/]",
                soft_wrap=True,
            )
    show_unknown_headers(SCREEN, report.headers_unknown)
    show_passed_over(SCREEN, report.passed_over)
    show_warnings(SCREEN, report.warnings)
    figures = Table.grid(padding=(0, 2))
    figures.add_row(
        _counts("Links by reason", report.links),
        _counts("Flags by rule", report.flags),
        _counts("Published", report.published),
    )
    SCREEN.print(figures)
    for rule, why in report.failed.items():
        SCREEN.print(could_not_run(rule, why), soft_wrap=True)
    for rule, lacked in report.not_run.items():
        SCREEN.print(not_run(rule, lacked), soft_wrap=True)
    for rule, by_county in report.not_checkable.items():
        SCREEN.print(not_checkable(rule, by_county), soft_wrap=True)
    for rule, rate in report.review["under_floor"].items():
        SCREEN.print(
            f"[yellow]under its floor[/] {rule}: people confirmed {rate['confirmed']:,} of {rate['decided']:,} "
            f"({rate['rate']:.1%}, 95% {rate['low']:.1%} to {rate['high']:.1%}; floor {rate['floor']:.1%})"
        )
    SCREEN.print(_even_handedness(report), soft_wrap=True)
    seconds = " · ".join(f"{stage} {taken:.1f} s" for stage, taken in report.seconds.items())
    SCREEN.print(f"{seconds} · peak memory {report.peak_memory_mb:,} MB\n", soft_wrap=True)


def _even_handedness(report: NightReport) -> str:
    """Everybody's rates, and how many groups to look at; the page has the rest."""
    rates = [
        f"{measure} {shown['rate']:.1%} of {shown['of']:,}" if shown else f"{measure} of too few to show"
        for measure, shown in report.even_handedness["rates"].items()
    ]
    differing = len(report.even_handedness["differing"])
    return (
        f"Even-handedness: {' · '.join(rates)}; {differing} groups differ from others beyond chance, for a person "
        f"to look at (nights/{report.night}/even_handedness.html)"
    )


def _types_table(report: NightReport) -> Table:
    table = Table(title=f"Night of {report.night}", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("type", "in use", "newest"):
        table.add_column(heading)
    for heading in ("deliveries", "landed", "conformed", "quarantined"):
        table.add_column(heading, justify="right")
    colours = {"fresh": "green", "stale": "yellow", "missing": "red"}
    for name, facts in report.types.items():
        freshness = facts["freshness"] + (_refused(facts) if facts["refused"] else " (late)" if facts["late"] else "")
        freshness += f" (waiting for {facts['waiting']})" if facts.get("waiting") else ""
        table.add_row(
            name,
            f"[{colours[facts['freshness']]}]{freshness}[/]",
            facts["newest"] or "none",
            *(f"{facts[key]:,}" for key in ("deliveries", "landed", "conformed", "quarantined")),
        )
    return folding(table)


def _refused(facts: dict[str, Any]) -> str:
    return " (unreadable)" if facts["unreadable"] == facts["refused"] else " (refused)"


def _counts(title: str, counts: dict[str, int]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False, box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for name, count in counts.items():
        table.add_row(name, f"{count:,}")
    return folding(table)
