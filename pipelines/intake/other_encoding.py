"""Lines that came in another encoding than their file, as somebody pasted them in: read as that where it is certain.

A line is read as the other one, of UTF-8 and GB18030, where that gives Chinese as people write it and its file's own
does not. All else is left as it is, and what cannot be decoded there spoils its cell.
"""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import Flags, places_where
from pipelines.intake.quotation import Content, Numbers, Octets

UTF8, GB18030 = "utf-8", "gb18030"
OTHER = {UTF8: GB18030, GB18030: UTF8}
WRITTEN = (
    range(0x4E00, 0xA000),
    range(0x3400, 0x4DC0),
    range(0x3000, 0x3040),
    range(0xFF01, 0xFFE6),
    range(0x2010, 0x2040),
    range(0x2160, 0x217A),
    range(0x2460, 0x249C),
    (0x00B7, 0x00D7, 0x2103, 0x33A1, 0x25CB),
)
"""What is written in a Chinese table beside ASCII."""
HAN = WRITTEN[0]
COMMON = range(0xB0, 0xD8)
"""First bytes of the 3,755 most common characters in GB 2312; further on are rarer ones, as UTF-8's would be read."""
LOWEST, OF_GB2312 = 0x80, 0xA1
"""Bytes from the one to below the other are of no character in GB 2312, but of most in UTF-8."""
BEYOND_GB2312 = re.compile(rb"[\x80-\xa0]")


def lines_in_other(content: Content, starts: Numbers, ends: Numbers, encoding: str) -> Numbers:
    """Which lines of a block came in the other encoding."""
    suspects: Iterable[int] = _undecodable(content, ends) if encoding == UTF8 else _like_utf8(content, ends)
    found = [line for line in suspects if is_in_other(bytes(content[starts[line] : ends[line]]), encoding)]
    return np.array(found, np.int64)


def is_in_other(record: bytes, encoding: str) -> bool:
    """Whether a record of a file in the one encoding certainly came in the other."""
    return not record.isascii() and (_is_gb18030(record) if encoding == UTF8 else _is_utf8(record))


def transcoded(cells: pa.Table, rows: Numbers, encoding: str) -> pa.Table:
    """Cells of bytes, those of some rows in the encoding instead of the other one."""
    mask = np.zeros(len(cells), np.bool_)
    mask[rows] = True
    columns = []
    for column in cells.columns:
        whole = column.combine_chunks()
        texts = [
            cell.decode(OTHER[encoding], "replace").encode(encoding) for cell in whole.take(pa.array(rows)).to_pylist()
        ]
        columns.append(pc.replace_with_mask(whole, pa.array(mask), pa.array(texts, pa.binary())))
    return pa.table(columns, cells.schema.names)


def decoded(record: bytes, encoding: str, errors: str = "replace") -> str:
    """A record as text, whichever encoding it came in."""
    return record.decode(OTHER[encoding] if is_in_other(record, encoding) else encoding, errors)


def _is_utf8(record: bytes) -> bool:
    """Whether bytes in a GB18030 file are UTF-8: they are Chinese in it, and not all of GB 2312."""
    if not BEYOND_GB2312.search(record):
        return False
    try:
        text = record.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return _is_chinese(text)


def _is_gb18030(record: bytes) -> bool:
    """Whether bytes in a UTF-8 file, which are none, are GB 2312, and mostly its more common characters.

    A line of UTF-8 with some damage has other characters that are sound.
    """
    try:
        text = record.decode(GB18030)
    except UnicodeDecodeError:
        return False
    han = [sign for sign in text if ord(sign) in HAN]
    pairs = [sign.encode(GB18030) for sign in han]
    inside = [pair for pair in pairs if len(pair) == 2 and min(pair) >= OF_GB2312]
    common = [pair for pair in inside if pair[0] in COMMON]
    return (
        _is_chinese(text)
        and len(inside) * 10 >= len(han) * 9
        and len(common) * 2 >= len(han)
        and not any(ord(sign) in HAN for sign in record.decode(UTF8, "ignore"))
    )


def _is_chinese(text: str) -> bool:
    beyond = [ord(sign) for sign in text if not sign.isascii()]
    return any(sign in HAN for sign in beyond) and all(any(sign in some for some in WRITTEN) for sign in beyond)


def _undecodable(content: Content, ends: Numbers) -> Iterator[int]:
    """The lines that are no UTF-8."""
    view, at = memoryview(content), 0
    while at < len(content):
        try:
            str(view[at:], UTF8)
        except UnicodeDecodeError as error:
            line = int(np.searchsorted(ends, at + error.start))
            yield line
            at = int(ends[line]) + 1
        else:
            break


def _like_utf8(content: Content, ends: Numbers) -> Numbers:
    """The lines whose bytes beyond GB 2312 all stand where they would in a Chinese character of UTF-8."""
    octets = np.frombuffer(content, np.uint8)
    # As signed bytes these are the lowest: one comparison instead of two.
    places = places_where(lambda some: np.less(some.view(np.int8), OF_GB2312 - 0x100), octets)
    if not len(places):
        return places
    before, earlier = octets[places - 1], octets[places - 2]
    after = octets[np.minimum(places + 1, len(octets) - 1)]
    second = _leads(before) & _continues(after)
    third = _leads(earlier) & _continues(before)
    lines = np.searchsorted(ends, places)
    found: Numbers = np.setdiff1d(lines[second | third], lines[~(second | third)])
    return found


def _leads(octets: Octets) -> Flags:
    flags: Flags = (octets & 0xF0) == 0xE0
    return flags


def _continues(octets: Octets) -> Flags:
    flags: Flags = (octets & 0xC0) == LOWEST
    return flags
