"""``hedui rules``: the rule book."""

import json

import typer
from rich.console import Console
from rich.table import Table

from rules.listing import HEADINGS, as_rows
from rules.listing import as_json as described
from rules.rule import load_rules


def run(*, as_json: bool) -> None:
    """Print the rules as a table or as JSON."""
    rules = load_rules()
    if as_json:
        typer.echo(json.dumps(described(rules), ensure_ascii=False, indent=1))
        return
    table = Table(*HEADINGS, title=f"{len(rules)} rules", title_justify="left")
    for row in as_rows(rules):
        table.add_row(*row)
    Console().print(table)
