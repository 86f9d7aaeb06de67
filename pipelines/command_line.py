"""The command line. Only typer is imported here; each command imports what it needs when it is called.

Exit codes: 0 done; 1 an error that is not listed here; 2 the command was not understood; 3 the night stopped because a
roster is missing, late or refused; 4 a contract, rule, policy or setting is wrong; 5 another night is running on the
same lake. If an error class has an ``exit_code``, its message says what to do.
"""

import io
import logging
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from engines.owner_alone import OTHERS
from review.configure import address_for

app = typer.Typer(
    name="hedui",
    help="核对 — check a welfare register against the records of other departments. It finds leads; people decide.",
    epilog="Exit codes: 0 done, 1 failed, 2 misused, 3 night stopped (roster), 4 misconfigured, 5 lake busy.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # the rich pages take as long to load as everything else
    pretty_exceptions_enable=False,
)

Day = Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The business date of the night.")]
LakeFolder = Annotated[Path, typer.Option("--lake", envvar="HEDUI_LAKE", help="The folder of the lake.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
DEFAULT_LAKE = Path("var/lake")
DEMO = Path("var/demo")


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
) -> None:
    """Invent a province: an inbox with realistic errors, planted cases, and the truth about them."""
    from synth.province import build, build_scale

    if scale is not None and population is None:
        build_scale(scale, seed, first_night.date(), nights, out, protected_share)
    elif population is not None and scale is None:
        build(population, seed, first_night.date(), nights, out, protected_share)
    else:
        raise typer.BadParameter("give --population or --scale")


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
    receipt_store: Annotated[str | None, typer.Option(help="both, county, province or done.")] = None,
    kind: Annotated[str, typer.Option("--format", help="csv or xlsx.")] = "csv",
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
) -> None:
    """Export flags as CSV or XLSX: masked, safe in Excel and WPS, with a line in the audit log."""
    from pipelines.commands.export_flags import run

    asked = {"division": division, "rule": rule, "status": status, "receipt_store": receipt_store}
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


audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")


@audit_app.command()
def verify(lake: LakeFolder = DEFAULT_LAKE) -> None:
    """Check the audit log against its own chain and the seals in past reports; report the first broken line."""
    from pipelines.commands.keep_review import run_verify

    run_verify(lake, address_for(lake))


@app.command()
def migrate(lake: LakeFolder = DEFAULT_LAKE) -> None:
    """Create the tables of the review database, or update them to this version."""
    from review.configure import address_for, configure
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
def pull(day: Day) -> None:
    """Fetch the files of a night from the sources in HEDUI_SOURCES into the inbox."""
    from pipelines.commands.pull_sources import run

    run(day.date())


@app.command()
def withdraw(
    delivery: Annotated[str, typer.Argument(help="The delivery's id, or the name of its file.")],
    reason: Annotated[str, typer.Option(help="Why, for the audit log; no personal data.")],
    lake: LakeFolder = DEFAULT_LAKE,
) -> None:
    """Take a wrong delivery back: nights from now on ignore it."""
    from pipelines.commands.withdraw_delivery import run

    run(delivery, reason, lake, database_url=address_for(lake))


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


def _right_of(right: Path | None, *, dedupe: bool) -> Path | None:
    if dedupe == (right is not None):
        raise typer.BadParameter("give two tables, or one with --dedupe")
    return right


def main() -> None:
    """Run the command line; an error that a person can correct ends in one plain message and its own exit code.

    Only the owner can read the files it makes. A character that the terminal cannot show does not stop it.
    """
    os.umask(OTHERS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if os.environ.get("HEDUI_LOG"):
        logging.basicConfig(level=os.environ["HEDUI_LOG"].upper(), stream=sys.stderr, format="%(asctime)s %(message)s")
    try:
        app()
    except Exception as error:
        exit_code = getattr(error, "exit_code", None)
        if exit_code is None:
            raise
        typer.echo(f"hedui: {error}", err=True)
        sys.exit(exit_code)
