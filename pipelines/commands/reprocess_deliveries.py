"""``hedui reprocess``: read landed deliveries again, and say what changed and what to run next."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from engines.lake import Lake
from pipelines.commands.screen import folding, screen
from pipelines.deliveries.receipts import Receipt
from pipelines.lake_lock import whole_lake
from pipelines.provenance.made_otherwise import nights_made_otherwise
from pipelines.reprocess import Reread, reprocess, to_read_again
from schemas.catalogue import load_catalogue

SCREEN = screen()


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    delivery: str
    type_name: str
    since: date | None
    dry_run: bool


def run(asked: Asked, root: Path, *, as_json: bool) -> None:
    """Read again, and tell of each delivery. Raises LakeBusyError while a night runs on the lake."""
    lake, catalogue = Lake(root), load_catalogue()
    with whole_lake(lake):
        receipts = to_read_again(lake, catalogue, delivery=asked.delivery, type_name=asked.type_name, since=asked.since)
        if asked.dry_run:
            done = [Reread(receipt, None) for receipt in receipts]
        else:
            done = list(reprocess(lake, catalogue, receipts)) if receipts else []
        nights = nights_made_otherwise(lake, catalogue, {receipt.type_name for receipt in receipts})
    if as_json:
        told = {"deliveries": [_as_json(one) for one in done], "nights": nights, "dry_run": asked.dry_run}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
    else:
        _show(asked, done, nights, root)


def _show(asked: Asked, done: list[Reread], nights: list[date], root: Path) -> None:
    if not done:
        why = " (it is withdrawn or past keeping 已撤回或已过保留期)" if asked.delivery else ""
        typer.echo(f"nothing to read again 没有需要重新读取的交换批次{why}")
        return
    if asked.dry_run:
        for one in done:
            typer.echo(f"would read again 将重新读取: {one.before.type_name} {one.before.delivery}")
        return
    changed = [one for one in done if one.changed]
    if changed:
        SCREEN.print(folding(_table(changed)))
    for one in done:
        if one.problem:
            typer.echo(f"not read again 未能重新读取: {one.before.type_name} {one.before.delivery}: {one.problem}")
        elif one.changed and one.after and one.after.failures:
            why = "; ".join(f"{failure.message_zh} {failure.message_en}" for failure in one.after.failures)
            typer.echo(f"{one.after.status} {one.before.type_name} {one.before.delivery}: {why}")
    typer.echo(f"{len(done)} read again 已重新读取, {len(changed)} came out otherwise 结果不同")
    if changed:
        typer.echo("the next night uses the new rows 下一夜即使用新的数据行")
    if nights:
        typer.echo(
            f"{len(nights)} past nights were made of other rows; to run them again 重做过去的夜间核对: "
            f"hedui backfill --from {nights[0]} --to {nights[-1]} --lake {root}"
        )


def _table(changed: Iterable[Reread]) -> Table:
    table = Table(title="Read again, before → after", title_justify="left", box=SIMPLE)
    for heading in ("type", "delivery", "state"):
        table.add_column(heading, overflow="fold")
    for heading in ("rows", "set apart", "cells noted"):
        table.add_column(heading, justify="right")
    for one in changed:
        before, after = one.before, one.after or one.before
        states = f"{before.status} → {after.status}"
        table.add_row(
            before.type_name,
            escape(after.delivery_id),
            states if before.status != after.status else str(after.status),
            *(f"{old:,} → {new:,}" for old, new in zip(_figures(before), _figures(after), strict=True)),
        )
    return table


def _figures(receipt: Receipt) -> tuple[int, int, int]:
    return receipt.conformed, receipt.quarantined, receipt.noted


def _as_json(one: Reread) -> dict[str, Any]:
    def told(receipt: Receipt | None) -> dict[str, Any] | None:
        kept = ("delivery_id", "reading", "status", "landed", "conformed", "quarantined")
        return receipt.model_dump(mode="json", include=set(kept)) | {"noted": receipt.noted} if receipt else None

    return {
        "type": one.before.type_name,
        "delivery": one.before.delivery,
        "before": told(one.before),
        "after": told(one.after),
        "changed": one.changed,
        "problem": one.problem,
    }
