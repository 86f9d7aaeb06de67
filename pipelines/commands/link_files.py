"""``hedui link``, ``hedui train`` and ``hedui evaluate`` on any two tables: the same engine, with a user's own spec."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow.parquet as pq
import typer
from pyarrow.csv import CSVWriter
from rich.table import Table

from engines.embedded import connect
from matchers.tables.evaluate import Evaluation, Quality, evaluate
from matchers.tables.explain_pairs import by_threshold, completeness, explain_links
from matchers.tables.link_tables import LinkResult, count_pairs, link_tables, train
from matchers.tables.sources import TableError
from matchers.tables.starter_spec import starter_spec
from matchers.weights.comparisons import comparisons
from matchers.weights.model import Model
from matchers.weights.spec import LinkageSpec, SpecError, load_spec
from pipelines.commands.link_report import report_page
from pipelines.commands.screen import folding, screen

SCREEN = screen()


@dataclass(frozen=True)
class Written:
    """Where to write: the links, by their ending, and, if asked for, a report, against the truth if that is known."""

    links: Path
    report: Path | None = None
    truth: Path | None = None


def run_link(left: Path, right: Path | None, spec_file: Path, written: Written, model_file: Path | None) -> None:
    """Link two files, or one with itself, and write left_id, right_id, reason, weight and probability."""
    spec = _spec_for(spec_file, right)
    model = Model.load(model_file) if model_file else None
    _refuse_ending(written.links, (".parquet", ".csv"))
    if written.report:
        _refuse_ending(written.report, (".html", ".htm"))
    with TemporaryDirectory() as spill, connect(Path(spill)) as connection:
        result = link_tables(connection, left, right, spec, model)
        _write_links(connection, result.links, written.links)
        if written.report:
            names = " and ".join(file.name for file in (left, right) if file is not None)
            page = _report(connection, spec, result, names, written.truth)
            _write_aside(written.report, lambda aside: aside.write_text(page, encoding="utf-8"))
    _tell(result, written.links)


def run_count(left: Path, right: Path | None, spec_file: Path) -> None:
    """Tell how many pairs each blocking rule would compare, without comparing any."""
    spec = _spec_for(spec_file, right)
    with TemporaryDirectory() as spill, connect(Path(spill)) as connection:
        counted = count_pairs(connection, left, right, spec)
    table = Table("rule", "pairs", "largest block", "pairs left out")
    for one in counted:
        table.add_row(one.rule, f"{one.pairs:,}", f"{one.largest:,}", f"{one.closed_pairs:,}")
    SCREEN.print(folding(table))


def run_init(left: Path, right: Path | None, out: Path | None) -> None:
    """Guess a spec from the tables, and write it, or print it."""
    with TemporaryDirectory() as spill, connect(Path(spill)) as connection:
        text = starter_spec(connection, left, right)
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists():
        raise SpecError(f"{out}: is there already, and was left as it is; give another name with --spec")
    _write_aside(out, lambda aside: aside.write_text(text, encoding="utf-8"))
    typer.echo(f"{out}: a spec to begin with; look at each line before you link")


def _refuse_ending(file: Path, endings: tuple[str, ...]) -> None:
    if file.suffix.lower() not in endings:
        raise TableError(f"{file}: cannot be written; nothing was linked. End its name in {' or '.join(endings)}.")


def _write_aside(file: Path, write: Callable[[Path], object]) -> None:
    """Write a file aside, and then put it in its place in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.aside")
    write(aside)
    aside.replace(file)


def _write_links(connection: duckdb.DuckDBPyConnection, links: str, out: Path) -> None:
    reader = connection.table(links).to_arrow_reader(1 << 17)
    kind = CSVWriter if out.suffix.lower() == ".csv" else pq.ParquetWriter

    def write(aside: Path) -> None:
        with kind(aside, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)

    _write_aside(out, write)


def _report(
    connection: duckdb.DuckDBPyConnection, spec: LinkageSpec, result: LinkResult, names: str, truth: Path | None
) -> str:
    thresholds = by_threshold(connection, spec, truth) if truth else []
    columns = completeness(connection, spec)
    chosen = explain_links(connection, spec, result.model) if result.model else []
    return report_page(f"Links of {names}", result, chosen, thresholds, columns)


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
    try:
        comparisons(spec)
    except ValueError as error:
        raise SpecError(f"{file}: {error}") from error
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
