"""The written form of a name: width, blanks, dots, and traditional or variant characters folded to one form."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import zhconv_rs

from matchers.code_points import Flags, Flat, Points, identity_table, membership_table

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


@cache
def han_table() -> Flags:
    """True for Han characters."""
    table = np.zeros(0x110000, dtype=np.bool_)
    for first, end in _HAN_BLOCKS:
        table[first:end] = True
    return table


@cache
def _writing_table() -> Points:
    table = identity_table()
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
    return membership_table(_BLANKS)


@cache
def simplified_table() -> Points:
    """Every traditional character's simplified form by zhconv, one at a time, so that context is not used."""
    table = identity_table()
    for first, end in _HAN_BLOCKS:
        characters = [chr(point) for point in range(first, end)]
        folded = zhconv_rs.zhconv("\n".join(characters), "zh-Hans").split("\n")
        pairs = [(ord(one), ord(form)) for one, form in zip(characters, folded, strict=True) if len(form) == 1]
        table[[pair[0] for pair in pairs]] = [pair[1] for pair in pairs]
    return table


@cache
def folding_table() -> Points:
    """Every character's key among its traditional and variant forms: simplified, then by `reference/variants.txt`."""
    table = simplified_table()
    merged: dict[int, int] = {}
    for group in reference_groups("variants.txt"):
        points = [ord(character) for character in group]
        for key in {int(table[point]) for point in points}:
            merged.setdefault(key, int(table[points[0]]))
    keys, firsts = np.array(list(merged), dtype=np.uint32), np.array(list(merged.values()), dtype=np.uint32)
    onward = identity_table()
    onward[keys] = firsts
    return onward[table]


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
