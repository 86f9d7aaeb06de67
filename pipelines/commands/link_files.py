"""``hedui link``, ``hedui train`` and ``hedui evaluate`` on any two tables: the same engine, with a user's own spec."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import typer
from rich.table import Table

from engines.embedded import connect
from matchers.tables.evaluate import Evaluation, Quality, evaluate
from matchers.tables.link_tables import LinkResult, link_tables, train
from matchers.weights.model import Model
from matchers.weights.spec import LinkageSpec, SpecError, load_spec
from pipelines.commands.screen import folding, screen

SCREEN = screen()


def run_link(left: Path, right: Path | None, spec_file: Path, out: Path, model_file: Path | None) -> None:
    """Link two files, or one with itself, and write left_id, right_id, reason, weight and probability."""
    spec = _spec_for(spec_file, right)
    model = Model.load(model_file) if model_file else None
    with TemporaryDirectory() as spill, connect(Path(spill)) as connection:
        result = link_tables(connection, left, right, spec, model)
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = out.with_name(f".{out.name}.aside")
        links = connection.table(result.links).to_arrow_reader(1 << 17)
        with pq.ParquetWriter(aside, links.schema) as writer:
            for batch in links:
                writer.write_batch(batch)
        aside.replace(out)
    _tell(result, out)


def run_train(left: Path, right: Path | None, spec_file: Path, out: Path) -> None:
    """Learn a model from two files, without labels, and freeze it as JSON."""
    spec = _spec_for(spec_file, right)
    with TemporaryDirectory() as spill, connect(Path(spill)) as connection:
        model = train(connection, left, right, spec)
    model.save(out)
    typer.echo(f"{out}: {len(model.comparisons)} comparisons, 1 true pair in {1 / model.prior:,.0f}")


def run_evaluate(links: Path, truth: Path, *, dedupe: bool, as_json: bool) -> None:
    """Hold links against the truth: precision, recall and F1, by reason, and the worst errors."""
    with TemporaryDirectory() as spill, connect(Path(spill)) as connection:
        found = evaluate(connection, links, truth, undirected=dedupe)
    if as_json:
        by_reason = {reason.value: _figures(quality) for reason, quality in found.by_reason.items()}
        typer.echo(json.dumps(_figures(found.accepted) | {"by_reason": by_reason}, indent=1))
    else:
        _show(found)


def _spec_for(file: Path, right: Path | None) -> LinkageSpec:
    spec = load_spec(file)
    if (spec.task == "dedupe") != (right is None):
        wanted = "one table with --dedupe" if spec.task == "dedupe" else "two tables"
        raise SpecError(f"{file}: task: is {spec.task}, which takes {wanted}")
    return spec


def _tell(result: LinkResult, out: Path) -> None:
    counted = ", ".join(f"{reason.value} {count:,}" for reason, count in result.counts.items())
    typer.echo(f"{out}: {counted or 'no links'}")
    for warning in result.warnings:
        typer.echo(f"warning: {warning}", err=True)


def _figures(quality: Quality) -> dict[str, float | int]:
    return {
        "precision": quality.precision,
        "recall": quality.recall,
        "f1": quality.f1,
        "right": quality.right,
        "wrong": quality.wrong,
        "missed": quality.missed,
    }


def _show(found: Evaluation) -> None:
    table = Table("", "precision", "recall", "F1", "right", "wrong", "missed")
    rows = {"all accepted": found.accepted} | {reason.en: quality for reason, quality in found.by_reason.items()}
    for name, quality in rows.items():
        shares = (f"{share:.5f}" for share in (quality.precision, quality.recall, quality.f1))
        table.add_row(name, *shares, *(f"{count:,}" for count in (quality.right, quality.wrong, quality.missed)))
    SCREEN.print(folding(table))
    if found.worst.num_rows:
        worst = Table(*found.worst.column_names, title="The worst errors", title_justify="left")
        for error in found.worst.to_pylist():
            worst.add_row(*("" if value is None else str(value) for value in error.values()))
        SCREEN.print(folding(worst))
