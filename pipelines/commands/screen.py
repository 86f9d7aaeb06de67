"""The terminal as the commands print to it: no table loses what it says because the terminal is narrow."""

import os

from rich.console import Console
from rich.table import Table

WITHOUT_END = 1_000
"""Columns of what is no terminal, such as a file or another program: a row is one line there."""


WITH_AN_ID = 160
"""Columns that an id to be copied, and a reason beside it, fit on in one piece."""


def screen(*, stderr: bool = False, least: int = 0) -> Console:
    """The console to print to, ``least`` columns wide. Where it goes to no terminal, only COLUMNS limits its width."""
    console = Console(stderr=stderr)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = WITHOUT_END
    console.width = max(console.width, least)
    return console


def folding(table: Table) -> Table:
    """The table so that it fits any width: text goes on in the next line, and numbers stay whole while they can."""
    for column in table.columns:
        column.overflow = "fold"
        column.no_wrap = column.justify == "right"
    return table
