"""``hedui retention``: delete data whose retention time has ended, and show the receipt."""

from datetime import date
from pathlib import Path

import typer

from engines.embedded import Limits
from engines.lake import Lake
from pipelines.lake_lock import whole_lake
from pipelines.retention import drop_past_keeping
from schemas.catalogue import load_catalogue


def run(root: Path, today: date, *, dry_run: bool) -> None:
    """Drop, and print one line a type. Raises LakeBusyError while a night runs on the lake."""
    lake = Lake(root)
    with whole_lake(lake):
        dropped = drop_past_keeping(lake, load_catalogue(), today, Limits(), dry_run=dry_run)
    verb = "would drop" if dry_run else "dropped"
    for one in dropped:
        typer.echo(
            f"{one.type_name}: {verb} {one.rows:,} rows, {len(one.deliveries)} deliveries of before {one.kept_since}"
        )
    typer.echo(f"{len(dropped)} types" + ("" if dry_run else f"; receipt: {root / 'retention' / f'{today}.json'}"))
