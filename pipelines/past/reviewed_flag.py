"""What the review knows of one flag: its priority in words, and what nights have changed about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reviewed:
    """One flag in the review."""

    first_night: str
    stands: bool
    """Whether the newest night still finds it (a control selection stands until people have looked)."""
    priority_zh: str
    priority_en: str
    changes: list[dict[str, str]]
    """night, event, label, was, became: in the order of the nights."""


def reviewed_flag(database_url: str, flag_id: str) -> Reviewed | None:
    """What the review database has of a flag; None where it has no such flag, or there is no database yet."""
    from review.configure import configure, migrate
    from review.database import sqlite_file

    file = sqlite_file(database_url)
    if file and not file.exists():
        return None

    configure(database_url)
    migrate()
    from django.utils import translation

    from review.flag_history import history_of
    from review.models import Flag
    from review.priority import in_words

    flag = Flag.objects.filter(pk=flag_id).first()
    if flag is None:
        return None
    words = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words[language] = in_words(flag)
    with translation.override("en"):
        changes = [
            {
                "night": str(change.night),
                "event": change.event.value,
                "label": change.label,
                "was": change.was,
                "became": change.became,
            }
            for change in history_of(flag)
        ]
    stands = flag.cleared_night is None
    return Reviewed(str(flag.first_night), stands, words["zh-hans"], words["en"], changes)
