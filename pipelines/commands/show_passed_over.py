"""Files in the inbox that were not taken in, as the night and the status print them."""

import json
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape


def show_passed_over(screen: Console, passed_over: list[dict[str, str]]) -> None:
    """Print a line each: where it lies, and what to do."""
    for one in passed_over:
        place, said, said_zh = escape(one["file"]), escape(one["advice"]), escape(one["advice_zh"])
        screen.print(f"[yellow]passed over[/] {place}: {said} [dim]({said_zh})[/]", soft_wrap=True, highlight=False)


def kept_passed_over(lake: Path, night: date) -> list[dict[str, str]]:
    """What the report of a night says was passed over; nothing where the night has no report."""
    report = lake / "nights" / f"{night}.json"
    told: list[dict[str, str]] = json.loads(report.read_bytes()).get("passed_over", []) if report.exists() else []
    return told
