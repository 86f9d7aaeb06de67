"""What Spark writes differently from DuckDB, expression by expression; each keeps DuckDB's meaning, also of NULL.

A rewrite is given a node of sqlglot's tree whose parts are rewritten already, and returns it, or another in its place.
"""

from collections.abc import Callable

from sqlglot import exp
from sqlglot.transforms import eliminate_qualify

from engines.dialect_json import json_text, without_nulls
from engines.dialect_parts import call, cast, field, number, text

Rewrite = Callable[..., exp.Expr]
PATTERNS = {"%Y": "yyyy", "%y": "yy", "%m": "MM", "%d": "dd"}
"""Parts of a date's format, DuckDB's and Spark's."""


def _divided(node: exp.Div, _: frozenset[str]) -> exp.Expr:
    """Always a DOUBLE; NULL when divided by zero, where DuckDB has infinity: no rule divides by what may be zero."""
    return call("try_divide", cast(_parened(node.this), "double"), cast(_parened(node.expression), "double"))


def _parened(value: exp.Expr) -> exp.Expr:
    return value if isinstance(value, exp.Paren | exp.Column | exp.Literal | exp.Func) else exp.paren(value)


def _rounded(node: exp.Round, _: frozenset[str]) -> exp.Expr:
    """A quotient is a DOUBLE and is rounded as C does, not as the decimal it prints as."""
    places = node.args.get("decimals")
    if places is None or not any(one.name == "try_divide" for one in node.find_all(exp.Anonymous)):
        return node
    power = cast(number(10 ** int(places.name)), "double")
    scaled = exp.Mul(this=exp.paren(cast(_parened(node.this), "double")), expression=power)
    return exp.paren(exp.Div(this=call("round", scaled, number(0)), expression=power.copy()))


def _member_of(node: exp.In, _: frozenset[str]) -> exp.Expr:
    """``x IN list`` and ``(a, b) IN (SELECT (c, d) ...)``."""
    listed = node.args.get("field")
    if listed is not None:
        return call("array_contains", listed, node.this)
    query = node.args.get("query")
    inner = query.unnest() if isinstance(query, exp.Subquery) else None
    if isinstance(inner, exp.Select) and len(inner.expressions) == 1 and isinstance(inner.expressions[0], exp.Tuple):
        inner.set("expressions", inner.expressions[0].expressions)
    return node


def _looked_up(node: exp.Bracket, _: frozenset[str]) -> exp.Expr:
    """A place in a list, counted from 1, or a key of a map; NULL where there is none."""
    (key,) = node.expressions
    whole = node.this.unnest() if isinstance(node.this, exp.Paren) else node.this
    if isinstance(whole, exp.Array):
        key = cast(key, "int")
    return call("try_element_at", node.this, key)


def _map(node: exp.ToMap, _: frozenset[str]) -> exp.Expr:
    pairs = [part for entry in node.this.expressions for part in (_key(entry.this), entry.expression)]
    return call("map", *pairs)


def _key(name: exp.Expr) -> exp.Expr:
    return text(name.name) if isinstance(name, exp.Identifier) else name


def _struct(node: exp.Struct, _: frozenset[str]) -> exp.Expr:
    if isinstance(node.parent, exp.ToMap):
        return node
    pairs = [part for entry in node.expressions for part in (text(entry.this.name), entry.expression)]
    return call("named_struct", *pairs)


def _listed(node: exp.ArrayAgg, _: frozenset[str]) -> exp.Expr:
    """All values, NULL among them, in the order asked for."""
    value = node.this
    if isinstance(value, exp.Order):
        return _ordered(value)
    if isinstance(value, exp.Distinct):
        return call("collect_set", *value.expressions)
    return field(call("collect_list", call("named_struct", text("v"), value)), "v")


def _first(node: exp.First, _: frozenset[str]) -> exp.Expr:
    if not isinstance(node.this, exp.Order):
        return node
    return call("try_element_at", _ordered(node.this), number(1))


def _ordered(order: exp.Order) -> exp.Expr:
    """The values of a group as a list in order: sorted by their keys, which travel beside them."""
    keys = order.expressions
    packed = [part for place, key in enumerate(keys) for part in (text(f"k{place}"), key.this)]
    rows = call("collect_list", call("named_struct", *packed, text("v"), order.this))
    verdict: exp.Expr = number(0)
    for place, key in reversed(list(enumerate(keys))):
        left, right = exp.column(f"k{place}", "a"), exp.column(f"k{place}", "b")
        lower, higher = (right, left) if key.args.get("desc") else (left, right)
        verdict = (
            exp.Case()
            .when(
                exp.and_(exp.Is(this=left, expression=exp.null()), exp.Is(this=right, expression=exp.null())), verdict
            )
            .when(exp.Is(this=left.copy(), expression=exp.null()), number(1))
            .when(exp.Is(this=right.copy(), expression=exp.null()), exp.Neg(this=number(1)))
            .when(exp.LT(this=lower.copy(), expression=higher.copy()), exp.Neg(this=number(1)))
            .when(exp.GT(this=lower.copy(), expression=higher.copy()), number(1))
            .else_(verdict.copy())
        )
    compared = exp.Lambda(this=verdict, expressions=[exp.to_identifier("a"), exp.to_identifier("b")])
    return field(call("array_sort", rows, compared), "v")


def _distinct_over(node: exp.Window, _: frozenset[str]) -> exp.Expr:
    """``count(DISTINCT x) OVER``: the size of the set."""
    counted = node.this
    if not (isinstance(counted, exp.Count) and isinstance(counted.this, exp.Distinct)):
        return node
    over = node.copy()
    over.set("this", call("collect_set", *counted.this.expressions))
    return call("size", over)


def _any(node: exp.IgnoreNulls, _: frozenset[str]) -> exp.Expr:
    return call("first", node.this.this, exp.true()) if isinstance(node.this, exp.AnyValue) else node


def _joined(node: exp.GroupConcat, _: frozenset[str]) -> exp.Expr:
    """The texts of a group, NULLs passed over, in the order asked for; NULL where there is none."""
    value, order = node.this, None
    if isinstance(value, exp.Order):
        value, order = value.this, value
    if isinstance(value, exp.Distinct):
        (value,) = value.expressions
        if order is not None and [key.this for key in order.expressions] != [value]:
            raise ValueError("string_agg(DISTINCT x ORDER BY y): Spark's dialect knows it ordered by x alone")
        texts: exp.Expr = call("array_sort", call("collect_set", value))
    else:
        texts = _ordered(order) if order is not None else call("collect_list", value)
    some = exp.GT(this=call("count", value.copy()), expression=number(0))
    return call("if", some, call("array_join", texts, node.args["separator"]), exp.null())


def _cast(node: exp.Cast, _: frozenset[str]) -> exp.Expr:
    """A generator must stand alone: what it yields is cast inside. ``'0x' || digits`` is a number in hexadecimal."""
    inner = node.this
    joined = inner.unnest() if isinstance(inner, exp.Paren) else inner
    if isinstance(joined, exp.DPipe) and joined.this == text("0x"):
        return exp.Cast(this=call("conv", joined.expression, number(16), number(10)), to=node.to)
    if not (isinstance(inner, exp.Anonymous) and inner.name == "explode"):
        return node
    listed = exp.DataType(this=exp.DType.ARRAY, expressions=[node.to.copy()], nested=True)
    return call("explode", exp.Cast(this=inner.expressions[0], to=listed))


def _unnested(node: exp.Explode, _: frozenset[str]) -> exp.Expr:
    """With ``recursive := true`` the fields of the structs become columns."""
    return call("inline" if node.expressions else "explode", node.this)


def _month(node: exp.Expr, _: frozenset[str]) -> exp.Expr:
    """A date stays a date."""
    return call("trunc", node.this, text(node.text("unit")))


def _later(node: exp.Add | exp.Sub, _: frozenset[str]) -> exp.Expr:
    months = node.expression
    if not (isinstance(months, exp.Anonymous) and months.name.lower() == "to_months"):
        return node
    count = cast(_parened(months.expressions[0]), "int")
    return call("add_months", node.this, exp.Neg(this=count) if isinstance(node, exp.Sub) else count)


def _length(node: exp.Length, _: frozenset[str]) -> exp.Expr:
    lists = exp.ArrayIntersect | exp.ArrayDistinct | exp.ArrayFilter | exp.Split
    inner = node.this
    is_list = isinstance(inner, lists) or (isinstance(inner, exp.Anonymous) and inner.name in LISTS)
    return call("size", inner) if is_list else node


LISTS = frozenset({"array_intersect", "array_distinct", "filter", "split"})


def _split(node: exp.Split, _: frozenset[str]) -> exp.Expr:
    """Into characters: sqlglot quotes the separator, and Spark would add an empty text at the end."""
    apart = node.expression
    return call("split", node.this, apart) if isinstance(apart, exp.Literal) and not apart.name else node


def _range(node: exp.GenerateSeries, _: frozenset[str]) -> exp.Expr:
    """Whole numbers up to, and without, the end, none where the start is there already; or a series with its end."""
    start, end = node.args["start"], node.args["end"]
    if not node.args.get("is_end_exclusive"):
        return call("sequence", *(one for one in (start, end, node.args.get("step")) if one is not None))
    last = exp.Sub(this=_parened(end), expression=number(1))
    return (
        exp.Case()
        .when(exp.LT(this=start.copy(), expression=_parened(end.copy())), call("sequence", start, last))
        .else_(call("array"))
    )


def _flat(node: exp.Flatten, _: frozenset[str]) -> exp.Expr:
    """Lists that are NULL are passed over."""
    there = exp.Not(this=exp.Is(this=exp.column("l"), expression=exp.null()))
    return call("flatten", call("filter", node.this, exp.Lambda(this=there, expressions=[exp.to_identifier("l")])))


def _replaced(node: exp.RegexpReplace, _: frozenset[str]) -> exp.Expr:
    """Groups are named ``$1``, not ``\\1``; without *g* the pattern must be one that fits once."""
    by = node.args.get("replacement")
    if isinstance(by, exp.Literal):
        by = text(by.name.replace("\\", "$"))
    return call("regexp_replace", node.this, node.expression, by or text(""))


def star_with(select: exp.Select, _: frozenset[str]) -> exp.Expr:
    """``* REPLACE`` and ``* RENAME``: the columns are left out of the star and added after it, by name.

    QUALIFY after GROUP BY becomes a query around the groups.
    """
    listed: list[exp.Expr] = []
    for one in select.expressions:
        star = one.this if isinstance(one, exp.Column) else one
        if not isinstance(star, exp.Star):
            listed.append(one)
            continue
        again = list(star.args.get("replace") or [])
        for renamed in star.args.get("rename") or []:
            source = exp.column(renamed.this.name, one.table if isinstance(one, exp.Column) else None)
            again.append(exp.alias_(source, renamed.alias))
        gone = [exp.to_identifier(new.alias) for new in star.args.get("replace") or []]
        gone += [exp.to_identifier(old.this.name) for old in star.args.get("rename") or []]
        star.set("except_", [*(star.args.get("except_") or []), *gone] or None)
        star.set("replace", None)
        star.set("rename", None)
        listed += [one, *again]
    select.set("expressions", listed)
    return eliminate_qualify(select.copy()) if select.args.get("qualify") and select.args.get("group") else select


def _named(node: exp.Anonymous, json_columns: frozenset[str]) -> exp.Expr:
    rewrite = FUNCTIONS.get(node.name.lower())
    return rewrite(node, json_columns) if rewrite else node


def _years(node: exp.Anonymous, _: frozenset[str]) -> exp.Expr:
    """Whole years from one day to another."""
    unit, start, end = node.expressions
    if unit.name != "year":
        raise ValueError(
            f"datesub of {unit.name} is not known to the Spark dialect: add it to engines/dialect_rewrites"
        )
    return cast(exp.Div(this=call("months_between", end, start), expression=number(12)), "int")


def _parsed_date(node: exp.Anonymous, _: frozenset[str]) -> exp.Expr:
    value, form = node.expressions
    pattern = form.name
    for ours, theirs in PATTERNS.items():
        pattern = pattern.replace(ours, theirs)
    return call("try_to_timestamp", value, text(pattern))


FUNCTIONS: dict[str, Rewrite] = {
    "datesub": _years,
    "try_strptime": _parsed_date,
    "to_json": json_text,
    "json_merge_patch": without_nulls,
    "regexp_split_to_array": lambda node, _: call("split", *node.expressions),
    "hash": lambda node, _: call("xxhash64", *node.expressions),
    "error": lambda node, _: call("raise_error", *node.expressions),
    "list_intersect": lambda node, _: call("array_intersect", *node.expressions),
    "struct_pack": lambda node, _: _struct(exp.Struct(expressions=node.expressions), frozenset()),
}

REWRITES: dict[type[exp.Expr], Rewrite] = {
    exp.Div: _divided,
    exp.Round: _rounded,
    exp.In: _member_of,
    exp.Bracket: _looked_up,
    exp.ToMap: _map,
    exp.Struct: _struct,
    exp.ArrayAgg: _listed,
    exp.First: _first,
    exp.GroupConcat: _joined,
    exp.Cast: _cast,
    exp.Window: _distinct_over,
    exp.IgnoreNulls: _any,
    exp.Explode: _unnested,
    exp.TimestampTrunc: _month,
    exp.DateTrunc: _month,
    exp.Add: _later,
    exp.Sub: _later,
    exp.Length: _length,
    exp.Split: _split,
    exp.GenerateSeries: _range,
    exp.Flatten: _flat,
    exp.RegexpReplace: _replaced,
    exp.Select: star_with,
    exp.Anonymous: _named,
}
