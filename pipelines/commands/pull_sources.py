"""``hedui pull``: fetch files from the sources into the inbox, without a scheduler."""

from datetime import date

import typer

from pipelines.scheduled import ScheduledNight, bound_types
from pipelines.settings import needed, settings
from pipelines.sources.access import FROM_ENVIRONMENT
from pipelines.sources.binding import load_sources
from pipelines.sources.pull import SourceError, pull
from schemas.catalogue import load_catalogue


class NotPulledError(RuntimeError):
    """Some sources could not be read; each is printed already, and the others were pulled."""

    exit_code = 1


def run(night: date) -> None:
    """Pull every bound type; one that fails does not stop the others. Raises NotPulledError when any failed."""
    needed("HEDUI_SOURCES")
    its, catalogue = settings(), load_catalogue()
    sources = load_sources(its.sources, catalogue) if its.sources else {}
    failed = []
    for name in bound_types(ScheduledNight(night, night)):
        try:
            brought = pull(catalogue[name], sources[name], its.inbox, its.lake, night, FROM_ENVIRONMENT)
        except SourceError as error:
            typer.echo(f"hedui: {error}", err=True)
            failed.append(name)
            continue
        typer.echo(f"{name}: {', '.join(path.name for path in brought) or 'nothing new'}")
    if failed:
        raise NotPulledError(
            f"{', '.join(failed)} could not be pulled: run hedui doctor, correct what it names, and pull again"
        )
