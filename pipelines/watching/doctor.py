"""``hedui doctor``: what would stop the next night, each finding with what to do."""

import importlib.metadata
import importlib.util
import os
import shutil
import smtplib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from packaging.requirements import Requirement

from engines.owner_alone import OTHERS
from pipelines.settings import SHANGHAI, VARIABLES, optional, settings
from pipelines.watching.alerts import connect_to_mail_server
from review.configure import address_for, configure, migrations_to_apply
from review.database import sqlite_file

TOP_LEVEL = ("dags", "engines", "expectations", "matchers", "pipelines", "review", "rules", "schemas", "synth")
FREE_GB = 20
"""Below this a province's night may fill the disk (assumed)."""


@dataclass(frozen=True)
class Finding:
    """One thing that was checked: whether it is in order, what was seen, and what to do if it is not."""

    subject: str
    ok: bool
    seen: str
    advice: str = ""


def examine(looks: "Iterable[Look] | None" = None) -> list[Finding]:
    """Run all checks, or those in ``looks``. Nothing is changed, and one problem never hides another."""
    findings: list[Finding] = []
    for look in looks or LOOKS:
        try:
            findings.extend(look())
        except Exception as error:  # noqa: BLE001 (every error is a finding)
            seen = str(error) if getattr(error, "exit_code", None) else type(error).__name__
            findings.append(
                Finding(look.__name__.strip("_"), ok=False, seen=seen, advice="correct what the message names")
            )
    return findings


def _settings() -> Iterator[Finding]:
    for name, variable in VARIABLES.items():
        if variable.default is None:
            given = bool(os.environ.get(name))
            yield Finding(name, given, "set" if given else "not set", f"set it: {variable.meaning}")
    its = settings()
    yield Finding("HEDUI_WAIT_UNTIL", ok=True, seen=f"{its.wait_until:%H:%M}")
    yield Finding("HEDUI_UPLOAD_PAUSE", ok=True, seen=f"{its.upload_pause:g} seconds")
    part = its.limits.part(1.0)
    yield Finding("DuckDB's limits", ok=True, seen=f"{part.memory}, {part.threads} threads")


def _versions() -> Iterator[Finding]:
    """Every package the project declares, against what is installed."""
    wrong = []
    for line in importlib.metadata.requires("hedui") or []:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is not installed")
            continue
        if installed not in requirement.specifier:
            wrong.append(f"{requirement.name} is {installed}, but {requirement.specifier} is needed")
    yield Finding("packages", not wrong, "; ".join(wrong) or "as declared", "install requirements.lock again")


def _own_packages() -> Iterator[Finding]:
    """Each top-level package is hedui's own: others on PyPI have the same names and would be installed over it."""
    claims = importlib.metadata.packages_distributions()
    home = Path(__file__).parents[2]
    taken = []
    for name in TOP_LEVEL:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).parents[1] != home:
            taken.append(f"{name} is imported from elsewhere")
        taken += [f"{name} is also {other}'s" for other in sorted({*claims.get(name, ())} - {"hedui"})]
    advice = "uninstall the packages named, then install hedui again"
    yield Finding("hedui's own packages", not taken, "; ".join(taken) or "its own", advice)


def _contracts() -> Iterator[Finding]:
    from pipelines.watching.policy_gaps import policy_gaps
    from rules.book import load_rule_book
    from rules.check import check_rules
    from rules.policy import load_policy
    from rules.rule import load_rules
    from schemas.catalogue import load_catalogue

    catalogue, rules = load_catalogue(), load_rules()
    today = datetime.now(tz=SHANGHAI).date()
    problems = check_rules(rules, load_policy(), catalogue, today)
    problems = problems or policy_gaps(settings().lake, catalogue, load_rule_book(), today)
    seen = "; ".join(problems) or f"{len(catalogue.contracts)} contracts and {len(rules)} rules hold"
    yield Finding("contracts, rules, policy", not problems, seen, "correct what the message names")


def _rows_read_before() -> Iterator[Finding]:
    """The types whose rows in use were read by another contract: they show nothing of what was added since."""
    from pipelines.watching.contracts_grown import contracts_grown
    from schemas.catalogue import load_catalogue

    lake = settings().lake
    grown = contracts_grown(lake, load_catalogue(), datetime.now(tz=SHANGHAI).date()) if lake.root.exists() else []
    for one in grown:
        seen = f"{len(one.deliveries)} deliveries in use were read before: {'; '.join(one.differs)}"
        advice = f"run hedui reprocess --type {one.type_name}"
        yield Finding(f"rows of {one.type_name}", ok=False, seen=seen, advice=advice)
    if not grown:
        yield Finding("rows in use", ok=True, seen="read by the contracts of today")


def _folders() -> Iterator[Finding]:
    its = settings()
    inbox = its.inbox
    readable = os.access(inbox, os.R_OK | os.X_OK)
    yield Finding(
        "inbox",
        readable,
        "readable" if readable else "not found, or not readable",
        "mount it, or make it readable",
    )
    lake = its.lake.root
    existing = next(folder for folder in (lake, *lake.absolute().parents) if folder.exists())
    writable = os.access(existing, os.W_OK | os.X_OK)
    yield Finding("lake", writable, "writable" if writable else "not writable", "make it writable for this user")
    free = shutil.disk_usage(existing).free / 1e9
    advice = f"free {FREE_GB} GB, or run hedui retention"
    yield Finding("disk of the lake", free > FREE_GB, f"{free:,.0f} GB free", advice)


def _inbox() -> Iterator[Finding]:
    """What lies in the inbox that no night takes in, a finding each."""
    from pipelines.intake.passed_over import passed_over
    from schemas.catalogue import load_catalogue

    inbox = settings().inbox
    told = passed_over(inbox, load_catalogue()) if inbox.is_dir() else []
    for one in told:
        yield Finding("passed over in the inbox", ok=False, seen=one.place, advice=f"{one.advice_en} ({one.advice_zh})")
    if not told:
        yield Finding("passed over in the inbox", ok=True, seen="nothing")


def _kept_from_others() -> Iterator[Finding]:
    """A lake made by an older version, or with another umask, may be read by others."""
    lake = settings().lake.root
    if lake.exists() and lake.stat().st_mode & OTHERS:
        advice = "run chmod -R go= on the lake folder, so that only its owner can read it"
        yield Finding("lake private", ok=False, seen=f"mode {lake.stat().st_mode & 0o777:o}", advice=advice)


def _database() -> Iterator[Finding]:
    if not _database_is_made():
        yield Finding("review database", ok=True, seen="not created yet: the first night creates it")
        return
    with _review_database():
        pending = migrations_to_apply()
    yield Finding("review database", ok=True, seen="answers")
    seen = f"{len(pending)} to apply" if pending else "all applied"
    yield Finding("migrations", not pending, seen, "run hedui migrate")


def _types() -> Iterator[Finding]:
    """The types that were not fresh on the newest published night."""
    if not _database_is_made():
        return
    with _review_database():
        from django.db import OperationalError, ProgrammingError

        from review.status import TypeState, types_by_night

        try:
            newest = types_by_night(1)
        except (OperationalError, ProgrammingError):
            newest = []
    if not newest:
        yield Finding("types", ok=True, seen="no night is published yet")
        return
    night = newest[0].night
    for state in TypeState:
        names = [one.type_name for one in newest if one.state is state]
        if names and state is not TypeState.FRESH:
            advice = f"ask the departments to deliver them; hedui status shows {night}"
            yield Finding(f"{state.value} types", ok=False, seen=", ".join(names), advice=advice)
    fresh = sum(one.state is TypeState.FRESH for one in newest)
    yield Finding("fresh types", ok=True, seen=f"{fresh} of {len(newest)} on {night}")


def _sources() -> Iterator[Finding]:
    """Each source is tried for real: what the doctor ticks, a pull can bring."""
    from pipelines.sources.access import FROM_ENVIRONMENT
    from pipelines.sources.binding import load_sources
    from pipelines.sources.try_source import try_source
    from schemas.catalogue import load_catalogue

    file, catalogue = settings().sources, load_catalogue()
    today = datetime.now(tz=SHANGHAI).date()
    for name, source in (load_sources(file, catalogue) if file else {}).items():
        tried = try_source(catalogue[name], source, FROM_ENVIRONMENT, today)
        yield Finding(f"source of {name}", tried.ok, tried.seen, tried.fix)


def _alerts() -> Iterator[Finding]:
    if optional("HEDUI_ALERT_MAIL_TO"):
        trouble = _trouble_with(_try_mail)
        yield Finding("mail server", not trouble, trouble or "answers", "check HEDUI_SMTP_URL")
    if not optional("HEDUI_ALERT_MAIL_TO") and not optional("HEDUI_ALERT_WEBHOOK"):
        advice = "set HEDUI_ALERT_WEBHOOK, or HEDUI_ALERT_MAIL_TO and HEDUI_SMTP_URL"
        yield Finding("alerts", ok=False, seen="reach nobody; they are only in the log", advice=advice)


def _scheduler() -> Iterator[Finding]:
    address = optional("HEDUI_AIRFLOW_URL")
    if not address:
        yield Finding("Airflow", ok=True, seen="not set up; nights are started with hedui night")
        return
    health = httpx.get(f"{address.rstrip('/')}/api/v2/monitor/health", timeout=10).json()
    unhealthy = [part for part in ("metadatabase", "scheduler", "dag_processor") if health[part]["status"] != "healthy"]
    yield Finding(
        "Airflow",
        not unhealthy,
        f"{', '.join(unhealthy)} not healthy" if unhealthy else "healthy",
        "start what is not healthy",
    )


Look = Callable[[], Iterator[Finding]]
LOOKS: tuple[Look, ...] = (
    *(
        _settings,
        _versions,
        _own_packages,
        _contracts,
        _rows_read_before,
        _folders,
        _inbox,
        _kept_from_others,
        _database,
        _types,
        _sources,
        _alerts,
        _scheduler,
    ),
)


def _database_is_made() -> bool:
    """Whether there is anything to connect to: connecting to a SQLite file that is not there would make it."""
    address = address_for(settings().lake.root)
    file = sqlite_file(address)
    return file is None or file.exists()


@contextmanager
def _review_database() -> Iterator[Any]:
    """A connection to the review database as it is; nothing is created."""
    configure(address_for(settings().lake.root))
    from django.db import connection

    connection.ensure_connection()
    try:
        yield connection
    finally:
        connection.close()


def _try_mail() -> None:
    with connect_to_mail_server() as server:
        server.noop()


def _trouble_with(attempt: Callable[[], object]) -> str:
    """What went wrong, without anything that may be secret; empty when nothing did."""
    try:
        attempt()
    except (OSError, RuntimeError, ValueError, smtplib.SMTPException) as error:
        return str(error) if getattr(error, "exit_code", None) else f"does not answer ({type(error).__name__})"
    return ""
