"""Text that people write: what a database can keep, what counts as words, and how long it may be."""

import re
import unicodedata

LONGEST_NOTE = 5_000
LONGEST_REASON = 300
# Of names and other single lines, as their columns are.
LONGEST_LINE = 150
# PostgreSQL keeps no NUL, and half a surrogate pair is no character.
NOT_KEPT = re.compile("[\x00\ud800-\udfff]")
# Letters by their class that nobody can see: the fillers of Hangul.
FILLERS = frozenset("\u115f\u1160\u3164\uffa0")


def cannot_be_stored(text: str) -> bool:
    """Whether there is a sign in it that no database keeps."""
    return NOT_KEPT.search(text) is not None


def has_words(text: str) -> bool:
    """Whether somebody can read words in it: two different letters or digits at least. Blanks, signs without width,
    dots and one letter say nothing.
    """
    signs = unicodedata.normalize("NFKC", text).casefold()
    return len({sign for sign in signs if unicodedata.category(sign)[0] in "LN"} - FILLERS) > 1


def is_reason(text: str) -> bool:
    """Whether it can stand in the audit log as a reason: words, and no more than ``LONGEST_REASON`` characters."""
    return has_words(text) and len(text.strip()) <= LONGEST_REASON and not cannot_be_stored(text)


def read_number(text: str, digits: int = 9) -> int | None:
    """The whole number that ``text`` gives in plain digits, no more than ``digits`` of them; else None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
