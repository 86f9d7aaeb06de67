"""``to_json`` on Spark, as DuckDB writes it: the text is hashed and kept as evidence, so it must be the same."""

from sqlglot import exp

from engines.dialect_parts import call, number, text


def json_text(node: exp.Anonymous, json_columns: frozenset[str]) -> exp.Expr:
    """The text DuckDB gives: NULL fields shown, and columns of JSON put in as they are."""
    value = node.expressions[0]
    return _json_text(value, json_columns)


def _json_text(value: exp.Expr, json_columns: frozenset[str]) -> exp.Expr:
    if _is_json(value, json_columns):
        return call("coalesce", call("regexp_replace", value, text(TRAILING), text('":$1')), text("null"))
    if not any(_is_json(one, json_columns) for one in value.find_all(exp.Column)):
        return _plain_json(value)
    if isinstance(value, exp.Dot) and isinstance(value.this, exp.Anonymous):
        return _json_list(value, json_columns)
    if not isinstance(value, exp.Anonymous):
        raise TypeError("only a struct, or a list of structs, may hold JSON")
    parts: list[exp.Expr] = []
    for place in range(0, len(value.expressions), 2):
        name, content = value.expressions[place : place + 2]
        parts += [text(("{" if place == 0 else ",") + f'"{name.name}":'), _json_text(content, json_columns)]
    return call("concat", *parts, text("}"))


def _json_list(value: exp.Dot, json_columns: frozenset[str]) -> exp.Expr:
    """A list of structs that ``_ordered`` or ``_listed`` made: each is written before it is gathered."""
    gathered = next(one for one in value.find_all(exp.Anonymous) if one.name == "collect_list")
    packed = gathered.expressions[0].expressions
    packed[-1].replace(_json_text(packed[-1].copy(), json_columns))
    return call("concat", text("["), call("array_join", value, text(",")), text("]"))


def without_nulls(node: exp.Anonymous, _: frozenset[str]) -> exp.Expr:
    """``json_merge_patch('{}', to_json(…))``, which DuckDB is asked for to leave the NULL fields of a struct out."""
    nothing, written = node.expressions
    if not (isinstance(nothing, exp.Literal) and nothing.name == "{}"):
        raise TypeError("only a merge into an empty object is known on Spark")
    for option in written.find_all(exp.Literal):
        if option.name == "false":
            option.replace(text("true"))
    return call("regexp_replace", written, text(TRAILING), text('":$1'))


TRAILING = r"""(?<!\\)":(-?\d+\.\d+?)0+(?=[,}])"""
"""A decimal with zeros at its end, after a key: DuckDB, putting JSON into JSON, writes 12.50 as 12.5."""


def _is_json(value: exp.Expr, json_columns: frozenset[str]) -> bool:
    return isinstance(value, exp.Column) and value.name in json_columns


def _plain_json(value: exp.Expr) -> exp.Expr:
    """``to_json`` takes structs alone: the value is wrapped in one and taken out again."""
    options = call("map", text("ignoreNullFields"), text("false"))
    written = call("to_json", call("named_struct", text("v"), value), options)
    length = exp.Sub(this=call("length", written.copy()), expression=number(6))
    return call("substring", written, number(6), length)
