"""``hedui serve``: the reviewers' site."""

import os
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from review.configure import ADDRESS_VARIABLE, address_for, configure, migrate, migrations_to_apply
from review.database import sqlite_address
from review.site.safe_serving import refuse_plain_http, refuse_weak_secret

if TYPE_CHECKING:
    from review.site.link_explanation import LinkComparison

SITE_ADDRESS = "HEDUI_SITE_DATABASE_URL"
LOCAL = ("127.0.0.1", "localhost")


class TablesNotReadyError(RuntimeError):
    """The review database has not the tables of this version, and the site's login may not make them."""

    exit_code = 4


def run(lake: Path, listen: str, workers: int) -> None:
    """Serve the review on ``listen``; links are explained from ``lake`` where there is one.

    HEDUI_SITE_DATABASE_URL, when set, is the site's own way into the database: a role that may do less than the one
    that migrates and publishes. With it alone the tables must be there: TablesNotReadyError says so when they are not.
    Raises UnsafeServingError before anything is opened.
    """
    refuse_weak_secret(os.environ.get("HEDUI_SECRET_KEY", ""))
    refuse_plain_http(listen)
    from django.db import connections

    site, owner = os.environ.get(SITE_ADDRESS), os.environ.get(ADDRESS_VARIABLE)
    if owner or not site:
        configure(address_for(lake))
        migrate()
    if site:
        configure(site)
        if missing := migrations_to_apply():
            raise TablesNotReadyError(f"the review database lacks {len(missing)} migrations: run hedui migrate first")
    # The workers are forked from this process: none may share its connection.
    connections.close_all()
    _serve(lake, listen, workers)


def run_demo(folder: Path, listen: str, workers: int) -> None:
    """Serve the demo over plain HTTP, on this machine alone."""
    from review.site.serving import secret_beside

    if listen.rpartition(":")[0] not in LOCAL:
        raise typer.BadParameter("the demo is served on this machine only: listen on 127.0.0.1", param_hint="--listen")
    database = (folder / "review.sqlite3").absolute()
    if not database.exists():
        raise typer.BadParameter(f"there is no demo in {folder}: run `hedui demo` first", param_hint="--demo")
    os.environ["HEDUI_SECRET_KEY"] = secret_beside(folder)
    os.environ["HEDUI_PLAIN_HTTP"] = "1"
    os.environ[ADDRESS_VARIABLE] = sqlite_address(database)
    typer.echo(f"http://{listen}/ (stop with Ctrl-C)")
    _serve(folder / "lake", listen, workers)


def _serve(lake: Path, listen: str, workers: int) -> None:
    from review.site.link_explanation import explain_links_with
    from review.site.serving import serve

    if lake.exists():
        explain_links_with(_Links(lake))
    serve(listen, workers)


@dataclass(frozen=True)
class _Links:
    """What the nights of a lake linked, explained on demand."""

    lake: Path

    def __call__(self, night: date, type_name: str, row_key: str, role: str) -> "list[LinkComparison]":
        """The comparisons of one link, values masked. Raises LookupError where the night made none."""
        from engines.lake import Lake
        from pipelines.past.explain import LinkKey, explain_link
        from review.site.link_explanation import LinkComparison
        from schemas.catalogue import load_catalogue

        link = LinkKey(type_name, row_key, role)
        explanation = explain_link(Lake(self.lake), load_catalogue(), night, link, unmasked=False)
        kept = {field.name for field in fields(LinkComparison)}
        return [
            LinkComparison(**{name: value for name, value in asdict(step).items() if name in kept})
            for step in explanation.steps
        ]
