"""``hedui export``: flags as CSV or XLSX, masked, with the titles of the rule book."""

import getpass
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from review.configure import configure, migrate
from rules.rule import load_rules
from schemas.catalogue import load_catalogue
from schemas.divisions import full_name, load_divisions

if TYPE_CHECKING:
    from review.export import ExportReceipt
    from review.export_row import Titles


def run(out: Path, database_url: str, asked: Mapping[str, str], *, kind: str, lang: str) -> None:
    """Export the flags asked for, and say how many and under which hash."""
    receipt = export(out, database_url, asked, kind=kind, lang=lang)
    typer.echo(f"{out}: {receipt.rows:,} flags, masked, SHA-256 {receipt.sha256}")


def export(
    out: Path, database_url: str, asked: Mapping[str, str] | None = None, *, kind: str = "csv", lang: str = "zh"
) -> "ExportReceipt":
    """Write the flags that fit to ``out``; ``asked`` has the parts of ``review.filters.WorkFilter`` as words."""
    configure(database_url)
    from review.export import export_flags
    from review.filters import WorkFilter

    migrate()
    wanted = WorkFilter.read(asked or {})
    return export_flags(out, wanted, kind=kind, lang=lang, actor=getpass.getuser(), titles=titles())


def titles() -> "Titles":
    """Names for the codes of divisions, rules and types, as the rule book and the catalogue have them."""
    from review.export_row import Titles

    return Titles(
        divisions={code: full_name(code) for code in load_divisions()},
        rules={one.id: one.title.model_dump() for one in load_rules()},
        types={one.name: one.title.model_dump() for one in load_catalogue()},
    )
