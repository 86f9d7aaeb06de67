"""The written form of a name: width, blanks, dots, and traditional or variant characters folded to one form."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import zhconv_rs

from engines.column_bytes import (
    TABLE_SIZE,
    CharacterTable,
    Flags,
    Flat,
    Points,
    code_points,
    identity_table,
    membership_table,
)
from engines.plain_characters import INVISIBLE, PLAIN, SPACE

DOT = "·"
"""U+00B7, by which the parts of a minority name are joined (GB/T 33190-2016 and the household register's rule)."""
MASK = "*"
"""One character that is hidden, lost or unreadable."""

_BLANKS = (
    " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2009\u200a\u200b\u200c\u200d\u202f\u3000\ufeff"
)
_DOTS = "•・．.‧∙⋅●･‥•᛫∘。﹒丶"
_MASKS = "*?×※_%○〇□■◇◆￥¥#某\ufffd﹡"
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
_PRIVATE = ((0xE000, 0xF900), (0xF0000, 0x10FFFE))
_REFERENCE = Path(__file__).parent / "reference"


def reference_groups(file_name: str) -> list[str]:
    """The groups of a reference file, one a line, without its comments."""
    lines = (_REFERENCE / file_name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def keyed_groups(file_name: str, table: CharacterTable) -> list[Points]:
    """The groups of a reference file as their characters' entries in a table."""
    groups = reference_groups(file_name)
    entries = table[code_points("".join(groups))]
    return np.split(entries, np.cumsum([len(group) for group in groups])[:-1])


@cache
def han_table() -> Flags:
    """True for Han characters."""
    table = np.zeros(TABLE_SIZE, dtype=np.bool_)
    for first, end in _HAN_BLOCKS:
        table[first:end] = True
    return table


@cache
def _writing_table() -> Points:
    table = PLAIN.copy()
    table[ord("a") : ord("z") + 1] = np.arange(26, dtype=np.uint32) + ord("A")
    for character in _DOTS:
        table[ord(character)] = ord(DOT)
    for character in _MASKS:
        table[ord(character)] = ord(MASK)
    # A character of a private area is one that the sending system could not name.
    for first, end in _PRIVATE:
        table[first:end] = ord(MASK)
    table[0xFF01:0xFF5F] = table[0x21:0x7F]
    return table


@cache
def _blank_table() -> Flags:
    blanks: Flags = membership_table(_BLANKS) | INVISIBLE | (PLAIN == SPACE)
    return blanks


@cache
def simplified_table() -> CharacterTable:
    """Every traditional character's simplified form by zhconv, one at a time, so that context is not used."""
    return CharacterTable(_simplified)


def _simplified(points: Points) -> Points:
    characters = [chr(point) if han else "" for point, han in zip(points, han_table()[points], strict=True)]
    forms = zhconv_rs.zhconv("\n".join(characters), "zh-Hans").split("\n")
    return np.array(
        [ord(form) if len(form) == 1 else point for point, form in zip(points, forms, strict=True)], dtype=np.uint32
    )


@cache
def folding_table() -> CharacterTable:
    """Every character's key among its traditional and variant forms: simplified, then by `reference/variants.txt`."""
    simplified, merged = simplified_table(), identity_table()
    claimed = np.zeros(TABLE_SIZE, dtype=np.bool_)
    for keys in keyed_groups("variants.txt", simplified):
        merged[keys[~claimed[keys]]] = keys[0]
        claimed[keys] = True
    return CharacterTable(lambda points: merged[simplified[points]])


def written(flat: Flat) -> Flat:
    """Names as written: half-width, upper-case, one form of dot and of mask, no blanks, no dots at either end."""
    flat = flat.kept(~_blank_table()[flat.points]).mapped(_writing_table())
    flat = Flat(_masked_letters(flat), flat.offsets)
    dots = flat.points == ord(DOT)
    if not dots.any():
        return flat
    starts = flat.offsets[:-1][flat.lengths() > 0]
    repeated = np.zeros(len(flat.points), dtype=np.bool_)
    repeated[1:] = dots[1:] & dots[:-1]
    repeated[starts] = dots[starts]
    single = flat.kept(~repeated)
    ends = single.offsets[1:][single.lengths() > 0] - 1
    last = np.zeros(len(single.points), dtype=np.bool_)
    last[ends] = single.points[ends] == ord(DOT)
    return single.kept(~last)


def _masked_letters(flat: Flat) -> Points:
    """`X` hides a character (王X芳), unless it stands in a name spelt in letters."""
    letter = (flat.points >= ord("A")) & (flat.points <= ord("Z"))
    x = flat.points == ord("X")
    spelt = flat.any_of(letter & ~x)
    return np.where(x & ~np.repeat(spelt, flat.lengths()), np.uint32(ord(MASK)), flat.points)


def folded(flat: Flat) -> Flat:
    """Written names with every character folded to one form and without dots: equal for two forms of one name."""
    return flat.kept(flat.points != ord(DOT)).mapped(folding_table())
