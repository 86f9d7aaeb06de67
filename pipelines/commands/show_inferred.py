"""What was inferred from a sample, as the terminal shows it and as JSON."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.commands.screen import folding
from pipelines.drafting.aliases import Comparison, Matched
from pipelines.drafting.code_values import CodesSeen
from pipelines.drafting.draft import RESEMBLING, Draft, DraftColumn
from pipelines.drafting.sample import Sample
from pipelines.drafting.trial import Trial
from schemas.contract import Contract
from schemas.nearest_header import Resemblance

RESEMBLING_SHOWN = 3


def show(screen: Console, found: Draft | Comparison) -> None:
    """Print what each column is, or most likely is."""
    if isinstance(found, Draft):
        _show_draft(screen, found)
    else:
        _show_comparison(screen, found)


def as_json_values(found: Draft | Comparison, trial: Trial | str) -> dict[str, Any]:
    """The same for machines."""
    told = _draft_json(found) if isinstance(found, Draft) else _comparison_json(found)
    return told | _trial_json(trial)


def _rows_looked_at(sample: Sample) -> str:
    return f"all {sample.rows:,} rows" if sample.whole else f"the first {sample.rows:,} rows"


def _show_draft(screen: Console, draft: Draft) -> None:
    for line in _resembling(draft.resembles):
        screen.print(line, soft_wrap=True, highlight=False)
    table = Table(title=f"{draft.name}: drafted from {_rows_looked_at(draft.sample)}", title_justify="left")
    for heading in ("header", "column", "meaning", "codes"):
        table.add_column(heading)
    for heading in ("filled", "different values"):
        table.add_column(heading, justify="right")
    for column in draft.columns:
        codes = column.codes if isinstance(column.codes, str) else f"{len(column.codes)} codes" if column.codes else ""
        of_key = " (key)" if column in draft.key_columns else ""
        table.add_row(
            escape(column.sampled.header),
            f"{column.name}{of_key}",
            column.meaning.value,
            codes,
            f"{draft.filled(column):.1%}",
            f"{column.looks.values:,}",
        )
    screen.print(folding(table))


def _resembling(resembles: Sequence[Resemblance]) -> list[str]:
    like = [one for one in resembles[:RESEMBLING_SHOWN] if one.known >= RESEMBLING * one.of]
    if like:
        return [
            f"this looks like {one.contract.name} {one.contract.title.zh} ({one.known} of {one.of} headers): "
            f"hedui infer --type {one.contract.name} says which aliases it lacks"
            for one in like
        ]
    nearest = [f"{one.contract.name} has {one.known} of its {one.of} headers" for one in resembles[:1]]
    return ["; ".join(["this looks like no known type", *nearest])]


def _show_comparison(screen: Console, comparison: Comparison) -> None:
    rows = comparison.sample.rows
    table = Table(title=f"{comparison.contract.name}: {_rows_looked_at(comparison.sample)}", title_justify="left")
    for heading in ("header", "column", "", "values"):
        table.add_column(heading)
    table.add_column("filled", justify="right")
    for one in comparison.matched:
        state = "[green]matched[/]" if one.known else "[yellow]suggested[/]"
        filled = f"{one.sampled.filled / rows:.1%}" if rows else ""
        table.add_row(escape(one.sampled.header), one.column.name, state, escape(_values(one)), filled)
    for sampled in comparison.unmatched:
        filled = f"{sampled.filled / rows:.1%}" if rows else ""
        table.add_row(escape(sampled.header), "", "[red]unmatched[/]", "", filled)
    for column in comparison.missing:
        state = "[red]missing[/]" if not comparison.contract.may_lack(column.header) else "missing, may be"
        table.add_row(escape(column.header), column.name, state, "", "")
    screen.print(folding(table))
    if not comparison.suggested:
        screen.print("no alias to add", highlight=False)


def _values(one: Matched) -> str:
    if one.codes:
        return _codes_told(one.codes)
    if one.doubtful and one.agreeing is not None:
        return f"only {one.agreeing:.0%} can be read as {one.column.meaning}"
    return one.column.meaning.value


def _codes_told(seen: CodesSeen) -> str:
    parts = [f"{'/'.join(values)} → {code}" for code, values in seen.falling.items()]
    parts += [f"{value} ({rows:,} rows) → no code" for value, rows in seen.unlisted.items()]
    if seen.untold:
        parts.append(f"{seen.untold:,} rare values in {seen.untold_rows:,} rows → no code")
    return "; ".join(parts)


def show_trial(screen: Console, trial: Trial | str, contract: Contract) -> None:
    """Print how many rows of the sample could be used."""
    if isinstance(trial, str):
        screen.print(escape(trial), soft_wrap=True, highlight=False)
        return
    apart = ", ".join(f"{rule} {rows:,}" for rule, rows in trial.quarantined_by_rule.items())
    unread = ", ".join(f"{contract.column(name).header} {cells:,}" for name, cells in trial.unread.items())
    screen.print(
        f"with it, {trial.conformed:,} of {trial.landed:,} rows can be used"
        + (f"; set apart: {escape(apart)}" if apart else "")
        + (f"; cells that cannot be read: {escape(unread)}" if unread else ""),
        soft_wrap=True,
        highlight=False,
    )


def _draft_json(draft: Draft) -> dict[str, Any]:
    return {
        "type": draft.name,
        "department": draft.department,
        "rows": draft.sample.rows,
        "whole": draft.sample.whole,
        "resembles": [{"type": one.contract.name, "known": one.known, "of": one.of} for one in draft.resembles],
        "key": [column.name for column in draft.key_columns],
        "rows_sharing_a_key": draft.key.sharing,
        "identity": [one.model_dump(exclude_none=True) for one in draft.identity],
        "columns": [_column_json(draft, column) for column in draft.columns],
    }


def _column_json(draft: Draft, column: DraftColumn) -> dict[str, Any]:
    told: dict[str, Any] = {
        "header": column.sampled.header,
        "name": column.name,
        "meaning": column.meaning.value,
        "filled": round(draft.filled(column), 4),
        "different_values": column.looks.values,
        "codes": column.codes if isinstance(column.codes, str) else list(column.codes or ()),
    }
    return told | _codes_json(column.seen)


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    rows = comparison.sample.rows
    return {
        "type": comparison.contract.name,
        "rows": rows,
        "whole": comparison.sample.whole,
        "matched": [_matched_json(one, rows) for one in comparison.matched if one.known],
        "suggested": [_matched_json(one, rows) for one in comparison.matched if not one.known],
        "unmatched": [sampled.header for sampled in comparison.unmatched],
        "missing": [column.header for column in comparison.missing],
    }


def _matched_json(one: Matched, rows: int) -> dict[str, Any]:
    filled = round(one.sampled.filled / rows, 4) if rows else None
    told: dict[str, Any] = {"header": one.sampled.header, "column": one.column.name, "filled": filled}
    return told | _codes_json(one.codes)


def _codes_json(seen: CodesSeen | None) -> dict[str, Any]:
    if seen is None:
        return {}
    return {"values": seen.falling, "in_no_list": seen.unlisted, "untold_values": seen.untold}


def _trial_json(trial: Trial | str) -> dict[str, Any]:
    if isinstance(trial, str):
        return {"not_tried": trial}
    return {
        "landed": trial.landed,
        "conformed": trial.conformed,
        "quarantined_by_rule": trial.quarantined_by_rule,
        "unread_cells": trial.unread,
    }
