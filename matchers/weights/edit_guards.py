"""What must hold if so few edits lie between two values: far cheaper to ask than to count the edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def _perhaps_one_edit(a: str, b: str) -> str:
    """One edit touches two neighbours at most: of what lies before and after two signs, one part is the same."""
    size = f"least(length({a}.value), length({b}.value))"
    after = f"greatest({size} - {size} * 2 // 3 - 2, 0)"
    return (
        f"left({a}.value, {size} * 2 // 3) = left({b}.value, {size} * 2 // 3)"
        f" OR right({a}.value, {after}) = right({b}.value, {after})"
    )


def _perhaps_two_edits(a: str, b: str) -> str:
    """Of three parts with a sign between them two edits leave one the same; the middle one perhaps shifted by one."""
    size = f"least(length({a}.value), length({b}.value))"
    shifted = ", ".join(f"substr({b}.value, {size} - {at}, 3)" for at in (7, 6, 5))
    return (
        f"{size} < 12 OR left({a}.value, {size} - 8) = left({b}.value, {size} - 8)"
        f" OR right({a}.value, 3) = right({b}.value, 3) OR substr({a}.value, {size} - 6, 3) IN ({shifted})"
    )


PERHAPS_EDITS: Mapping[int, Callable[[str, str], str]] = {1: _perhaps_one_edit, 2: _perhaps_two_edits}
"""By how many edits are allowed."""
