"""The texts that the cells of a workbook refer to by their places."""

from array import array
from collections.abc import Iterable

LONGEST_TEXT = 1 << 20
"""Bytes of one shared text; a cell takes 32,767 characters."""


class SharedTexts:
    """Texts by their places: a fifth of the memory of a list of them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._content = bytearray()
        self._ends = array("Q", [0])
        for text in texts:
            self._content += text.encode("utf-8", "surrogatepass")[:LONGEST_TEXT]
            self._ends.append(len(self._content))

    def __getitem__(self, place: int) -> str:
        if place < 0:
            raise IndexError(place)
        return self._content[self._ends[place] : self._ends[place + 1]].decode("utf-8", "surrogatepass")
