"""CSV that Excel and WPS open as it is meant: nothing runs, and no long number loses its digits."""

import csv
import hashlib
import re
from collections.abc import Sequence
from typing import BinaryIO

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FORMULA_STARTS = frozenset("=+-@＝＋－＠﹢﹣﹦﹫")
# Shown as an apostrophe: ugly, but the words after it stay words.
HARMLESS = "'"
# A spreadsheet reads digits as a number and keeps 15 of them; a tab after the last makes them text and is not seen.
STAYS_TEXT = "\t"
LIKE_A_NUMBER = re.compile(r"\d{12,}|0\d+|\d+(\.\d+)?[eE]\d+")
BLANKS_AND_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Signs without width that could hide what a cell really starts with.
UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u00ad"


def safe_cell(value: object) -> str:
    """One cell's text: on one line, never a formula, long numbers kept as text. None is an empty cell."""
    if value is None:
        return ""
    text = BLANKS_AND_CONTROLS.sub(" ", str(value))
    seen = text.strip().lstrip(UNSEEN).strip()
    if seen[:1] in FORMULA_STARTS and seen:
        return HARMLESS + seen
    if LIKE_A_NUMBER.fullmatch(seen):
        return seen + STAYS_TEXT
    return seen


class HashedFile:
    """A binary file that is only written to, with the hash of all that was."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, content: bytes) -> None:
        """Write and count in."""
        self._hash.update(content)
        self._file.write(content)

    @property
    def sha256(self) -> str:
        """The hash of everything written so far, in hexadecimal."""
        return self._hash.hexdigest()


class CsvWriter:
    """Rows to a binary file as UTF-8 with a byte order mark and CRLF; counts rows and hashes every byte."""

    def __init__(self, file: BinaryIO) -> None:
        self._out = HashedFile(file)
        self._csv = csv.writer(self, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
        self.rows = 0
        self._out.write(BYTE_ORDER_MARK)

    def header(self, titles: Sequence[str]) -> None:
        """The first line, which is not counted."""
        self._csv.writerow([safe_cell(title) for title in titles])

    def row(self, values: Sequence[object]) -> None:
        """One line of values."""
        self._csv.writerow([safe_cell(value) for value in values])
        self.rows += 1

    @property
    def sha256(self) -> str:
        """The hash of everything written so far, in hexadecimal."""
        return self._out.sha256

    def write(self, text: str) -> None:
        """What the csv module calls with each finished line."""
        # Half a surrogate pair is no character: it becomes a question mark, and the file stays whole.
        self._out.write(text.encode(errors="replace"))

    def close(self) -> None:
        """Nothing is held back."""

    def give_up(self) -> None:
        """Nothing lies aside."""
