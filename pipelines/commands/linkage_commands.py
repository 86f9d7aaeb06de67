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
    spec: SpecFile,
    out: Annotated[Path, typer.Option(help="Links as Parquet: left_id, right_id, reason, weight, probability.")],
    right: Annotated[Path | None, typer.Argument(help="CSV or Parquet; none with --dedupe.")] = None,
    model: Annotated[Path | None, typer.Option(help="A trained model. Without it, one is learned first.")] = None,
    dedupe: Dedupe = False,
) -> None:
    """Link any two tables, or one with itself, by your own spec."""
    from pipelines.commands.link_files import run_link

    run_link(left, _right_of(right, dedupe=dedupe), spec, out, model)


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
