"""What a damaged identity number may have been: every sound number that is one fault away from it.

The checksum leaves at most one possible digit a place, so a number of 18 has at most 18 candidates by a wrong digit and
17 by a swap, before the birth date rules most of them out. A candidate is a proposal, never a correction: the stage
that uses it asks for an equal name and for one candidate only.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import one_array
from matchers.identity.id_numbers import (
    STRIDE,
    WEIGHTS,
    Bytes,
    Digits,
    birth_parts,
    check_characters,
    dates_valid,
    matrix,
    strings,
    values,
    verdicts,
    weighted_sum,
)

Indexes = npt.NDArray[np.int64]


class Fault(StrEnum):
    """The one fault that a candidate supposes."""

    LETTER = "letter"
    """Letters written for digits: O for 0, I or L for 1."""
    DIGIT = "digit"
    """One character wrong, anywhere."""
    SWAP = "swap"
    """Two neighbours swapped."""
    LOST_CHECK = "lost_check"
    """The last character lost, 17 left."""


_ASCII = np.frombuffer(b"0123456789X", dtype=np.uint8)
_INVERSES = np.array([pow(int(weight), -1, 11) for weight in WEIGHTS], dtype=np.int32)
_DAMAGED = pa.array(["length", "characters", "date", "checksum"])
_SCHEMA = pa.schema([("index", pa.int64()), ("candidate", pa.string()), ("fault", pa.string())])


def one_fault_candidates(array: pa.Array) -> pa.Table:
    """Every sound number one fault away from each *cleaned*, damaged number.

    Returns a table of `index` (int64, the row of `array`), `candidate` (18 characters) and `fault`, each (index,
    candidate) once, in order. Numbers that are sound, blank or placeholders, or more than one fault away, have no row.
    Fifteen digits have no check to solve for and so no candidates.
    """
    array = one_array(array).cast(pa.string())
    parts = [_candidates(array.slice(start, STRIDE), start) for start in range(0, len(array), STRIDE)]
    return pa.concat_tables([_SCHEMA.empty_table(), *parts])


def _candidates(array: pa.Array, start: int) -> pa.Table:
    damaged = np.flatnonzero(np.asarray(pc.is_in(verdicts(array).cast(pa.string()), _DAMAGED)))
    numbers = array.take(pa.array(damaged))
    damaged += start
    rows, places = matrix(numbers, 18)
    short, short_places = matrix(numbers, 17)
    found = [
        _letters(rows, damaged[places]),
        _wrong_digits(rows, damaged[places]),
        _swaps(rows, damaged[places]),
        _lost_check(short, damaged[short_places]),
    ]
    table = pa.concat_tables(found).combine_chunks()
    return table.take(pa.array(np.argsort(np.asarray(table["index"]), kind="stable")))


def _sound(digits: Digits) -> npt.NDArray[np.bool_]:
    body = digits[:, :17]
    written = ((body >= 0) & (body <= 9)).all(axis=1) & (digits[:, 17] >= 0)
    return np.asarray(written & dates_valid(*birth_parts(digits)) & (weighted_sum(digits) == 1))


def _table(digits: Digits, indexes: Indexes, fault: Fault) -> pa.Table:
    sound = _sound(digits)
    candidates = strings(_ASCII[digits[sound]])
    count = len(candidates)
    return pa.table([pa.array(indexes[sound]), candidates, pa.repeat(str(fault), count)], schema=_SCHEMA)


def _letter_readings() -> Bytes:
    read = np.arange(256, dtype=np.uint8)
    read[[ord("O"), ord("I"), ord("L")]] = np.frombuffer(b"011", dtype=np.uint8)
    return read


_READ_AS = _letter_readings()


def _letters(rows: Bytes, indexes: Indexes) -> pa.Table:
    lettered = (_READ_AS[rows] != rows).any(axis=1)
    return _table(values(_READ_AS[rows[lettered]]), indexes[lettered], Fault.LETTER)


def _wrong_digits(rows: Bytes, indexes: Indexes) -> pa.Table:
    """At each place the one value that makes the weighted sum 1, where it is another digit (`X` only in the last)."""
    digits = values(rows)
    allowed_last = np.where(np.arange(18) == 17, 10, 9)
    unreadable = (digits < 0) | (digits > allowed_last)
    readable = unreadable.sum(axis=1) <= 1
    rows, digits, unreadable, indexes = rows[readable], digits[readable], unreadable[readable], indexes[readable]
    known = np.where(unreadable, 0, digits).astype(np.int8)
    missing = (1 - weighted_sum(known).astype(np.int32)) % 11
    solved = ((known + missing[:, None] * _INVERSES) % 11).astype(np.int8)
    # With one unreadable character, only that place can be the fault.
    possible = (solved != digits) & (solved <= allowed_last) & (unreadable | ~unreadable.any(axis=1, keepdims=True))
    # A letter read as a digit is already proposed as such.
    possible &= ~(unreadable & (solved == values(_READ_AS[rows])))
    which, place = np.nonzero(possible)
    proposed = known[which]
    proposed[np.arange(len(which)), place] = solved[which, place]
    return _table(proposed, indexes[which], Fault.DIGIT)


def _swaps(rows: Bytes, indexes: Indexes) -> pa.Table:
    digits = values(rows)
    readable = (digits >= 0).all(axis=1)
    digits, indexes = digits[readable], indexes[readable]
    which, place = np.nonzero(digits[:, :-1] != digits[:, 1:])
    proposed = digits[which]
    each = np.arange(len(which))
    proposed[each, place], proposed[each, place + 1] = proposed[each, place + 1], proposed[each, place]
    return _table(proposed, indexes[which], Fault.SWAP)


def _lost_check(rows: Bytes, indexes: Indexes) -> pa.Table:
    digits = values(rows)
    readable = ((digits >= 0) & (digits <= 9)).all(axis=1)
    digits = digits[readable]
    check = values(check_characters(digits)) if len(digits) else np.zeros(0, dtype=np.int8)
    return _table(np.concatenate([digits, check[:, None]], axis=1), indexes[readable], Fault.LOST_CHECK)
