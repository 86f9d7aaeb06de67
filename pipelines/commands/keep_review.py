"""``hedui audit verify``, ``hedui import-outcomes`` and ``hedui add-account``: the review, from the command line."""

import getpass
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from review.configure import configure, migrate

if TYPE_CHECKING:
    from review.audit.chain import Anchor

PASSWORD_BYTES = 12


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
    """Take the file in as the account, or name every refused row (exit code 1)."""
    configure(database_url)
    from review.accounts.models import Account
    from review.case_life.refusals import RefusedError
    from review.outcomes import import_outcomes

    migrate()
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise typer.BadParameter(f"no active account {username!r}", param_hint="--as")
    try:
        taken = import_outcomes(account, file)
    except RefusedError as refusal:
        typer.echo(f"{file}: {refusal}", err=True)
        raise typer.Exit(1) from None
    for row in taken.refused:
        typer.echo(f"{file} line {row.line}, case {row.case_no}: {row.why}", err=True)
    if taken.refused:
        typer.echo(f"{len(taken.refused)} of {taken.rows} rows refused: nothing was written; mend them", err=True)
        raise typer.Exit(1)
    typer.echo(f"{file}: {taken.rows} outcomes taken in, SHA-256 {taken.sha256}")


def run_add_account(username: str, full_name: str, role: str, division: str, database_url: str) -> None:
    """Make the account and print its password."""
    configure(database_url)
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from review.accounts.models import Account
    from review.audit import chain

    migrate()
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction.atomic():
        try:
            Account.objects.create_user(username, password, full_name=full_name, role=role, division=division)
        except ValidationError as error:
            raise typer.BadParameter("; ".join(error.messages)) from None
        detail = {"account": username, "role": role, "division": division}
        chain.append(chain.Line(f"command line of {getpass.getuser()}", "account.made", detail, division))
    typer.echo(f"{username}: made; its password, shown this once, is {password}")
