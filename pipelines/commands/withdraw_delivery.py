"""``hedui withdraw``: take a wrong delivery back, and say what to run again."""

from datetime import datetime
from pathlib import Path

import typer

from engines.lake import Lake
from pipelines.commands.keep_review import system_user
from pipelines.deliveries.receipts import Withdrawal
from pipelines.lake_lock import whole_lake
from pipelines.settings import SHANGHAI
from pipelines.withdraw import Withdrawn, withdraw


def run(delivery: str, reason: str, root: Path, *, database_url: str) -> None:
    """Withdraw, and say what that changes. Raises LakeBusyError while a night runs on the lake."""
    from review.configure import configure

    configure(database_url)
    from review.case_life.acting import CommandLine

    lake = Lake(root)
    by = CommandLine(system_user()).actor
    withdrawal = Withdrawal(day=datetime.now(tz=SHANGHAI).date(), by=by, reason=reason)
    with whole_lake(lake):
        done = withdraw(lake, delivery, withdrawal, database_url)
    _show(done, root)


def _show(done: Withdrawn, root: Path) -> None:
    receipt = done.receipts[-1]
    typer.echo(
        f"withdrawn 已撤回: {receipt.type_name} {receipt.delivery} of {receipt.delivery_date}; "
        "nights from now on ignore it"
    )
    if done.repeated_by:
        typer.echo(
            f"the same bytes also came as {', '.join(done.repeated_by)} and stay in use: withdraw these as well?"
        )
    if done.nights:
        first, last = done.nights[0], done.nights[-1]
        typer.echo(
            f"{len(done.nights)} nights used it; to run them again: "
            f"hedui backfill --from {first} --to {last} --lake {root}"
        )
