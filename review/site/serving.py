"""Run the site: gunicorn, a few worker processes, each with threads."""

import os
import secrets
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

# An export of a province takes minutes; a page never does.
SECONDS_AN_ANSWER = 600
THREADS = 8


class Site(BaseApplication):  # type: ignore[misc]
    """gunicorn, told everything here and nothing by files or arguments."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand over the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, built in each worker."""
        from review.site.wsgi import application

        return application


def serve(listen: str, workers: int) -> None:
    """Serve on ``listen`` (host:port) until stopped."""
    Site(
        {
            "bind": listen,
            "workers": workers,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": SECONDS_AN_ANSWER,
            "proc_name": "hedui",
            "accesslog": None,
            "control_socket_disable": True,
        }
    ).run()


def secret_beside(folder: Path) -> str:
    """A secret for a demo or one small office, made once and kept beside its database, readable by its owner alone."""
    file = folder / ".site_secret"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(50))
    return file.read_text(encoding="ascii")
