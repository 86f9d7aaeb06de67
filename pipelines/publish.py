"""Publish: the night's flags go from the lake to the review database, where people take over."""

from dataclasses import asdict
from datetime import date
from typing import Any

from engines.lake import Lake
from pipelines.as_of import TypeAsOf
from pipelines.flag import read_flags, read_members, rule_book_texts, rule_book_versions
from pipelines.progress import Progress


def publish(
    lake: Lake,
    night: date,
    database_url: str,
    *,
    in_use: list[TypeAsOf],
    counts: dict[str, dict[str, int]],
    quality: dict[str, Any],
    progress: Progress,
) -> dict[str, int]:
    """Bring the review database to what the night found; the same night twice changes nothing.

    ``counts`` (links by reason, flags by rule) and ``quality`` (``pipelines.quality``) are kept with the night. Returns
    how many flags were new, seen again, changed and cleared, and how many cases were opened and reopened.
    """
    from review.configure import configure, migrate

    configure(database_url)
    from review.publishing import publish_night

    with progress.stage("publish"):
        migrate()
        summary = {
            "types": {
                chosen.type_name: {
                    "freshness": chosen.freshness.value,
                    "newest": chosen.newest.isoformat() if chosen.newest else None,
                    "refused": list(chosen.refused),
                }
                for chosen in in_use
            },
            "counts": counts,
            "versions": rule_book_versions(),
            "quality": quality,
        }
        published = publish_night(
            night,
            read_flags(lake, night),
            summary,
            members=read_members(lake, night),
            rules=rule_book_texts(),
        )
    return asdict(published)


def state_of_review() -> dict[str, Any]:
    """What the night's report keeps of the review database that ``publish`` has just configured."""
    from review.audit.chain import newest
    from review.figures import figures_for_report

    return figures_for_report() | {"audit": asdict(newest())}
