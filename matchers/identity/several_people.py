"""Cells that name several people: 张三、李四 in the cell of the name, two numbers in that of the number.

As many names as numbers stand in the same order, and are read as so many people. Where they are not as many, nobody
knows whose a number is: each number and each name is then read alone. What the row says of one person (birth date, sex)
is nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SEVERAL = "[、，,；;／/|]"
"""What stands between two people in a cell."""
_ENDS = rf"^(?:{SEVERAL}|\s)+|(?:{SEVERAL}|\s)+$"
_BETWEEN = rf"\s*(?:{SEVERAL})+\s*"
_NAME = r"\p{Han}{2,4}|\p{Han}+(?:[·•・．.]\p{Han}+)+"
_NAMES = rf"^(?:{_NAME})(?:{_BETWEEN}(?:{_NAME}))+$"
_NO_NAMES = r"曾用|原名|又名|别名|曾名|旧名|改名|已故|户主|死亡|注销|去世"
_NUMBER = r"[0-9]{17}[0-9Xx]|[0-9]{15}"
_NUMBERS = rf"^(?:{_NUMBER})(?:{_BETWEEN}(?:{_NUMBER}))+$"
_RUN_TOGETHER = r"^(?:[0-9]{17}[0-9Xx]){2,}$"


@dataclass(frozen=True)
class People:
    """What rows of several people say: `row` is each one's place among the rows given."""

    row: pa.Array
    name: pa.Array
    number: pa.Array


def perhaps_several(name: str, number: str) -> str:
    """SQL for the rows to look at: a sign between two people in a cell, or more digits than a number has."""
    return f"(regexp_matches({name}, '{SEVERAL}') OR regexp_matches({number}, '{SEVERAL}') OR length({number}) > 18)"


def hold_several(names: pa.Array, numbers: pa.Array) -> pa.Array:
    """Whether the cells of a row name several people; never null."""
    listed = pc.and_not(_matches(names, _NAMES), _matches(names, _NO_NAMES))
    numbered = pc.or_(_matches(numbers, _NUMBERS), _matches(numbers, _RUN_TOGETHER))
    return pc.or_(listed, numbered)


def people_in(names: pa.Array, numbers: pa.Array) -> People:
    """The people that rows name whose cells `hold_several`."""
    apart = pc.replace_substring_regex(numbers, r"([0-9]{17}[0-9Xx])", r"\1、")
    names_of, numbers_of = _parts(names), _parts(apart)
    how_many, how_numbered = _lengths(names_of), _lengths(numbers_of)
    alike = how_many == how_numbered
    told = pa.array(alike)
    rows = np.arange(len(names))
    paired = np.repeat(rows[alike], how_many[alike])
    alone_numbers, alone_names = (
        np.repeat(rows[~alike], how_numbered[~alike]),
        np.repeat(rows[~alike], how_many[~alike]),
    )
    # One number with several names: whose it is, nobody knows; the names without it say what they say.
    nobody, unnumbered = pa.nulls(len(alone_numbers), pa.string()), pa.nulls(len(alone_names), pa.string())
    others = pa.array(~alike)
    return People(
        pa.array(np.concatenate([paired, alone_numbers, alone_names])),
        pa.concat_arrays([_flat(names_of.filter(told)), nobody, _flat(names_of.filter(others))]),
        pa.concat_arrays([_flat(numbers_of.filter(told)), _flat(numbers_of.filter(others)), unnumbered]),
    )


def _matches(cells: pa.Array, pattern: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(cells, pattern), False)


def _parts(cells: pa.Array) -> pa.Array:
    """The parts of each cell; none of an empty one."""
    bare = pc.replace_substring_regex(pc.fill_null(cells, ""), _ENDS, "")
    lists = pc.split_pattern_regex(bare, _BETWEEN)
    return pc.if_else(pc.equal(bare, ""), pa.scalar([], lists.type), lists)


def _lengths(lists: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.asarray(pc.list_value_length(lists)).astype(np.int64)


def _flat(lists: pa.Array) -> pa.Array:
    return pc.list_flatten(lists).cast(pa.string())
