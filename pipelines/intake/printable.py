"""File names given by others, in a form that can be printed anywhere and names nobody by number."""

import os

from schemas.shown_names import shown_name


def as_text(name: str | os.PathLike[str]) -> str:
    """A name as its writer meant it: bytes that are no UTF-8 are read as GB18030, as Windows in China writes names.

    What is neither becomes ``\\x..``.
    """
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def printable(name: str | os.PathLike[str]) -> str:
    """A name without anything a terminal, a report or a page would take for more than text.

    Whatever moves the cursor, colours, or turns the direction of reading is shown as ``\\x..``.
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in as_text(name)
    )


def shown(name: str | os.PathLike[str]) -> str:
    """A printable name, with every long number in it masked that is no date, and what may name a person."""
    return shown_name(printable(name))
