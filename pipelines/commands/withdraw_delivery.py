"""``hedui withdraw``: take a wrong delivery back, or undo that, and say what to run again."""

from datetime import datetime
from pathlib import Path

import typer

from engines.lake import Lake
from pipelines.commands.keep_review import system_user
from pipelines.deliveries.receipts import Withdrawal
from pipelines.lake_lock import whole_lake
from pipelines.settings import SHANGHAI
from pipelines.withdraw import restore, withdraw


def run(delivery: str, reason: str, root: Path, *, database_url: str, undo: bool) -> None:
    """Withdraw or restore, and say what that changes. Raises LakeBusyError while a night runs on the lake."""
    from review.configure import configure

    configure(database_url)
    from review.case_life.acting import CommandLine

    lake = Lake(root)
    by = CommandLine(system_user()).actor
    withdrawal = Withdrawal(day=datetime.now(tz=SHANGHAI).date(), by=by, reason=reason)
    with whole_lake(lake):
        done = (restore if undo else withdraw)(lake, delivery, withdrawal, database_url)
    receipt = done.receipts[-1]
    which = f"{receipt.type_name} {receipt.delivery} of {receipt.delivery_date}"
    if undo:
        typer.echo(f"restored 已恢复: {which}; nights from now on use it as before")
    else:
        typer.echo(f"withdrawn 已撤回: {which}; nights from now on ignore it")
    if done.repeated_by and not undo:
        typer.echo(
            f"the same bytes also came as {', '.join(done.repeated_by)} and stay in use: withdraw these as well?"
        )
    if done.nights:
        typer.echo(
            f"{len(done.nights)} nights were made of other rows; to run them again: "
            f"hedui backfill --from {done.nights[0]} --to {done.nights[-1]} --lake {root}"
        )
