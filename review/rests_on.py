"""What a flag rests on, in words: how far each source was known, what speaks against it, and whom the rule counted."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

ANY_DAY = date.max.isoformat()
"""What a source is known up to where nobody kept the day."""


@dataclass(frozen=True)
class RestsOn:
    """The parts, each a line of words; empty where nothing is to be said."""

    decided: str
    sources: Sequence[str]
    contradictions: Sequence[str]
    counted: Sequence[str]


def rests_on(basis: str, title_of: Callable[[str], str], names: Mapping[str, str] | None = None) -> RestsOn | None:
    """The ``basis`` of a flag (see ``rules.run.FLAGS``) in words; None of a flag from before it was kept.

    ``title_of`` names a type, ``names`` the members of the household by their number there.
    """
    if not basis:
        return None
    told: dict[str, Any] = json.loads(basis)
    words = "en" if get_language() == "en" else "zh"
    return RestsOn(
        gettext("Last decided on %s") % told["decided_on"] if told["decided_on"] else "",
        [_source(title_of(one["type"]), one.get("until")) for one in told["sources"]],
        [one[words] for one in told["contradictions"]],
        [_counted(one, words, names or {}) for one in told["counted"] or []],
    )


def not_checkable(told: str, title_of: Callable[[str], str]) -> list[str]:
    """What a case keeps of the rules that could not check its household, in words."""
    words = "en" if get_language() == "en" else "zh"
    return [f"{title_of(one['rule'])}: {one[words]}" for one in json.loads(told)] if told else []


def _source(title: str, until: str | None) -> str:
    if until is None:
        return gettext("%s: not delivered for this division") % title
    return title if until == ANY_DAY else gettext("%(title)s: up to %(day)s") % {"title": title, "day": until}


def _counted(one: Mapping[str, Any], words: str, names: Mapping[str, str]) -> str:
    who = names.get(one["member_id"], one["member_id"])
    counts = gettext("counted") if one["counts"] else gettext("not counted")
    return f"{who}: {counts}, {one[words]}"
