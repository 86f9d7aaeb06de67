"""Files that were not taken in, and what to look at in those that were, as the night and the status print them."""

from rich.console import Console
from rich.markup import escape


def show_passed_over(screen: Console, passed_over: list[dict[str, str]]) -> None:
    """Print a line each: where it lies, and what to do."""
    for one in passed_over:
        place, said, said_zh = escape(one["file"]), escape(one["advice"]), escape(one["advice_zh"])
        screen.print(f"[yellow]passed over[/] {place}: {said} [dim]({said_zh})[/]", soft_wrap=True, highlight=False)


def show_warnings(screen: Console, warnings: list[dict[str, str]]) -> None:
    """Print a line each: the delivery, and what to look at."""
    for one in warnings:
        file, said, said_zh = escape(one["file"]), escape(one["warning"]), escape(one["warning_zh"])
        screen.print(f"[yellow]warning[/] {one['type']} ({file}): {said} [dim]({said_zh})[/]", soft_wrap=True)
