"""Keys by which two names are compared: prepared once for every distinct name, then compared by equality in SQL.

Databases measure string distance in bytes, and two sisters differ by one character as a clerk's slip does; so names are
never compared by distance, but by what kind of slip makes one out of the other (see `matchers.identity.levels`).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import explode, implode, one_array
from matchers.identity.name_cells import names_in
from matchers.identity.name_forms import DOT, MASK, folded, folding_table, written
from matchers.identity.name_readings import pinyin_keys, transliterated
from matchers.identity.name_shapes import parts_of, patterns, shape_keys, without_rare

STRIDE = 1 << 19
"""Names worked on at a time, to bound memory."""

KEYS = pa.schema(
    [
        ("name", pa.string()),
        ("written", pa.string()),
        ("normal", pa.string()),
        ("clear", pa.string()),
        ("pinyin", pa.string()),
        ("pinyin_other", pa.string()),
        ("shape", pa.string()),
        ("pattern", pa.string()),
        ("without_rare", pa.string()),
        ("parts", pa.list_(pa.string())),
    ]
)
"""Columns of the keys.

name: as it came. written: what of it is the name (`name_cells`), in one width, without blanks, with one form of dot.
normal: also folded from traditional and variant forms, without dots. clear: `normal` if nothing in it is hidden.
pinyin, pinyin_other: how it sounds (null if hidden), in one spelling of what another language spells. shape: look-
alikes folded (null if hidden). pattern: LIKE pattern if something is hidden.
without_rare: what an old system leaves of it, if it drops characters. parts: the folded parts of a name joined by dots.
"""


def prepare_keys(names: pa.Array) -> pa.Table:
    """The keys (`KEYS`) of each distinct name; nulls, and names of which nothing can be read, are left out."""
    distinct = pc.drop_null(pc.unique(one_array(names).cast(pa.string())))
    parts = [_keys(distinct.slice(start, STRIDE)) for start in range(0, len(distinct), STRIDE)]
    return pa.concat_tables([KEYS.empty_table(), *parts])


def _keys(names: pa.Array) -> pa.Table:
    as_written = written(explode(names_in(names)))
    one_form = folded(as_written)
    hidden = one_form.any_of(one_form.points == ord(MASK))
    undotted = as_written.kept(as_written.points != ord(DOT))
    dotted = as_written.any_of(as_written.points == ord(DOT))
    pinyin, pinyin_other = pinyin_keys(transliterated(undotted, dotted))
    with_dots = pc.if_else(pa.array(dotted), implode(as_written.mapped(folding_table())), "")
    table = pa.table(
        [
            names,
            implode(as_written),
            implode(one_form),
            implode(one_form, ~hidden),
            pinyin,
            pinyin_other,
            implode(shape_keys(one_form), ~hidden),
            patterns(one_form),
            without_rare(undotted),
            parts_of(with_dots, DOT),
        ],
        schema=KEYS,
    )
    return table.filter(pa.array(one_form.any_of(one_form.points != ord(MASK))))
