"""``division__within="5201"``: the divisions whose code begins with these digits.

Not LIKE: PostgreSQL does not trust LIKE to leak nothing, and so will not use it on an index beneath row-level security;
nor does it know how many rows that makes. These comparisons it trusts, and the division's index serves them.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup
from django.db.models.sql.compiler import SQLCompiler

AFTER_NINE = ":"


@CharField.register_lookup
class Within(Lookup):
    """Between the digits and the first code after all that begin with them."""

    lookup_name = "within"
    prepare_rhs = False

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        first: str = ">=",
        last: str = "<",
    ) -> tuple[str, tuple[Any, ...]]:
        """Two comparisons; a division code is digits, so the colon, which follows 9, ends them."""
        column, values = self.process_lhs(compiler, connection)
        digits = str(self.rhs)
        bounds = (digits, digits + AFTER_NINE)
        return f"({column} {first} %s AND {column} {last} %s)", (*values, bounds[0], *values, bounds[1])

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """By bytes, whatever the database's collation, as the index is."""
        return self.as_sql(compiler, connection, "~>=~", "~<~")
