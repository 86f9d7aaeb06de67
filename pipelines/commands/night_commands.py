"""Commands for those who run the nights."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import DEFAULT_LAKE, AsJson, Day, LakeFolder
from review.configure import address_for

app = typer.Typer()


@app.command()
def night(
    day: Day,
    inbox: Annotated[Path, typer.Option(help="The folder that departments deliver into.")],
    lake: LakeFolder = DEFAULT_LAKE,
    types: Annotated[str, typer.Option(help="Take in only these types, separated by commas.")] = "",
    received_by: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Also use what arrived up to this day (for backfills). Default: the date."
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(help="Where linking and flagging run: duckdb or spark (docs/spark.md). Default: HEDUI_ENGINE."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Run one night: take in new files, link, flag, publish."""
    from pipelines.commands.run_night import run

    run(
        day.date(),
        inbox,
        lake,
        database_url=address_for(lake),
        types=tuple(name.strip() for name in types.split(",") if name.strip()),
        received_by=(received_by or day).date(),
        engine=engine,
        as_json=as_json,
    )


@app.command()
def pull(
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The business date of the night. Default: today."),
    ] = None,
    types: Annotated[list[str] | None, typer.Option("--type", help="Pull only this type; may be repeated.")] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Fetch what came already once more, as a correction: the next delivery of its day."
        ),
    ] = False,
    of_day: Annotated[
        datetime | None,
        typer.Option("--day", formats=["%Y-%m-%d"], help="With --again: the day. Default: the newest."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch the files of a night from the sources in HEDUI_SOURCES into the inbox."""
    from pipelines.commands.pull_sources import run
    from pipelines.sources.pull import Again

    if of_day and not again:
        raise typer.BadParameter("goes with --again", param_hint="--day")
    if again and not types:
        raise typer.BadParameter("say which type to fetch again, with --type", param_hint="--again")
    if of_day and day and of_day > day:
        raise typer.BadParameter("is after --date", param_hint="--day")
    once_more = Again(of_day.date() if of_day else None) if again else None
    run(day.date() if day else None, types or (), once_more, as_json=as_json)


@app.command()
def status(
    lake: LakeFolder = DEFAULT_LAKE,
    nights: Annotated[int, typer.Option(min=1, help="How many nights, newest first.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Show each type night by night: fresh, stale, refused, late or missing, with rows and quarantine rate."""
    from pipelines.commands.show_status import run_status

    run_status(lake, nights, as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Find what would stop the next night, and say what to do."""
    from pipelines.commands.show_status import run_doctor

    run_doctor(as_json=as_json)


@app.command()
def deliveries(
    type_name: Annotated[str, typer.Option("--type", help="Only this type.")] = "",
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what speaks for this day or came on it.")
    ] = None,
    lake: LakeFolder = DEFAULT_LAKE,
    inbox: Annotated[
        Path | None, typer.Option(envvar="HEDUI_INBOX", help="Also list what waits in this inbox.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the deliveries: in use, superseded, refused, unreadable, withdrawn, repeated, dropped or waiting."""
    from pipelines.commands.list_deliveries import run

    run(lake, inbox, type_name=type_name, day=day.date() if day else None, as_json=as_json)


@app.command()
def withdraw(
    delivery: Annotated[str, typer.Argument(help="The delivery's id, or the name of its file.")],
    reason: Annotated[str, typer.Option(help="Why, for the audit log; no personal data.")],
    lake: LakeFolder = DEFAULT_LAKE,
    undo: Annotated[bool, typer.Option("--undo", help="Undo a withdrawal that was a mistake.")] = False,
) -> None:
    """Take a wrong delivery back: nights from now on ignore it. With --undo: use it again."""
    from pipelines.commands.withdraw_delivery import run

    run(delivery, reason, lake, database_url=address_for(lake), undo=undo)


@app.command()
def reprocess(
    delivery: Annotated[str, typer.Argument(help="The delivery's id, or the name of its file.")] = "",
    type_name: Annotated[str, typer.Option("--type", help="All deliveries of this type instead.")] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only deliveries of this day or later.")
    ] = None,
    lake: LakeFolder = DEFAULT_LAKE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Name the deliveries, and read nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read landed deliveries again after an alias, a code or a contract changed.

    Without a delivery and --type: all that were read by another contract than today's, or could not be read.
    """
    from pipelines.commands.reprocess_deliveries import Asked, run

    if delivery and type_name:
        raise typer.BadParameter("give a delivery, or --type, not both")
    run(Asked(delivery, type_name, since.date() if since else None, dry_run), lake, as_json=as_json)


@app.command()
def requests(
    lake: LakeFolder = DEFAULT_LAKE,
    carry_out: Annotated[
        bool, typer.Option("--carry-out", help="Do now what waits, as the next night would before it links.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what engineers asked for at the site: deliveries to take back, restore or read again."""
    from pipelines.commands.list_requests import run

    run(lake, database_url=address_for(lake), carry_out=carry_out, as_json=as_json)


@app.command()
def quarantine(
    delivery: Annotated[str, typer.Argument(help="The delivery's id, or the name of its file.")] = "",
    type_name: Annotated[str, typer.Option("--type", help="The deliveries in use, or refused, of this type.")] = "",
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Those that speak for this day or came on it.")
    ] = None,
    lake: LakeFolder = DEFAULT_LAKE,
    csv: Annotated[
        Path | None, typer.Option(help="Write all into this file, or into a folder: a file for each type.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the lines set apart and the cells not read, masked, for the department to correct its export."""
    from pipelines.commands.show_quarantine import Asked, run

    run(Asked(delivery, type_name, day.date() if day else None), lake, csv_file=csv, as_json=as_json)


@app.command()
def retention(
    day: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The day from which retention is counted.")
    ],
    lake: LakeFolder = DEFAULT_LAKE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be deleted, and delete nothing.")] = False,
) -> None:
    """Delete data whose retention time has ended, and keep a receipt of what was deleted."""
    from pipelines.commands.drop_past_keeping import run

    run(lake, day.date(), dry_run=dry_run)
