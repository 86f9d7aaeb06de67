"""``hedui export``: flags as CSV, masked, with the titles of the rule book."""

import getpass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from review.configure import configure, migrate
from rules.rule import load_rules
from schemas.catalogue import load_catalogue
from schemas.divisions import full_name, load_divisions

if TYPE_CHECKING:
    from review.export import ExportReceipt


def run(
    out: Path,
    database_url: str,
    *,
    division: str | None,
    rule: str | None,
    status: str | None,
    since: date | None,
    lang: str,
) -> None:
    """Export the flags asked for, and say how many and under which hash."""
    receipt = export(out, database_url, division=division, rule=rule, status=status, since=since, lang=lang)
    typer.echo(f"{out}: {receipt.rows:,} flags, masked, SHA-256 {receipt.sha256}")


def export(
    out: Path,
    database_url: str,
    *,
    division: str | None = None,
    rule: str | None = None,
    status: str | None = None,
    since: date | None = None,
    lang: str = "zh",
) -> "ExportReceipt":
    """Write the flags that fit to ``out``; the parameters are those of ``review.export.export_flags``."""
    configure(database_url)
    from review.export import export_flags
    from review.export_row import Titles

    migrate()
    titles = Titles(
        divisions={code: full_name(code) for code in load_divisions()},
        rules={one.id: one.title.model_dump() for one in load_rules()},
        types={one.name: one.title.model_dump() for one in load_catalogue()},
    )
    return export_flags(
        out,
        division=division,
        rule=rule,
        status=status,
        since=since,
        lang=lang,
        actor=getpass.getuser(),
        titles=titles,
    )
