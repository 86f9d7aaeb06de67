"""``hedui rules``: the rule book."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from pipelines.commands.screen import folding, screen
from pipelines.settings import optional, settings
from pipelines.watching.policy_gaps import policy_gaps
from rules.book import load_rule_book
from rules.check import check_rules, unread_types
from rules.declaration import RuleBookError
from rules.listing import HEADINGS, as_rows
from rules.listing import as_json as described
from rules.rule import load_rules
from schemas.catalogue import load_catalogue


def run(*, as_json: bool) -> None:
    """Print the rules as a table or as JSON."""
    rules = load_rules()
    if as_json:
        typer.echo(json.dumps(described(rules), ensure_ascii=False, indent=1))
        return
    table = Table(*HEADINGS, title=f"{len(rules)} rules", title_justify="left")
    for row in as_rows(rules):
        table.add_row(*row)
    screen().print(folding(table))


def run_check() -> None:
    """Hold the rule book to the catalogue, and to today's policy for the divisions that the registers list, if any do.

    Raises RuleBookError with a line for each problem.
    """
    book, catalogue = load_rule_book(), load_catalogue()
    rules = book.rules
    today = datetime.now(tz=ZoneInfo("Asia/Shanghai")).date()
    problems = check_rules(rules, book.policy, catalogue, today)
    # The book can be checked before there is a lake.
    if not problems and optional("HEDUI_LAKE"):
        problems = policy_gaps(settings().lake, catalogue, book, today)
    if problems:
        raise RuleBookError("\n".join(problems))
    typer.echo(f"{len(rules)} rules hold: their types, columns, views and parameters are there, and fit together")
    for name in unread_types(rules, catalogue):
        typer.echo(f"type {name}: no rule reads it yet: it is taken in and linked, and nobody is flagged for it")
