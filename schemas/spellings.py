"""How headers and the spellings of code lists are compared with what files hold: width and blanks do not matter."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

SAYS_NOTHING = ("", "NULL", "null", "\\N", "-", "--", "/")
"""What a cell may hold that says nothing."""
BRACKETS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "【": "(", "】": ")", "〔": "(", "〕": ")"})
CANNOT_BE_READ = "\ufffd\0"


def fold_header(header: str) -> str:
    """A header as it is compared: full-width ASCII made half-width, no blanks, no byte-order mark."""
    return "".join(unicodedata.normalize("NFKC", header).replace("\ufeff", "").split())


def folded(spelling: str) -> str:
    """The spelling as it is compared: compatibility forms and capitals made plain, brackets round, no blanks."""
    plain = unicodedata.normalize("NFKC", spelling).casefold().translate(BRACKETS)
    return "".join(sign for sign in plain if not (sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc")))


def can_be_met(spelling: str) -> bool:
    """Whether a cell can ever hold it: some cells say nothing, and what cannot be decoded is no spelling."""
    says_nothing = {folded(nothing) for nothing in SAYS_NOTHING}
    return folded(spelling) not in says_nothing and not any(sign in spelling for sign in CANNOT_BE_READ)


def repeated(values: Iterable[str]) -> list[str]:
    """The values that come more than once, each once."""
    return sorted(value for value, times in Counter(values).items() if times > 1)
