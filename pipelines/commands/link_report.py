"""The report of a linkage as one HTML page: rules, weights, chosen links step by step, thresholds, columns.

It shows ids, levels and counts, and no value of any row. It loads nothing from elsewhere.
"""

from collections.abc import Iterable, Mapping
from html import escape

from matchers.tables.explain_pairs import AtThreshold, Explained
from matchers.tables.link_tables import LinkResult
from matchers.weights.blocking import RuleReport
from matchers.weights.model import ComparisonModel, Model
from schemas.link_reasons import LinkReason

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.2rem .7rem;text-align:left;"
    "border-bottom:1px solid #ddd}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".bar{display:inline-block;height:.8em;background:#2a6f97;vertical-align:baseline}.bar.less{background:#b5523b}"
    ".warn{background:#fff4d6;padding:.5rem 1rem;margin:.5rem 0}"
)
BAR = 8.0
"""Pixels a bit."""


def report_page(
    title: str,
    result: LinkResult,
    chosen: Iterable[Explained],
    thresholds: Iterable[AtThreshold],
    columns: Mapping[str, tuple[float, float]],
) -> str:
    """The whole page. thresholds: none where no truth was given. columns: the share of rows filled, left and right."""
    warnings = "".join(f'<p class="warn">{escape(one)}</p>' for one in result.warnings)
    parts = [f"<h1>{escape(title)}</h1>", warnings, "<h2>Links</h2>", _counts(result.counts)]
    parts += ["<h2>Blocking rules</h2>", _rules(result.rules), "<h2>Columns</h2>", _columns(columns)]
    if result.model is not None:
        parts += ["<h2>Weights</h2>", _weights(result.model)]
        parts += ["<h2>Some links, step by step</h2>", *(_waterfall(one) for one in chosen)]
    if told := list(thresholds):
        parts += ["<h2>By threshold, against the truth</h2>", _thresholds(told)]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><body>{''.join(parts)}</body></html>\n"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table whose first column is text and whose others are numbers, or HTML of our own (a bar)."""
    shown = "".join(f'<th class="{"n" if place else ""}">{escape(name)}</th>' for place, name in enumerate(head))
    lines = []
    for row in rows:
        first, *rest = (str(one) for one in row)
        lines.append(f"<tr><td>{escape(first)}</td>{''.join(f'<td class=n>{one}</td>' for one in rest)}</tr>")
    return f"<table><tr>{shown}</tr>{''.join(lines)}</table>"


def _counts(counts: Mapping[LinkReason, int]) -> str:
    return _table(("reason", "links"), ((f"{one.value}: {one.en}", f"{count:,}") for one, count in counts.items()))


def _rules(rules: Iterable[RuleReport]) -> str:
    return _table(
        ("rule", "pairs", "new pairs", "largest block", "pairs left out"),
        (
            (one.rule, f"{one.pairs:,}", f"{one.new_pairs:,}", f"{one.largest:,}", f"{one.closed_pairs:,}")
            for one in rules
        ),
    )


def _columns(columns: Mapping[str, tuple[float, float]]) -> str:
    return _table(
        ("field", "filled, left", "filled, right"),
        ((name, f"{left:.1%}", f"{right:.1%}") for name, (left, right) in columns.items()),
    )


def _weights(model: Model) -> str:
    head = f"<p>Before anything is compared: 1 true pair in {1 / model.prior:,.0f} ({model.prior_bits:+.1f} bits).</p>"
    return head + "".join(f"<h3>{escape(one.field)}</h3>{_levels(one)}" for one in model.comparisons)


def _levels(one: ComparisonModel) -> str:
    return _table(
        ("level", "among matches", "among others", "bits", ""),
        (
            (level.en, f"{level.m:.2%}", f"{level.u:.3%}", f"{level.weight:+.1f}", _bar(level.weight))
            for level in one.levels
        ),
    )


def _bar(bits: float) -> str:
    return f'<span class="bar{" less" if bits < 0 else ""}" style="width:{abs(bits) * BAR:.0f}px"></span>'


def _waterfall(one: Explained) -> str:
    steps = [
        ("before anything is compared", one.prior),
        *((f"{step.field}: {step.label}", step.bits) for step in one.steps),
    ]
    steps += [("how rare its values are", one.rarity)] if abs(one.rarity) >= 0.05 else []
    total = 0.0
    rows = []
    for label, bits in steps:
        total += bits
        rows.append((label, f"{bits:+.1f}", _bar(bits), f"{total:+.1f}"))
    head = f"<h3>{escape(one.left_id)} and {escape(one.right_id)}: {escape(one.reason)}, {one.weight:+.1f} bits</h3>"
    return head + _table(("step", "bits", "", "so far"), rows)


def _thresholds(told: Iterable[AtThreshold]) -> str:
    return _table(
        ("probability at least", "links", "precision", "recall"),
        ((f"{one.threshold:g}", f"{one.links:,}", f"{one.precision:.5f}", f"{one.recall:.5f}") for one in told),
    )
