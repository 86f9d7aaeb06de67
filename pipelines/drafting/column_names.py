"""English names and labels of columns: from the catalogue if it has the header, else word by word, else by pinyin."""

import re
from collections.abc import Collection
from typing import NamedTuple

from schemas.column import Column, Meaning
from schemas.header_words import end_of, pieces_of
from schemas.sounds import spelled

KEPT_BY_THE_LAKE = frozenset({"row_key", "row_number", "delivery_id", "delivery_date", "line_number"})
"""Names that every table of the lake has besides."""
LONGEST_NAME = 60
READ_OTHERWISE = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n", "none", "nan", "inf"})
"""Words that YAML does not read as text."""
_ENDS = {Meaning.DATE: "on", Meaning.ID_NUMBER: "id", Meaning.PERSON_NAME: "name"}
"""What the name of a column ends in where words stand before the last one: owner_id, signed_on."""


class Named(NamedTuple):
    """A column's name and its English label."""

    name: str
    label: str
    by_sound: bool
    """Whether a part of it is pinyin, for want of a word: a person should translate it."""


def pinyin(text: str) -> str:
    """The text by its sound, as an identifier; empty where it has none."""
    plain = spelled(text)
    return plain if not plain or plain[0].isalpha() else f"code_{plain}"


def named(header: str, meaning: Meaning, known: Column | None, taken: Collection[str]) -> Named:
    """A name that is not among those ``taken``."""
    if known:
        found = Named(known.name, known.en, by_sound=False)
    else:
        pieces = pieces_of(header)
        parts = [piece.word.en if piece.word else pinyin(piece.text) for piece in pieces]
        by_sound = any(piece.word is None for piece in pieces)
        label = " ".join(parts).replace("_", " ").capitalize() or "Column"
        end = end_of(header)
        if end and len(parts) > 1 and meaning in _ENDS:
            parts[-1] = _ENDS[meaning]
        found = Named(_identifier("_".join(filter(None, parts))), label, by_sound)
    name, number = found.name, 2
    while name in taken or name in KEPT_BY_THE_LAKE:
        name, number = f"{found.name}_{number}", number + 1
    return found._replace(name=name)


def _identifier(text: str) -> str:
    plain = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_")[:LONGEST_NAME]
    plain = plain if plain and plain[0].isalpha() else f"column_{plain}".rstrip("_")
    return f"{plain}_column" if plain in READ_OTHERWISE else plain
