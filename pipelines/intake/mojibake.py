"""Names that were read in an encoding they were not written in: such text is undecodable, and nobody's name.

What is left of lost characters (锟斤拷) cannot be read at all. UTF-8 read as GB18030 (娼樼帀) or as Latin letters
(æ½˜æ–‡), and GB18030 read as Latin letters, are told by this: read back, they give Chinese characters alone, and as
they stand they are not what a name is written with.
"""

import codecs
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import Flags, holding, places_where, text_bytes

Bytes: TypeAlias = npt.NDArray[np.uint8]

LOST = "斤拷"
"""In what U+FFFD comes to, written as UTF-8 and read as GB18030."""
EMPTY = ("烫烫", "屯屯")
"""What memory that nothing was written to comes to."""
ENDINGS = "?\ufffd□*"
"""What stands for half a character that a reading ends with."""
LATIN = 0xC3
"""What À to ÿ begin with in UTF-8."""


def garbled(names: pa.Array) -> Flags | None:
    """Which names are mojibake; None where none is. Few are looked at more closely, found by their bytes."""
    content, offsets = text_bytes(names)
    if not len(content):
        return None
    found = np.zeros(len(names), np.bool_)
    if LOST.encode() in content.tobytes():
        found |= np.asarray(pc.fill_null(pc.match_substring(names, LOST), fill_value=False))
    latin = places_where(lambda octets: np.equal(octets, LATIN), content)
    suspects = holding(latin, offsets) | _begins_like_utf8(content, offsets)
    places = np.flatnonzero(suspects & ~found)
    if len(places):
        found[places] = [_is_garbled(name) for name in names.take(pa.array(places)).to_pylist()]
    return found if found.any() else None


def _begins_like_utf8(content: Bytes, offsets: npt.NDArray[np.int64]) -> Flags:
    """Whether the first character has, in GB18030, the bytes that a Chinese character has first in UTF-8."""
    long_enough = np.flatnonzero(np.diff(offsets) >= 2 * 3)
    first = offsets[:-1][long_enough]
    lead = content[first]
    points = (lead & 0x0F).astype(np.uint32) << 12
    points |= (content[first + 1] & 0x3F).astype(np.uint32) << 6
    points |= content[first + 2] & 0x3F
    flags = np.zeros(len(offsets) - 1, np.bool_)
    flags[long_enough] = _beginnings()[points] & (lead >= 0xE0) & (lead < 0xF0)
    return flags


@cache
def _beginnings() -> Flags:
    table = np.zeros(1 << 16, np.bool_)
    pairs = (bytes([first, second]) for first in range(0xE4, 0xEA) for second in range(0x80, 0xC0))
    table[[ord(pair.decode("gb18030")) for pair in pairs]] = True
    table[[ord(empty[0]) for empty in EMPTY]] = True
    return table


def _is_garbled(name: str) -> bool:
    if name.startswith(EMPTY):
        return True
    stripped = name.rstrip(ENDINGS)
    if _is_chinese(stripped) and _can(stripped.encode, "gb2312"):
        return False
    readings: tuple[tuple[Callable[[str], bytes], str], ...] = (
        (lambda text: text.encode("gb18030"), "utf-8"),
        (_as_windows, "utf-8"),
        (_as_windows, "gb18030"),
    )
    return any(_read_back(stripped, back, encoding) for back, encoding in readings)


def _read_back(name: str, back: Callable[[str], bytes], encoding: str) -> bool:
    """Whether its bytes are Chinese characters in the encoding, but for half a character at the end."""
    try:
        read = codecs.getincrementaldecoder(encoding)().decode(back(name))
    except UnicodeError:
        return False
    return read != name and _is_chinese(read)


def _as_windows(name: str) -> bytes:
    """The bytes that Windows' western code page shows as these characters; where it has none, they are Latin-1's."""
    return b"".join(sign.encode("cp1252") if _can(sign.encode, "cp1252") else sign.encode("latin-1") for sign in name)


def _is_chinese(text: str) -> bool:
    return bool(text) and all("\u4e00" <= sign <= "\u9fa5" for sign in text)


def _can(encode: Callable[[str], bytes], encoding: str) -> bool:
    try:
        encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
