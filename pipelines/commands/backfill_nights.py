"""``hedui backfill``: run past nights again, and show what changes or would change."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import typer
from rich.box import SIMPLE
from rich.table import Table

from engines.lake import Lake
from pipelines.commands.not_run import could_not_run
from pipelines.commands.screen import folding, screen
from pipelines.past.airflow_backfill import airflow_is_there, ask_airflow
from pipelines.past.backfill import Backfill, NightAgain, backfill
from pipelines.past.compare_flags import Outcome, outcomes_by_rule
from pipelines.settings import SHANGHAI
from rules.book import load_rule_book
from rules.rule import HERE

SCREEN = screen()


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    first: date
    last: date
    known_by: date | None
    inbox: Path | None
    rules: tuple[str, ...]
    dry_run: bool
    book: Path | None


def run(asked: Asked, lake: Path, *, database_url: str, as_json: bool) -> None:
    """Run the nights again; each is shown as soon as it is done.

    Where there is an Airflow it is asked to, and shows them on its pages; a dry run is always made here.
    """
    if airflow_is_there() and not asked.dry_run:
        number = ask_airflow(asked.first, asked.last, received_by=asked.known_by or _today(), rules=asked.rules)
        told = f"Airflow runs the nights of {asked.first} to {asked.last} again: backfill {number} of nightly"
        typer.echo(json.dumps({"airflow_backfill": number}) if as_json else told)
        return
    plan = Backfill(
        asked.first,
        asked.last,
        Lake(lake),
        database_url,
        asked.known_by or _today(),
        inbox=asked.inbox,
        rules=asked.rules,
        dry_run=asked.dry_run,
        book=load_rule_book(asked.book or HERE),
    )
    nights = []
    for again in backfill(plan):
        nights.append(asdict(again))
        if not as_json:
            _show(again)
    if as_json:
        typer.echo(json.dumps({"nights": nights}, ensure_ascii=False, indent=1, default=str))


def _today() -> date:
    return datetime.now(tz=SHANGHAI).date()


def _show(again: NightAgain) -> None:
    title = f"Night of {again.night}: {again.flags:,} flags of the rules run"
    outcomes = outcomes_by_rule(again.differing)
    if outcomes:
        table = Table(title=title, title_justify="left", box=SIMPLE)
        table.add_column("rule")
        for heading in ("added 新增", "cleared 消除", "changed 变化"):
            table.add_column(heading, justify="right")
        table.add_column("in what")
        for rule, counts in outcomes.items():
            parts = Counter(part for one in again.differing if one.rule == rule for part in one.differs)
            columns = [f"{counts[one]:,}" for one in (Outcome.ADDED, Outcome.CLEARED, Outcome.CHANGED)]
            table.add_row(rule, *columns, ", ".join(f"{part} {count:,}" for part, count in parts.items()))
        SCREEN.print(folding(table))
    else:
        SCREEN.print(f"{title}; nothing changes", highlight=False)
    for rule, why in again.failed.items():
        SCREEN.print(could_not_run(rule, why), soft_wrap=True)
    if again.published is None:
        SCREEN.print("dry run: nothing was published", highlight=False)
    else:
        said = ", ".join(f"{count:,} {what}" for what, count in again.published.items())
        SCREEN.print(f"published: {said}", highlight=False)
