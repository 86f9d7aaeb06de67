"""``hedui catalogue``: departments, information types and registers."""

import json

import typer
from rich.table import Table

from pipelines.commands.screen import folding, screen
from schemas.catalogue import load_catalogue
from schemas.listing import HEADINGS, as_rows
from schemas.listing import as_json as described


def run(*, as_json: bool) -> None:
    """Print the catalogue as a table or as JSON."""
    catalogue = load_catalogue()
    listing = described(catalogue)
    if as_json:
        typer.echo(json.dumps(listing, ensure_ascii=False, indent=1))
        return
    title = f"{listing['departments']} departments, {listing['information_types']} information types, own registers"
    table = Table(*HEADINGS, title=title, title_justify="left")
    for row in as_rows(catalogue):
        table.add_row(*row)
    screen().print(folding(table))
