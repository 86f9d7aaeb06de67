"""``hedui deliveries``: every delivery with what has become of it, and the files that wait."""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import typer
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from engines.lake import Lake
from pipelines.commands.screen import WITH_AN_ID, screen
from pipelines.deliveries.receipts import ReceiptStore
from pipelines.deliveries.states import STATE_NAMES, DeliveryLine, DeliveryState, delivery_lines
from pipelines.settings import SHANGHAI
from pipelines.stages import Night, waiting
from review.configure import address_for
from schemas.catalogue import Catalogue, load_catalogue
from schemas.shown_names import shown_name

COLOURS = {
    DeliveryState.IN_USE: "green",
    DeliveryState.REFUSED: "red",
    DeliveryState.UNREADABLE: "red",
    DeliveryState.WITHDRAWN: "yellow",
    DeliveryState.WAITING: "cyan",
}


def run(root: Path, inbox: Path | None, *, type_name: str, day: date | None, as_json: bool) -> None:
    """Print the deliveries of a type, or of all; ``day``: those that speak for it or came on it."""
    lake, catalogue = Lake(root), load_catalogue()
    receipt_store, today = ReceiptStore(lake), datetime.now(tz=SHANGHAI).date()
    types = [catalogue[type_name].name] if type_name else receipt_store.types()
    lines = delivery_lines(receipt_store, catalogue, types, today=today)
    if inbox is not None and inbox.is_dir():
        lines += _waiting(lake, inbox, catalogue, type_name, today)
    if day is not None:
        lines = [line for line in lines if day in (line.day, line.received)]
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1, default=str))
    elif lines:
        screen(least=WITH_AN_ID).print(_table(lines))
    else:
        typer.echo("no deliveries 没有交换批次")


def _waiting(lake: Lake, inbox: Path, catalogue: Catalogue, type_name: str, today: date) -> list[DeliveryLine]:
    night = Night(today, inbox, lake, address_for(lake.root), today, catalogue=catalogue)
    return [
        DeliveryLine(
            type_name=file.type_name,
            delivery="",
            reading=0,
            state=DeliveryState.WAITING,
            in_use=False,
            day=file.delivery_date,
            received=file.received,
            file=shown_name(file.source.rpartition("/")[2]),
            rows=0,
            set_apart=0,
            noted=0,
            why_zh="在收件目录中,下一夜读入",
            why_en="in the inbox, for the next night",
        )
        for file in waiting(night, [type_name] if type_name else ())[0]
    ]


def _table(lines: list[DeliveryLine]) -> Table:
    table = Table(box=SIMPLE)
    for heading in ("type", "day", "received", "delivery", "state"):
        table.add_column(heading, no_wrap=True)
    for heading in ("rows", "set apart", "noted"):
        table.add_column(heading, justify="right")
    table.add_column("why", overflow="fold")
    for line in lines:
        name = STATE_NAMES[line.state]
        colour = COLOURS.get(line.state)
        state = f"{name.zh} {name.en}"
        table.add_row(
            line.type_name,
            str(line.day),
            str(line.received),
            escape(line.delivery or line.file),
            f"[{colour}]{state}[/]" if colour else state,
            *(f"{number:,}" for number in (line.rows, line.set_apart, line.noted)),
            escape(f"{line.why_zh} {line.why_en}".strip()),
        )
    return table
