"""The columns of a relation: those that linking needs, and those that it reads where they are there."""

from __future__ import annotations

from collections.abc import Mapping

from engines.connection import Connection


class MissingColumnsError(ValueError):
    """A relation lacks columns that linking needs."""

    exit_code = 4


def require_columns(con: Connection, relation: str, columns: tuple[str, ...]) -> None:
    """Refuse a relation that lacks one of `columns`, naming all that it lacks."""
    present = {row[0] for row in con.execute(f"DESCRIBE FROM {relation}").fetchall()}
    missing = [column for column in columns if column not in present]
    if missing:
        raise MissingColumnsError(f"{relation}: lacks the columns {', '.join(missing)}; nothing was linked. Add them.")


def filled(con: Connection, relation: str, optional: Mapping[str, str]) -> str:
    """SQL for each optional column of a relation, NULL of its type where the relation has none."""
    present = {row[0] for row in con.execute(f"DESCRIBE FROM {relation}").fetchall()}
    return ", ".join(
        f"{name}::{kind} AS {name}" if name in present else f"NULL::{kind} AS {name}" for name, kind in optional.items()
    )
