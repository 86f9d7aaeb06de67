"""Commands for those who keep the reviewers' site and its database."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import DEFAULT_LAKE, DEMO, LakeFolder
from review.configure import address_for

app = typer.Typer()
audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The CSV file to write.")],
    lake: LakeFolder = DEFAULT_LAKE,
    division: Annotated[str | None, typer.Option(help="Only divisions whose code begins with this.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only flags of this rule.")] = None,
    status: Annotated[str | None, typer.Option(help="open, cleared or closed.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only flags found on this day or later.")
    ] = None,
    ledger: Annotated[str | None, typer.Option(help="both, county, province or done.")] = None,
    kind: Annotated[str, typer.Option("--format", help="csv or xlsx.")] = "csv",
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Export flags as CSV or XLSX: masked, safe in Excel and WPS, with a line in the audit log."""
    from pipelines.commands.export_flags import run

    asked = {"division": division, "rule": rule, "status": status, "ledger": ledger}
    if since:
        asked["since"] = since.date().isoformat()
    run(out, address_for(lake), {name: word for name, word in asked.items() if word}, kind=kind, lang=lang)


@app.command()
def import_outcomes(
    file: Annotated[Path, typer.Argument(help="Reviewers' outcomes as CSV; see review/README.md for the columns.")],
    username: Annotated[str, typer.Option("--as", help="The account that decides.")],
    lake: LakeFolder = DEFAULT_LAKE,
) -> None:
    """Import reviewers' outcomes. If any row is wrong, nothing is written and each wrong row is reported."""
    from pipelines.commands.keep_review import run_import

    run_import(file, username, address_for(lake))


@audit_app.command()
def verify(lake: LakeFolder = DEFAULT_LAKE) -> None:
    """Check the audit log against its own chain and the seals in past reports; report the first broken line."""
    from pipelines.commands.keep_review import run_verify

    run_verify(lake, address_for(lake))


@app.command()
def migrate(lake: LakeFolder = DEFAULT_LAKE) -> None:
    """Create the tables of the review database, or update them to this version."""
    from review.configure import configure
    from review.configure import migrate as bring_up_to_date

    configure(address_for(lake))
    bring_up_to_date()


@app.command()
def serve(
    lake: LakeFolder = DEFAULT_LAKE,
    demo_site: Annotated[bool, typer.Option("--demo", help="Serve var/demo, on this machine only.")] = False,
    listen: Annotated[str, typer.Option(help="host:port.")] = "127.0.0.1:8000",
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
) -> None:
    """Start the reviewers' site."""
    from pipelines.commands.serve_site import run, run_demo

    if demo_site:
        run_demo(DEMO, listen, workers)
    else:
        run(lake, listen, workers)


@app.command()
def add_account(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    full_name: Annotated[str, typer.Option("--name", help="The person's name.")],
    role: Annotated[str, typer.Option(help="township, county, city, province, auditor, engineer or administrator.")],
    division: Annotated[str, typer.Option(help="The first digits of the division codes that the account is for.")],
    lake: LakeFolder = DEFAULT_LAKE,
) -> None:
    """Create an account, for example the first administrator's. Prints its password once."""
    from pipelines.commands.keep_review import run_add_account

    run_add_account(username, full_name, role, division, address_for(lake))
