"""``hedui serve``: the reviewers' site."""

import os
from pathlib import Path

import typer

from review.configure import ADDRESS_VARIABLE, configure, migrate

SITE_ADDRESS = "HEDUI_SITE_DATABASE_URL"
LOCAL = ("127.0.0.1", "localhost")


def run(database_url: str, listen: str, workers: int) -> None:
    """Serve the review on ``listen``. HEDUI_SITE_DATABASE_URL, when set, is the site's own way into the database:
    a role that may do less than the one that migrates and publishes.
    """
    if not os.environ.get("HEDUI_SECRET_KEY"):
        raise typer.BadParameter("the site needs a secret: set HEDUI_SECRET_KEY to 50 random characters")
    configure(database_url)
    migrate()
    os.environ[ADDRESS_VARIABLE] = os.environ.get(SITE_ADDRESS) or database_url
    _serve(listen, workers)


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
    os.environ[ADDRESS_VARIABLE] = f"sqlite:///{database}"
    typer.echo(f"http://{listen}/ (stop with Ctrl-C)")
    _serve(listen, workers)


def _serve(listen: str, workers: int) -> None:
    from review.site.serving import serve

    serve(listen, workers)
