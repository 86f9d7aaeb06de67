"""Headers of deliveries that no contract knows, as the night and the status print them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape


def show_unknown_headers(screen: Console, unknown: list[dict[str, Any]]) -> None:
    """Print a line for each delivery: where each header stands in its file, and what it most likely means."""
    for one in unknown:
        headers = "; ".join(map(escape, one["headers"]))
        screen.print(
            f"[yellow]未知表头 unknown headers[/] {one['type_name']} ({escape(one['file'])}): {headers}",
            soft_wrap=True,
            highlight=False,
        )


def kept_unknown_headers(lake: Path, night: date) -> list[dict[str, Any]]:
    """What the report of a night says of them; nothing where the night has no report."""
    report = lake / "nights" / f"{night}.json"
    told: list[dict[str, Any]] = json.loads(report.read_bytes()).get("headers_unknown", []) if report.exists() else []
    return told
