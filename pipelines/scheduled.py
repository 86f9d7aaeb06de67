"""The night as a scheduler runs it: a process for each stage, the date from its run, the rest from the environment.

The functions here take and return plain JSON values, as a scheduler passes them on; what they do is in
``pipelines.stages``. Each holds the lake while it works, so that nights of the scheduler and of the command line never
mix: whoever comes second gets LakeBusyError and tries again.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from engines.owner_alone import for_owner_alone
from pipelines import stages
from pipelines.intake.printable import shown
from pipelines.lake_lock import LakeBusyError, some_types, whole_lake
from pipelines.progress import LOG, Progress
from pipelines.requests import carry_out_requests
from pipelines.settings import SHANGHAI, SettingMissingError, settings
from pipelines.sources.access import Access
from pipelines.sources.binding import load_sources
from pipelines.sources.pull import SourceNotReadyError, pull
from pipelines.sources.try_source import Tried, try_source
from pipelines.stages import Night
from pipelines.watching import alerts
from pipelines.watching.alerts import alert
from pipelines.watching.lateness import late_types
from review.configure import address_for
from schemas.catalogue import load_catalogue

__all__ = ["ScheduledNight", "SettingMissingError", "business_date", "scheduled_night"]

Told = dict[str, Any]
BYTES_WORTH_A_PROCESS = 64 << 20
"""Fewer are taken in before a further process is even ready to."""


def business_date(given: str | None, logical_date: datetime | None) -> date:
    """The date asked for, or else the local date of the scheduled moment.

    Raises ValueError when there is neither, as in a run that was triggered by hand without a date.
    """
    if given:
        return date.fromisoformat(given)
    if logical_date is None:
        raise ValueError("this run has no scheduled moment: trigger it with the parameter date, as YYYY-MM-DD")
    local = logical_date.astimezone(SHANGHAI)
    return date(local.year, local.month, local.day)  # a scheduler's own kind of date is none that databases know


def scheduled_night(params: Mapping[str, Any], logical_date: datetime | None) -> "ScheduledNight":
    """The night that a run with these parameters is for."""
    night = business_date(params.get("date"), logical_date)
    received_by = params.get("received_by")
    return ScheduledNight(
        night,
        date.fromisoformat(received_by) if received_by else night,
        tuple(params.get("types") or ()),
        tuple(params.get("rules") or ()),
        dry_run=bool(params.get("dry_run")),
    )


@dataclass(frozen=True)
class ScheduledNight:
    """One run of the night, stage by stage. ``part`` is the share of the machine that a stage may take."""

    business_date: date
    received_by: date
    types: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    dry_run: bool = False

    def ready(self, shares: int) -> list[list[str]] | None:
        """The types that wait, spread over so many shares by their bytes; None while it pays to wait for late ones.

        There is always one share, though it may be empty. What is late when patience ends is used as it last was good.
        """
        night = self._night()
        late = late_types(night)
        until = datetime.combine(self.business_date, settings().wait_until, SHANGHAI)
        if late and datetime.now(tz=SHANGHAI) < until:
            LOG.info("stage=wait late=%s until=%s", ",".join(late), until.isoformat())
            return None
        if late:
            alert(alerts.late(self.business_date, late))
        return self._spread(night, shares)

    def late(self) -> list[str]:
        """The types past their lateness date."""
        return late_types(self._night())

    def plan(self) -> list[str]:
        """What the night would take in and use, a line each; changes nothing."""
        night = self._night()
        lines = [f"takes in {shown(file.source)}" for file in stages.waiting(night)[0]]
        return lines + [f"{name} is late" for name in late_types(night)]

    def take_in(self, types: list[str], part: float) -> list[Told]:
        """Land, conform and check what waits of these types; tells what became of each delivery."""
        if not types:
            return []
        night = self._night(part)
        with some_types(night.lake, types):
            settled = stages.take_in(night, Progress(), types)
        with suppress(LakeBusyError), whole_lake(night.lake):
            # Who takes in the last share writes the pages: Great Expectations is loaded here, and costs seconds anew.
            stages.document(night, Progress())
        if refusals := sorted({receipt.type_name for receipt in settled if not receipt.good and not receipt.withdrawn}):
            alert(alerts.refused(self.business_date, refusals))
        told = ("type_name", "delivery_id", "status", "size", "landed", "conformed", "quarantined")
        return [receipt.model_dump(mode="json", include=set(told)) for receipt in settled]

    def link(self) -> Told:
        """Do what engineers asked for at the site, and link; tells the counts by reason and the seconds."""
        night = self._night()
        with whole_lake(night.lake):
            carry_out_requests(night.lake, night.catalogue, night.database_url, night.limits)
            return _timed(lambda: stages.link_people(night, Progress()))

    def flag(self) -> Told:
        """Flag; tells the counts by rule and the seconds."""
        night = self._night()
        with whole_lake(night.lake):
            told = _timed(lambda: stages.flag_people(night, Progress()))
        if failed := stages.rules_failed(night):
            alert(alerts.rules_failed(self.business_date, failed))
        return told

    def publish(self, links: Told, flags: Told) -> Told:
        """Publish; tells what it changed and the seconds."""
        night = self._night()
        with for_owner_alone():
            return _timed(lambda: stages.publish(night, Progress(), links=links["counts"], flags=flags["counts"]))

    def report(self, links: Told, flags: Told, published: Told) -> Told:
        """Sum the night up and keep its report; tells the figures that fit on one line."""
        seconds = {"link": links["seconds"], "flag": flags["seconds"], "publish": published["seconds"]}
        night = self._night()
        with whole_lake(night.lake):
            report = stages.report(
                night,
                Progress(seconds=seconds),
                links=links["counts"],
                flags=flags["counts"],
                published=published["counts"],
            )
        if report.passed_over:
            alert(alerts.passed_over(self.business_date, report.passed_over))
        stale = sorted(name for name, facts in report.types.items() if facts["freshness"] != "fresh")
        return {"night": str(self.business_date), "flags": sum(report.flags.values()), "not_fresh": stale}

    def _night(self, part: float = 1.0) -> Night:
        its = settings()
        asked = Night(
            self.business_date,
            its.inbox,
            its.lake,
            address_for(its.lake.root),
            self.received_by,
            self.types,
            self.rules,
            again=bool(self.rules) or self.received_by > self.business_date,
            limits=its.limits.part(part),
        )
        return stages.knowing_what_was_known(asked)

    @staticmethod
    def _spread(night: Night, shares: int) -> list[list[str]]:
        """The largest type to the share that has least, and so on; small nights are one share."""
        sizes: dict[str, int] = {}
        for file in stages.waiting(night)[0]:
            sizes[file.type_name] = sizes.get(file.type_name, 0) + file.size
        worth = min(shares, len(sizes), 1 + sum(sizes.values()) // BYTES_WORTH_A_PROCESS)
        spread: list[list[str]] = [[] for _ in range(max(worth, 1))]
        for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
            min(spread, key=lambda types: sum(sizes[one] for one in types)).append(name)
        return spread


def _timed(stage: Any) -> Told:
    started = time.monotonic()
    counts = stage()
    return {"counts": counts, "seconds": round(time.monotonic() - started, 3)}


def drop_scheduled(today: date, *, dry_run: bool) -> list[Told]:
    """Drop what is past keeping as of ``today``; tells what was dropped, by type."""
    from pipelines.retention import drop_past_keeping

    its = settings()
    with whole_lake(its.lake):
        dropped = drop_past_keeping(its.lake, load_catalogue(), today, its.limits, dry_run=dry_run)
    return [asdict(one) | {"kept_since": str(one.kept_since)} for one in dropped]


def bound_types(night: ScheduledNight) -> list[str]:
    """The types of the night that are pulled from a source."""
    its = settings()
    bound = load_sources(its.sources, load_catalogue()) if its.sources else {}
    return [name for name in bound if not night.types or name in night.types]


def try_bound_sources(access: Access) -> dict[str, Tried]:
    """Try each source for real, by type; nothing is brought."""
    its, catalogue = settings(), load_catalogue()
    bound = load_sources(its.sources, catalogue) if its.sources else {}
    today = datetime.now(tz=SHANGHAI).date()
    return {name: try_source(catalogue[name], source, access, today) for name, source in bound.items()}


def pull_type(night: ScheduledNight, type_name: str, access: Access) -> list[str]:
    """Pull one type; tells the files brought.

    Raises SourceNotReadyError when nothing came and the type is past its lateness date: it is to be tried again.
    """
    its, catalogue = settings(), load_catalogue()
    if its.sources is None:
        return []
    source = load_sources(its.sources, catalogue)[type_name]
    with for_owner_alone():
        brought = pull(catalogue[type_name], source, its.inbox, its.lake, night.business_date, access)
    if not brought and type_name in night.late():
        raise SourceNotReadyError(f"{type_name}: its source has nothing new and it is late: it will be asked again")
    return [path.name for path in brought]
