"""Commands for those who link tables of their own, or train the model of the nights."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import DEFAULT_LAKE, AsJson, Day, LakeFolder

app = typer.Typer()
SpecFile = Annotated[Path, typer.Option("--spec", help="The linkage spec (YAML): fields, blocking, comparisons.")]
Dedupe = Annotated[bool, typer.Option("--dedupe", help="One table, linked with itself.")]


@app.command()
def link(
    left: Annotated[Path, typer.Argument(help="CSV or Parquet.")],
    right: Annotated[Path | None, typer.Argument(help="CSV or Parquet; none with --dedupe.")] = None,
    spec: Annotated[Path | None, typer.Option(help="The linkage spec (YAML): fields, blocking, comparisons.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The links, as .csv or .parquet: ids, reason, weight, probability.")
    ] = None,
    model: Annotated[Path | None, typer.Option(help="A trained model. Without it, one is learned first.")] = None,
    report: Annotated[Path | None, typer.Option(help="Also an HTML page: rules, weights, links step by step.")] = None,
    truth: Annotated[Path | None, typer.Option(help="True pairs (left_id, right_id), for the report.")] = None,
    dedupe: Dedupe = False,
    init: Annotated[
        bool, typer.Option("--init", help="Only guess a spec from the tables; printed without --spec.")
    ] = False,
    count: Annotated[bool, typer.Option("--count", help="Only count the pairs that each blocking rule gives.")] = False,
) -> None:
    """Link any two tables, or one with itself, by your own spec."""
    from pipelines.commands.link_files import Written, run_count, run_init, run_link

    right = _right_of(right, dedupe=dedupe)
    if init:
        run_init(left, right, spec)
    elif spec is None:
        raise typer.BadParameter("give --spec, or --init for one to begin with")
    elif count:
        run_count(left, right, spec)
    elif out is None:
        raise typer.BadParameter("give --out, the file for the links")
    else:
        run_link(left, right, spec, Written(out, report, truth), model)


@app.command()
def train(
    left: Annotated[Path, typer.Argument(help="CSV or Parquet.")],
    spec: SpecFile,
    out: Annotated[Path, typer.Option(help="The model, as readable JSON.")],
    right: Annotated[Path | None, typer.Argument(help="CSV or Parquet; none with --dedupe.")] = None,
    dedupe: Dedupe = False,
) -> None:
    """Learn a linkage model from tables without labels, and save it."""
    from pipelines.commands.link_files import run_train

    run_train(left, _right_of(right, dedupe=dedupe), spec, out)


@app.command()
def evaluate(
    links: Annotated[Path, typer.Argument(help="Links as `hedui link` writes them.")],
    truth: Annotated[Path, typer.Option(help="The true pairs: left_id, right_id (CSV or Parquet).")],
    dedupe: Dedupe = False,
    as_json: AsJson = False,
) -> None:
    """Compare links with the truth: precision, recall and F1, by reason, and the worst errors."""
    from pipelines.commands.link_files import run_evaluate

    run_evaluate(links, truth, dedupe=dedupe, as_json=as_json)


@app.command()
def train_night(
    day: Day,
    truth: Annotated[Path, typer.Option(help="The invented province's truth/links.parquet.")],
    out: Annotated[Path, typer.Option(help="The model, as readable JSON.")],
    lake: LakeFolder = DEFAULT_LAKE,
) -> None:
    """Learn the model for the nights from a night of an invented province."""
    from engines.lake import Lake
    from pipelines.train import train_on_night
    from schemas.catalogue import load_catalogue

    train_on_night(Lake(lake), load_catalogue(), day.date(), truth, out)
    typer.echo(f"{out}: trained. To use it, move it to matchers/night/models/province.json")


def _right_of(right: Path | None, *, dedupe: bool) -> Path | None:
    if dedupe == (right is not None):
        raise typer.BadParameter("give two tables, or one with --dedupe")
    return right
