"""``hedui explain``: why a record was linked to a person."""

from datetime import date
from pathlib import Path

import typer
from rich.table import Table

from engines.lake import Lake, written_in_one_step
from matchers.night.waterfall import waterfall
from pipelines.commands.screen import folding, screen
from pipelines.past.explain import LinkKey, explain_link
from schemas.catalogue import load_catalogue


def run(
    lake: Path, night: date, *, type_name: str, key: str, role: str | None, svg: Path | None, unmasked: bool
) -> None:
    """Print the comparisons of the link with their weights, and draw them if asked to."""
    link = LinkKey(type_name, key, role)
    explanation = explain_link(Lake(lake), load_catalogue(), night, link, unmasked=unmasked)
    reason = explanation.reason
    headings = ("比较 comparison", "记录 record", "名册 register", "层级 level", "权重 bits", "累计 total")
    table = Table(*headings, title=f"{reason.zh} {reason.en}", title_justify="left")
    for step in explanation.steps:
        level = f"{step.level_zh} {step.level_en}".strip()
        title = f"{step.title_zh} {step.title_en}"
        table.add_row(title, step.record, step.person, level, f"{step.weight:+.2f}", f"{step.total:+.2f}")
    screen().print(folding(table))
    if svg:
        written_in_one_step(svg, waterfall(explanation).encode())
        typer.echo(f"{svg}: the waterfall")
