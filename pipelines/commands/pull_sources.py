"""``hedui pull``: fetch files from the sources into the inbox, without a scheduler."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

import typer

from pipelines.settings import SHANGHAI, needed, settings
from pipelines.sources.access import FROM_ENVIRONMENT
from pipelines.sources.binding import load_sources
from pipelines.sources.declaration import Source
from pipelines.sources.pull import Again, pull
from pipelines.sources.source_error import SourceError
from schemas.catalogue import Catalogue, load_catalogue


class NotPulledError(RuntimeError):
    """Some sources could not be read; each is printed already, and the others were pulled."""

    exit_code = 1


class NoSourceError(ValueError):
    """A type was asked for that no source is declared for."""

    exit_code = 2


@dataclass(frozen=True)
class Outcome:
    """What became of one source."""

    type_name: str
    kind: str
    files: list[str]
    problem: str = ""
    fix: str = ""

    @property
    def state(self) -> str:
        """One word for it."""
        return "failed" if self.problem else "brought" if self.files else "nothing_new"


def run(night: date | None, types: Iterable[str], again: Again | None, *, as_json: bool) -> None:
    """Pull every type that has a source, or these; one that fails does not stop the others.

    Raises NotPulledError when any failed, and NoSourceError for a type without a source.
    """
    needed("HEDUI_SOURCES")
    its, catalogue = settings(), load_catalogue()
    sources = load_sources(its.sources, catalogue) if its.sources else {}
    asked = list(dict.fromkeys(types)) or list(sources)
    if strange := [name for name in asked if name not in sources]:
        raise NoSourceError(f"{', '.join(strange)}: no source is declared for it: use {', '.join(sources)}")
    outcomes = []
    today = night or datetime.now(tz=SHANGHAI).date()
    for outcome in _pulled(catalogue, {name: sources[name] for name in asked}, today, again):
        outcomes.append(outcome)
        if not as_json:
            _print(outcome)
    if as_json:
        typer.echo(json.dumps([asdict(one) | {"state": one.state} for one in outcomes], ensure_ascii=False))
    if failed := [outcome.type_name for outcome in outcomes if outcome.problem]:
        raise NotPulledError(
            f"{len(failed)} of {len(outcomes)} sources could not be pulled ({', '.join(failed)}): "
            "do what is said above, and pull again"
        )


def _pulled(catalogue: Catalogue, sources: dict[str, Source], night: date, again: Again | None) -> Iterator[Outcome]:
    its = settings()
    for name, source in sources.items():
        try:
            brought = pull(catalogue[name], source, its.inbox, its.lake, night, FROM_ENVIRONMENT, again)
        except SourceError as error:
            yield Outcome(name, source.kind, [], error.problem, error.fix)
        except Exception as error:
            if not getattr(error, "exit_code", None):
                raise
            problem, _, fix = str(error).partition(": ")
            yield Outcome(name, source.kind, [], problem, fix or "correct what the message names")
        else:
            yield Outcome(name, source.kind, [path.name for path in brought])


def _print(outcome: Outcome) -> None:
    if outcome.problem:
        typer.echo(f"{outcome.type_name} ({outcome.kind}): failed: {outcome.problem}: {outcome.fix}", err=True)
    else:
        typer.echo(f"{outcome.type_name} ({outcome.kind}): {', '.join(outcome.files) or 'nothing new'}")
