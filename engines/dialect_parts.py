"""Parts of Spark's SQL that the dialect's rewrites are made of."""

from sqlglot import exp


def call(name: str, *values: exp.Expr) -> exp.Expr:
    """A call by name, whose parts no rewrite touches again."""
    return exp.Anonymous(this=name, expressions=list(values))


def text(value: str) -> exp.Expr:
    """A text."""
    return exp.Literal.string(value)


def number(value: int) -> exp.Expr:
    """A whole number."""
    return exp.Literal.number(value)


def in_columns(name: str) -> exp.Expr:
    """A column, its name quoted."""
    return exp.column(exp.to_identifier(name, quoted=True))


def cast(value: exp.Expr, kind: str) -> exp.Expr:
    """A value as another type."""
    return exp.cast(value, kind, dialect="spark")


def field(value: exp.Expr, name: str) -> exp.Expr:
    """A field of a struct."""
    return exp.Dot(this=value, expression=exp.to_identifier(name))
