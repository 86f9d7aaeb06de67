"""``hedui replay``: make a flag, or a night's flags, again and say whether they come out the same."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path

import typer
from rich.box import SIMPLE
from rich.table import Table

from engines.lake import Lake
from pipelines.commands.screen import folding, screen
from pipelines.past.compare_flags import Outcome, outcomes_by_rule
from pipelines.past.replay import ReplayedFlag, ReplayedNight, replay_flag, replay_night
from pipelines.past.reviewed_flag import Reviewed, reviewed_flag
from rules.book import load_rule_book
from rules.texts import Edit
from schemas.catalogue import load_catalogue

SCREEN = screen()
NOT_REPRODUCED = 1
SAID = {
    Outcome.SAME: "comes out the same 结果一致",
    Outcome.CHANGED: "comes out different 结果不同",
    Outcome.CLEARED: "is not found 未再提示",
}
SHOWN = (
    "flag_id",
    "rule",
    "scheme",
    "household_id",
    "member_id",
    "severity",
    "link_reason",
    "confidence",
    "amount",
    "reason_zh",
    "reason_en",
)
"""What is printed of a flag: its reason is masked, its member's name and number are left out."""


def run_flag(flag_id: str, lake: Path, *, database_url: str, as_json: bool) -> None:
    """Replay one flag and print its history; exit code 1 when it does not come out the same."""
    replayed = replay_flag(Lake(lake), load_catalogue(), flag_id, load_rule_book())
    reviewed = reviewed_flag(database_url, str(replayed.flag["flag_id"]))
    if as_json:
        said = asdict(replayed) | {"flag": {name: replayed.flag[name] for name in SHOWN}}
        said["review"] = asdict(reviewed) if reviewed else None
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1, default=str))
    else:
        _show_flag(replayed)
        _show_life(reviewed)
    if replayed.outcome is not Outcome.SAME:
        raise typer.Exit(NOT_REPRODUCED)


def run_night(night: date, lake: Path, *, as_json: bool) -> None:
    """Replay a night; exit code 1 when any flag does not come out the same."""
    replayed = replay_night(Lake(lake), load_catalogue(), night, load_rule_book())
    if as_json:
        said = asdict(replayed) | {"reproduced": replayed.reproduced}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1, default=str))
    else:
        _show_night(replayed)
    if replayed.differing:
        raise typer.Exit(NOT_REPRODUCED)


def _show_flag(replayed: ReplayedFlag) -> None:
    flag = replayed.flag
    SCREEN.print(f"{flag['flag_id']} · {flag['rule']} · night of {replayed.night}", highlight=False)
    SCREEN.print(f"{flag['reason_zh']}\n{flag['reason_en']}", highlight=False, soft_wrap=True)
    made = f"rule {flag['rule_version']}, policy {flag['policy_version']}"
    SCREEN.print(f"With the text and policy of that night ({made}) it {_said(replayed.outcome, replayed.differs)}.")
    _show_edits(replayed.edited)
    if replayed.today is not None:
        SCREEN.print(f"With today's, on that night's records, it {_said(replayed.today, replayed.differs_today)}.")


def _show_life(reviewed: Reviewed | None) -> None:
    if reviewed is None:
        SCREEN.print("The review has no such flag: give HEDUI_DATABASE_URL if it is elsewhere.", soft_wrap=True)
        return
    SCREEN.print(f"{reviewed.priority_zh}\n{reviewed.priority_en}", highlight=False, soft_wrap=True)
    SCREEN.print(f"Its history 经过: first found {reviewed.first_night}; {'stands' if reviewed.stands else 'cleared'}.")
    for change in reviewed.changes:
        values = f": {change['was']} → {change['became']}" if change["was"] or change["became"] else ""
        SCREEN.print(f"  {change['night']} {change['label']}{values}", highlight=False, markup=False, soft_wrap=True)


def _said(outcome: Outcome, differs: tuple[str, ...]) -> str:
    return f"{SAID[outcome]}: {', '.join(differs)}" if differs else SAID[outcome]


def _show_edits(edits: list[Edit]) -> None:
    if not edits:
        SCREEN.print("Neither the rule nor the policy it reads has been edited since. 规则及其参数此后未修改。")
    for edit in edits:
        now = f"is now {edit.after}" if edit.after else "no longer exists"
        SCREEN.print(f"Edited since 此后已修改: {edit.kind} {edit.name} was {edit.before}, {now}", highlight=False)
        SCREEN.print(edit.diff, highlight=False, markup=False, soft_wrap=True)


def _show_night(replayed: ReplayedNight) -> None:
    outcomes = outcomes_by_rule(replayed.differing)
    edited = {edit.name for edit in replayed.edited}
    table = Table(title=f"Night of {replayed.night}, made again", title_justify="left", box=SIMPLE)
    for heading in ("rule", "flags", "changed", "not found", "only now", "edited since"):
        table.add_column(heading, justify="left" if heading in ("rule", "edited since") else "right")
    for name, flags in replayed.by_rule.items():
        counts = outcomes.get(name, Counter())
        columns = [str(counts.get(one, 0)) for one in (Outcome.CHANGED, Outcome.CLEARED, Outcome.ADDED)]
        table.add_row(name, f"{flags:,}", *columns, "yes" if name in edited else "")
    SCREEN.print(folding(table))
    _show_policy_edits(replayed.edited)
    share = replayed.reproduced / replayed.flags if replayed.flags else 1.0
    SCREEN.print(f"{replayed.reproduced:,} of {replayed.flags:,} flags come out the same: {share:.2%}", highlight=False)


def _show_policy_edits(edits: list[Edit]) -> None:
    if names := [edit.name for edit in edits if edit.kind == "policy"]:
        SCREEN.print(f"Policy edited since: {', '.join(names)}", highlight=False, soft_wrap=True)
