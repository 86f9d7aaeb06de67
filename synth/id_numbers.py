"""ID numbers (GB 11643) of invented people: sound, unique, and under issuing codes that no county has."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.tiles import SEQUENCES_A_SEX

FIRST_ISSUER = 529901
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)

Bytes = NDArray[np.uint8]
Integers = NDArray[np.int64]


def check_characters(body: Bytes) -> Bytes:
    """The check characters of the ASCII digits ``body`` (n by 17): ISO 7064 MOD 11-2, as GB 11643 applies it."""
    remainder: Integers = (body.astype(np.int64) - ord("0")) @ WEIGHTS % 11
    return CHECK_CHARACTERS[remainder]


def id_numbers(
    issuer: Integers,
    birth_date: NDArray[np.datetime64],
    male: NDArray[np.bool_],
    sequences: tuple[int, int] = (0, SEQUENCES_A_SEX),
) -> pl.Series:
    """18-character numbers, one a person; ``issuer`` is 0 to 87, ``sequences`` the first sequence number and how many.

    People of one issuer, birth date and sex get consecutive sequence numbers in the order given, so twins get
    neighbouring numbers. Raises ValueError when an issuer has more births of a sex on a day than sequence numbers.
    """
    group = _group(issuer, birth_date, male)
    rank = _rank_within(group)
    first, room = sequences
    if rank.max(initial=0) >= room:
        raise ValueError(f"more than {room} births of one sex on a day under one issuer: use fewer people")
    # Where a group starts looks random but follows from the group alone, so the same people get the same numbers.
    start = (group * 2654435761 >> 7) % room
    sequence = (first + (start + rank) % room) * 2 + male
    days = birth_date.astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    months = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    return with_check(digits((FIRST_ISSUER + issuer) * 10**11 + (years * 10000 + months * 100 + day) * 1000 + sequence))


def digits(bodies: Integers) -> Bytes:
    """Numbers of 17 digits as ASCII digits, n by 17."""
    powers = 10 ** np.arange(16, -1, -1, dtype=np.int64)
    return (bodies[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def with_check(body: Bytes) -> pl.Series:
    """18-character numbers from ASCII digits (n by 17)."""
    whole = np.concatenate([body, check_characters(body)[:, None]], axis=1)
    return pl.Series("id_number", np.ascontiguousarray(whole).view("S18").ravel().astype("U18"), dtype=pl.String)


def _group(issuer: Integers, birth_date: NDArray[np.datetime64], male: NDArray[np.bool_]) -> Integers:
    days = birth_date.astype("datetime64[D]").astype(np.int64) + 40000
    return (issuer * 100_000 + days) * 2 + male


def _rank_within(group: Integers) -> Integers:
    """For each element, how many equal ones come before it."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(group) else np.empty(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(group)])
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, lengths)
    return rank
