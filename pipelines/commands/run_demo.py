"""``hedui demo``: the three sample nights, from an empty lake to an export."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from engines.lake import Lake
from pipelines.commands.export_flags import export
from pipelines.commands.run_night import run_with_bars, show
from pipelines.night import Night
from review.database import sqlite_address

if TYPE_CHECKING:
    from review.accounts.demo import DemoAccount

LAST_NIGHT = date(2020, 10, 31)
NIGHTS = 3


def run(out: Path, sample: Path) -> None:
    """Run the sample nights into ``out``, which is emptied first, and write ``out/flagged.csv``."""
    if out.exists():
        shutil.rmtree(out)
    database_url = sqlite_address(out / "review.sqlite3")
    for days_before in reversed(range(NIGHTS)):
        night = LAST_NIGHT - timedelta(days=days_before)
        show(run_with_bars(Night(night, sample / "inbox", Lake(out / "lake"), database_url, night)))
    receipt = export(out / "flagged.csv", database_url)
    typer.echo(f"1. {out / 'flagged.csv'}: {receipt.rows:,} flags, masked; open it in Excel or WPS.")
    typer.echo(f"2. {out / 'lake' / 'nights'}: the report of each night; the last one refused a delivery and says why.")
    typer.echo(f"3. {out / 'lake' / 'docs' / 'index.html'}: the checks on every delivery of the last night.")
    typer.echo("4. the reviewers' site: run `.venv/bin/hedui serve --demo`, open http://127.0.0.1:8000/ and sign in as")
    for account in demo_accounts(out):
        typer.echo(f"   {account.username:<14} {account.password}   division {account.division}")


def demo_accounts(out: Path) -> "list[DemoAccount]":
    """Ready accounts, one a role; the mark says that this is a demo, and is left nowhere else."""
    from review.accounts.demo import MARK, make_demo_accounts

    (out / MARK).touch()
    return make_demo_accounts(out)
