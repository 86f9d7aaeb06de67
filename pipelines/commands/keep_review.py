"""``hedui audit verify``, ``hedui import-outcomes`` and ``hedui add-account``: the review, from the command line."""

import json
import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from review.configure import configure, migrate

if TYPE_CHECKING:
    from review.audit.chain import Anchor


def run_verify(lake: Path, database_url: str) -> None:
    """Say that the chain holds, or where it breaks (exit code 1)."""
    configure(database_url)
    from review.audit.chain import newest, verify

    migrate()
    anchors = list(anchors_of(lake))
    broken = verify(anchors)
    if broken is not None:
        typer.echo(f"audit log broken at line {broken.number}: {broken.what}", err=True)
        raise typer.Exit(1)
    head = newest()
    typer.echo(f"audit log whole: {head.number:,} lines, {len(anchors)} seals of past nights met, newest {head.seal}")


def anchors_of(lake: Path) -> "Iterator[Anchor]":
    """The newest line of the log as each night's report keeps it."""
    from review.audit.chain import Anchor

    for report in sorted((lake / "nights").glob("*.json")):
        kept = json.loads(report.read_text(encoding="utf-8")).get("review", {}).get("audit")
        if kept:
            yield Anchor(kept["number"], kept["seal"])


def run_import(file: Path, username: str, database_url: str) -> None:
    """Take the file in for the account, or name every refused row (exit code 1).

    History and audit log say that it came by the command line, and which user of the operating system typed it.
    """
    configure(database_url)
    from review.accounts.models import Account
    from review.case_life.acting import CommandLine
    from review.case_life.refusals import RefusedError
    from review.outcomes import import_outcomes

    migrate()
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise typer.BadParameter(f"no active account {username!r}", param_hint="--as")
    try:
        taken = import_outcomes(account, file, through=CommandLine(system_user()))
    except RefusedError as refusal:
        typer.echo(f"{file}: {refusal}", err=True)
        raise typer.Exit(1) from None
    for row in taken.refused:
        typer.echo(f"{file} line {row.line}, case {row.case_no}: {row.why}", err=True)
    if taken.refused:
        typer.echo(
            f"{len(taken.refused)} of {taken.rows} rows refused: nothing was written; correct them, then try again",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(f"{file}: {taken.rows} outcomes taken in, SHA-256 {taken.sha256}")


def run_add_account(username: str, full_name: str, role: str, division: str, database_url: str) -> None:
    """Make the account and print its password, which its holder must change at the first sign-in."""
    configure(database_url)
    from review.accounts.administration import make_account_by_command
    from review.case_life.acting import CommandLine
    from review.case_life.refusals import IncompleteError

    migrate()
    actor = CommandLine(system_user()).actor
    try:
        password = make_account_by_command(actor, username=username, full_name=full_name, role=role, division=division)
    except IncompleteError as refusal:
        said = "; ".join(f"{name}: {why}" for name, why in refusal.fields.items())
        raise typer.BadParameter(said) from None
    typer.echo(f"{username}: made; its password, shown this once and to be changed at the first sign-in, is {password}")


def system_user() -> str:
    """The operating system's user this process runs as: not what the environment says, which anybody can set."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
