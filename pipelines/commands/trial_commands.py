"""Commands for those who try the system: the demo, its invented province, the catalogue and the rules."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import DEMO, AsJson

app = typer.Typer()


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where to put the demo's lake, database and export.")] = DEMO,
    sample: Annotated[Path, typer.Option(help="The sample province.")] = Path("data/sample"),
) -> None:
    """Run the three sample nights and export what they flagged."""
    from pipelines.commands.run_demo import run

    run(out, sample)


@app.command()
def catalogue(as_json: AsJson = False) -> None:
    """Show the departments and the information types they deliver."""
    from pipelines.commands.show_catalogue import run

    run(as_json=as_json)


@app.command()
def rules(
    as_json: AsJson = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check every rule against the catalogue and the policy.")
    ] = False,
) -> None:
    """Show the rule book, or check it."""
    from pipelines.commands.show_rules import run, run_check

    if check:
        run_check()
    else:
        run(as_json=as_json)


@app.command()
def infer(
    sample: Annotated[Path, typer.Argument(help="A file as the department sends it.", exists=True, dir_okay=False)],
    type_name: Annotated[
        str | None,
        typer.Option("--type", help="A known type: say which aliases it lacks. Any other name: call the draft so."),
    ] = None,
    department: Annotated[str | None, typer.Option(help="The department that delivers it.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write there, such as schemas/<department>/<type>.yaml. Default: to the screen.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draft a contract from a sample file, or a patch of aliases for a known type."""
    from pipelines.commands.infer_contract import run

    run(sample, type_name=type_name, department=department, out=out, force=force, as_json=as_json)


@app.command()
def synth(
    seed: Annotated[int, typer.Option(help="The same seed makes the same bytes.")],
    first_night: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first night.")],
    nights: Annotated[int, typer.Option(min=1, help="How many nights of deliveries.")],
    out: Annotated[Path, typer.Option(help="Where to write inbox/ and truth/.")],
    population: Annotated[int | None, typer.Option(min=1000, help="How many people to invent.")] = None,
    scale: Annotated[
        float | None,
        typer.Option(min=0.0005, max=1.0, help="Instead of --population: a part of Guizhou; 1 is 38.5 million people."),
    ] = None,
    protected_share: Annotated[
        float | None,
        typer.Option(min=0.01, max=0.9, help="Share of people in households on dibao. Default: as in reality."),
    ] = None,
    everyday: Annotated[
        bool, typer.Option("--everyday", help="Give innocent families records that look like a doubt.")
    ] = False,
    dirtier: Annotated[bool, typer.Option("--dirtier", help="Damage two to four times what the sample has.")] = False,
) -> None:
    """Invent a province: an inbox with realistic errors, planted cases, and the truth about them."""
    from synth.province import build, build_scale

    if scale is not None and population is None:
        build_scale(scale, seed, first_night.date(), nights, out, protected_share, everyday=everyday, dirtier=dirtier)
    elif population is not None and scale is None:
        build(population, seed, first_night.date(), nights, out, protected_share, everyday=everyday, dirtier=dirtier)
    else:
        raise typer.BadParameter("give --population or --scale")
