"""Commands for those who ask how a past night came out, or run it again."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import DEFAULT_LAKE, AsJson, Day, LakeFolder
from review.configure import address_for

app = typer.Typer()


@app.command()
def backfill(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first night.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last night.")],
    lake: LakeFolder = DEFAULT_LAKE,
    inbox: Annotated[
        Path | None, typer.Option(help="Also take in late files from here. Default: only what is in the lake.")
    ] = None,
    rules: Annotated[str, typer.Option(help="Run only these rules, separated by commas; flags of others stay.")] = "",
    received_by: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Use what arrived up to this day. Default: today.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and publish nothing.")] = False,
    book: Annotated[
        Path | None, typer.Option(help="Try another rule book: an edited copy of rules/. Only with --dry-run.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run past nights again with what is known now: after a change of a rule or policy, or a late delivery."""
    from pipelines.commands.backfill_nights import Asked, run

    if book is not None and not dry_run:
        raise typer.BadParameter("--book works only with --dry-run; to publish its results, install that rule book")
    names = tuple(name.strip() for name in rules.split(",") if name.strip())
    known_by = received_by.date() if received_by else None
    asked = Asked(first.date(), last.date(), known_by, inbox, names, dry_run, book)
    run(asked, lake, database_url=address_for(lake), as_json=as_json)


@app.command()
def replay(
    flag: Annotated[str | None, typer.Argument(help="The flag's number, or its first characters.")] = None,
    night_of: Annotated[
        datetime | None, typer.Option("--night", formats=["%Y-%m-%d"], help="All flags of this night instead.")
    ] = None,
    lake: LakeFolder = DEFAULT_LAKE,
    as_json: AsJson = False,
) -> None:
    """Make a flag again as of its night, and say whether it is the same and what was edited since."""
    from pipelines.commands.replay_flags import run_flag, run_night

    if flag is not None and night_of is None:
        run_flag(flag, lake, database_url=address_for(lake), as_json=as_json)
    elif flag is None and night_of is not None:
        run_night(night_of.date(), lake, as_json=as_json)
    else:
        raise typer.BadParameter("give a flag, or --night with a date")


@app.command()
def explain(
    day: Day,
    type_name: Annotated[str, typer.Option("--type", help="The record's information type.")],
    key: Annotated[str, typer.Option(help="The record's row key, as the flag's evidence gives it.")],
    lake: LakeFolder = DEFAULT_LAKE,
    role: Annotated[str | None, typer.Option(help="The role, if the record is about two people.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Also draw the waterfall into this file.")] = None,
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="Show values in full; only if you are allowed to.")
    ] = False,
) -> None:
    """Explain a link: what was compared, how well it agreed, the weight of each part, and the total."""
    from pipelines.commands.explain_link import run

    run(lake, day.date(), type_name=type_name, key=key, role=role, svg=svg, unmasked=unmasked)
