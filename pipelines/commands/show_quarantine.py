"""``hedui quarantine``: what was set apart of the deliveries in use or refused, on the terminal or for a department."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import typer
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from engines.embedded import connect
from engines.lake import Lake
from engines.owner_alone import for_owner_alone
from pipelines.commands.screen import WITH_AN_ID, screen
from pipelines.deliveries.as_of import choose
from pipelines.deliveries.named import deliveries_named, the_one
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.reporting.set_apart import CELL, SetApart, set_apart
from pipelines.settings import SHANGHAI
from review.csv_file import CsvWriter
from schemas.catalogue import Catalogue, load_catalogue

HEADINGS = ("部门", "信息类型", "交换批次", "文件", "行号", "类别", "列", "规则", "原因", "内容(脱敏)", "Why")
KINDS = {"line": "整行隔离", "cell": "单元格未读出"}
SHOWN = 20


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    delivery: str
    type_name: str
    day: date | None


def run(asked: Asked, root: Path, *, csv_file: Path | None, as_json: bool) -> None:
    """List, print as JSON, or write as CSV."""
    lake, catalogue = Lake(root), load_catalogue()
    receipt_store = ReceiptStore(lake)
    receipts = _asked(asked, receipt_store, catalogue)
    with connect(lake.root / "spill") as connection:
        told = (
            (receipt, one)
            for receipt in receipts
            for one in _set_apart(connection, lake, catalogue, receipt_store, receipt)
        )
        if csv_file is not None:
            _write(told, csv_file, catalogue)
        elif as_json:
            rows = [{"type": one.type_name, "delivery": one.delivery_id} | asdict(said) for one, said in told]
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            _show(told)


def _asked(asked: Asked, receipt_store: ReceiptStore, catalogue: Catalogue) -> list[Receipt]:
    """The deliveries in use or refused since, of a type or day; or the one that is named, as it was read last."""
    if asked.delivery:
        readings = the_one(deliveries_named(receipt_store, asked.delivery), asked.delivery)
        exact = [one for one in readings if one.delivery_id == asked.delivery and one.reading > 1]
        return exact or [next((one for one in reversed(readings) if one.usable), readings[-1])]
    today = datetime.now(tz=SHANGHAI).date()
    chosen = []
    for contract in [catalogue[asked.type_name]] if asked.type_name else catalogue:
        now = choose(contract, receipt_store, as_of=today, known_by=today)
        told = {*now.deliveries, *now.refused}
        chosen += [one for one in receipt_store.of_type(contract.name) if one.delivery_id in told]
    return [one for one in chosen if asked.day is None or asked.day in (one.delivery_date, one.received)]


def _set_apart(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    catalogue: Catalogue,
    receipt_store: ReceiptStore,
    receipt: Receipt,
) -> Iterator[SetApart]:
    rows_from = receipt_store.rows_for(receipt) if receipt.usable else receipt.delivery_id
    yield from set_apart(connection, lake, catalogue[receipt.type_name], receipt, rows_from)


def _write(told: Iterator[tuple[Receipt, SetApart]], target: Path, catalogue: Catalogue) -> None:
    """Write one file, or, into a folder, one for each type, named by department and type."""
    writers: dict[Path, CsvWriter] = {}
    with for_owner_alone(), ExitStack() as files:
        for receipt, one in told:
            contract = catalogue[receipt.type_name]
            place = target / f"{contract.department}_{contract.name}.csv" if target.is_dir() else target
            if place not in writers:
                writers[place] = CsvWriter(files.enter_context(place.open("wb")))
                writers[place].header(HEADINGS)
            department = catalogue.departments[contract.department].title.zh
            section, line = receipt.section_of(one.line)
            file = f"{receipt.file} / {section}" if section else receipt.file
            writers[place].row(
                [
                    *(department, contract.title.zh, receipt.delivery_id, file, line, KINDS[one.kind]),
                    *(one.header, one.rule, one.why_zh, one.shown, one.why_en),
                ]
            )
    for place, writer in writers.items():
        typer.echo(f"{place}: {writer.rows:,}")
    if not writers:
        typer.echo("nothing was set apart 没有被隔离的内容")


def _show(told: Iterator[tuple[Receipt, SetApart]]) -> None:
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    first: list[tuple[Receipt, SetApart]] = []
    for receipt, one in told:
        counts[receipt.type_name, one.kind, one.header, one.rule, f"{one.why_zh} {one.why_en}"] += 1
        if len(first) < SHOWN:
            first.append((receipt, one))
    if not counts:
        typer.echo("nothing was set apart 没有被隔离的内容")
        return
    page = screen(least=WITH_AN_ID)
    table = Table("type", "kind", "column", "rule", "why", box=SIMPLE)
    table.add_column("how many", justify="right")
    for (name, kind, header, rule, why), count in counts.most_common():
        table.add_row(name, kind, escape(header), rule, escape(why), f"{count:,}")
    page.print(table)
    lines = Table("delivery", "line", "column", "rule", "masked", box=SIMPLE, title_justify="left")
    lines.title = f"The first {len(first)}; --csv FILE for all"
    for receipt, one in first:
        masked = one.shown if one.kind == CELL else f"{one.shown} (shape)"
        section, line = receipt.section_of(one.line)
        where = f"{section} {line}" if section else str(line)
        lines.add_row(receipt.delivery_id, escape(where), escape(one.header), one.rule, escape(masked))
    page.print(lines)
