"""File names given by others, in a form that can be printed anywhere."""

import os


def printable(name: str | os.PathLike[str]) -> str:
    """A name without anything a terminal, a report or a page would take for more than text.

    Bytes that are no UTF-8 are read as GB18030, as Windows in China writes names, or else shown as ``\\x..``; so is
    whatever moves the cursor, colours, or turns the direction of reading.
    """
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            told = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        told = raw.decode("utf-8", "backslashreplace")
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in told
    )
