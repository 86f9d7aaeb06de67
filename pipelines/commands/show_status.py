"""``hedui status``: the state of each type, night by night. ``hedui doctor``: what would stop the next night."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.markup import escape
from rich.table import Table

from engines.lake import Lake
from pipelines.commands.not_run import could_not_run, not_checkable, not_run
from pipelines.commands.screen import folding, screen
from pipelines.commands.show_passed_over import show_passed_over, show_warnings
from pipelines.commands.show_unknown_headers import kept_unknown_headers, show_unknown_headers
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.reporting.report import kept_notices
from pipelines.watching.doctor import Finding, examine
from review.configure import address_for, configure, migrate

if TYPE_CHECKING:
    from review.status import TypeOnNight

COLOURS = {"fresh": "green", "stale": "yellow", "late": "yellow", "refused": "red", "missing": "red"}
NOTICES = ("passed_over", "warnings")
"""What the newest night's report says of files, beside the state of the types."""
SCREEN = screen()


class FindingsError(RuntimeError):
    """The doctor found a problem. The findings are already printed."""

    exit_code = 4


def run_status(lake: Path, nights: int, *, as_json: bool) -> None:
    """Print the types by night."""
    configure(address_for(lake))
    from review.status import not_checkable_by_night, rules_not_run, types_by_night

    migrate()
    told = types_by_night(nights)
    taken_back = [receipt for receipt in ReceiptStore(Lake(lake)) if receipt.withdrawn and not receipt.dropped]
    if as_json:
        rows = [asdict(one) | {"withdrawn": _before(taken_back, one)} for one in told]
        newest = max((one.night for one in told), default=None)
        notices = {kind: kept_notices(Lake(lake), newest, kind) if newest else [] for kind in NOTICES}
        unlooked = {
            "not_run": [asdict(one) for one in rules_not_run(nights)],
            "not_checkable": [
                {"night": night, "rule": rule, "households": by_county}
                for night, rule, by_county in not_checkable_by_night(nights)
            ],
        }
        typer.echo(json.dumps({"types": rows} | unlooked | notices, ensure_ascii=False, indent=1, default=str))
        return
    for line in dict.fromkeys(_tombstone(receipt) for receipt in taken_back):
        typer.echo(line)
    if not told:
        typer.echo("no night is published yet: run hedui night")
        return
    days = list(dict.fromkeys(one.night for one in told))
    by_type: dict[str, dict[date, TypeOnNight]] = {}
    for one in told:
        by_type.setdefault(one.type_name, {})[one.night] = one
    table = Table(
        "type", *map(str, days), title="状态 state · 到达行数 rows · 隔离率 quarantined", title_justify="left"
    )
    for name, cells in by_type.items():
        table.add_row(name, *(_cell(cells[day]) if day in cells else "" for day in days))
    SCREEN.print(folding(table))
    for silent in rules_not_run(nights):
        said = could_not_run(silent.rule, silent.failed) if silent.failed else not_run(silent.rule, silent.types)
        SCREEN.print(f"{silent.night} {said}", soft_wrap=True)
    for night, rule, by_county in not_checkable_by_night(nights):
        SCREEN.print(f"{night} {not_checkable(rule, by_county)}", soft_wrap=True)
    show_unknown_headers(SCREEN, kept_unknown_headers(lake, days[0]))
    show_passed_over(SCREEN, kept_notices(Lake(lake), days[0], "passed_over"))
    show_warnings(SCREEN, kept_notices(Lake(lake), days[0], "warnings"))


def _before(taken_back: list[Receipt], one: "TypeOnNight") -> list[str]:
    """The deliveries of a type that were withdrawn and that the night would otherwise use."""
    its = (receipt for receipt in taken_back if receipt.type_name == one.type_name)
    return sorted({receipt.delivery for receipt in its if receipt.delivery_date <= one.night})


def _tombstone(receipt: Receipt) -> str:
    its = receipt.withdrawn
    said = f"by {its.by} on {its.day}: {its.reason}" if its else ""
    return (
        f"withdrawn 已撤回: {receipt.type_name} {receipt.file} (received {receipt.received}, {receipt.delivery}) {said}"
    )


def _cell(one: "TypeOnNight") -> str:
    rate = one.quarantine_rate
    rows = "" if rate is None else f" {one.landed:,} {rate:.1%}"
    waiting = f" (waiting for {one.waiting})" if one.waiting else ""
    return f"[{COLOURS[one.state]}]{one.state}[/]{rows}{waiting}"


def run_doctor(*, as_json: bool) -> None:
    """Print the findings, each problem with what to do. Raises FindingsError when there is a problem."""
    findings = examine()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        _show(findings)
    if problems := sum(not one.ok for one in findings):
        raise FindingsError(f"problems found: {problems}; the table says what to do")


def _show(findings: list[Finding]) -> None:
    table = Table("", "subject", "seen", "what to do", box=None)
    for one in findings:
        mark = "[green]✓[/]" if one.ok else "[red]✗[/]"
        table.add_row(mark, escape(one.subject), escape(one.seen), "" if one.ok else escape(one.advice))
    SCREEN.print(folding(table))
