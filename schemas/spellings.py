"""How headers and the spellings of code lists are compared with what files hold.

Width and blanks do not matter, nor whether characters are simplified or traditional.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from zhconv_rs import zhconv

SAYS_NOTHING = ("", "NULL", "null", "\\N", "-", "--", "/")
"""What a cell may hold that says nothing."""
BRACKETS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "【": "(", "】": ")", "〔": "(", "〕": ")"})
CANNOT_BE_READ = "\ufffd\0"


LONGEST_KEPT = 100
"""Signs of a text that is worth remembering; a longer one heads no column and is in no list."""


def simplified(text: str) -> str:
    """The text in simplified characters, where it has traditional ones."""
    return text if text.isascii() else _simplified(text) if len(text) <= LONGEST_KEPT else zhconv(text, "zh-hans")


@lru_cache(maxsize=16_384)
def _simplified(text: str) -> str:
    return zhconv(text, "zh-hans")


def fold_header(header: str) -> str:
    """A header as it is compared: simplified, full-width ASCII made half-width, no blanks and no invisible marks."""
    return simplified(_without_marks(unicodedata.normalize("NFKC", header)))


def folded(spelling: str) -> str:
    """The spelling as it is compared: simplified, compatibility forms and capitals plain, brackets round, no blanks."""
    plain = unicodedata.normalize("NFKC", spelling).casefold().translate(BRACKETS)
    return simplified(_without_marks(plain))


def _without_marks(text: str) -> str:
    """Without blanks, and without what nobody sees, such as a zero-width space that a web page left."""
    return "".join(sign for sign in text if not (sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc")))


def can_be_met(spelling: str) -> bool:
    """Whether a cell can ever hold it: some cells say nothing, and what cannot be decoded is no spelling."""
    says_nothing = {folded(nothing) for nothing in SAYS_NOTHING}
    return folded(spelling) not in says_nothing and not any(sign in spelling for sign in CANNOT_BE_READ)


def repeated(values: Iterable[str]) -> list[str]:
    """The values that come more than once, each once."""
    return sorted(value for value, times in Counter(values).items() if times > 1)
