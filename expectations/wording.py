"""What a failed expectation says to the person who must act, in Chinese and English, with what was observed."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from expectations.suite import Expected
from schemas.contract import Contract, Range
from schemas.declaration import Title


@dataclass(frozen=True)
class Failure:
    """One reason why a delivery is refused. ``expected`` and ``observed`` are numbers as they are read."""

    expectation: str
    column: str | None
    expected: str
    observed: str
    message_zh: str
    message_en: str


@dataclass(frozen=True)
class Observation:
    """What one check came to."""

    value: float
    """The count or share observed; a share is of the values that are there."""
    exceptions: int
    """The values that do not fit, where a share was observed."""


@dataclass(frozen=True)
class Circumstances:
    """What a message needs to know beside the expectation."""

    contract: Contract
    facts: dict[str, float]
    headers_missing: list[str]
    """Those of which the contract asks for values."""
    last_good_rows: int | None


def bounds_of(expected: Expected) -> str:
    """What was expected, as it is read: ``≥ 2,410``, ``≥ 85%``, ``≤ 5%``, ``1900-01-01 – 2020-11-01``."""
    if expected.name in ("quarantined", "read"):
        return f"≤ {_percent(expected.floor or 0.0)}"
    if expected.floor is not None:
        return "100%" if expected.floor == 1 else f"≥ {_percent(expected.floor)}"
    least, most = expected.arguments.get("min_value"), expected.arguments.get("max_value")
    if least is not None and most is not None:
        return f"{least:,} – {most:,}"
    if most is None:
        return f"≥ {least:,}"
    return "0" if most == 0 else f"≤ {most:,}"


def observed_as_text(expected: Expected, observation: Observation) -> str:
    """What was observed, as it is read."""
    is_share = expected.floor is not None
    return _percent(observation.value) if is_share else f"{observation.value:,.0f}"


def failure_of(expected: Expected, observation: Observation, circumstances: Circumstances) -> Failure:
    """The failure of one expectation, worded."""
    observed = observed_as_text(expected, observation)
    if expected.name == "headers":
        observed = "、".join(circumstances.headers_missing)
    message = _WORDING[expected.name](expected, observation, circumstances)
    return Failure(expected.name, expected.column, bounds_of(expected), observed, message.zh, message.en)


def _headers(_: Expected, __: Observation, its: Circumstances) -> Title:
    columns = {column.header: column.en for column in its.contract.columns}
    english = ", ".join(f"{header} ({columns.get(header, '?')})" for header in its.headers_missing)
    return Title(
        zh=f"缺少约定的表头:{'、'.join(its.headers_missing)}",
        en=f"agreed headers are missing: {english}",
    )


def _rows(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    rows, least, most = observation.value, expected.arguments["min_value"], expected.arguments.get("max_value")
    if not rows and its.facts["landed"] == its.facts["of_nobody"]:
        return Title(
            zh="文件有表头而没有数据行:如本期确无数据,不必处理,此前交换的数据继续有效;否则请部门补齐数据后重新交换",
            en="the file has a header and no rows: if there is no data this time, nothing need be done, and what was "
            "delivered before stays in use; else ask the department for the file with its rows",
        )
    if rows < least:
        return Title(zh=f"行数 {rows:,.0f} 低于下限 {least:,}", en=f"{rows:,.0f} rows are below the least, {least:,}")
    return Title(zh=f"行数 {rows:,.0f} 高于上限 {most:,}", en=f"{rows:,.0f} rows are above the most, {most:,}")


def _rows_against_last(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    against = its.contract.expectations.rows_against_last
    rows, least, most = observation.value, expected.arguments["min_value"], expected.arguments.get("max_value")
    last = f"{its.last_good_rows:,}"
    if against is None:
        raise ValueError(f"{its.contract.name}: rows_against_last failed and was not asked for")
    if rows < least:
        return Title(
            zh=f"行数 {rows:,.0f} 低于上次合格数据 {last} 行的 {against.min:g} 倍({least:,})",
            en=f"{rows:,.0f} rows are below {against.min:g} times the {last} of the last good delivery ({least:,})",
        )
    return Title(
        zh=f"行数 {rows:,.0f} 高于上次合格数据 {last} 行的 {against.max:g} 倍({most:,})",
        en=f"{rows:,.0f} rows are above {against.max:g} times the {last} of the last good delivery ({most:,})",
    )


def against_last(against: Range, rows: int, last: int) -> Failure | None:
    """The failure of the parts of a day that are, together, too few or too many ``rows`` against the ``last`` ones."""
    least = math.ceil(round((against.min or 0) * last, 6))
    most = None if against.max is None else math.floor(round(against.max * last, 6))
    if rows < least or (most is not None and rows > most):
        bounds = f"≥ {least:,}" if most is None else f"{least:,} – {most:,}"
        return Failure(
            "rows_against_last",
            None,
            bounds,
            f"{rows:,}",
            f"各部分合计 {rows:,} 行,与上次合格数据 {last:,} 行相比应在 {bounds} 之内",
            f"all parts together have {rows:,} rows; after {last:,} of the last good delivery, {bounds} are expected",
        )
    return None


def _quarantined(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    share, limit = _percent(observation.value), _percent(expected.floor or 0.0)
    set_apart, landed = (f"{its.facts[name] - its.facts['of_nobody']:,.0f}" for name in ("quarantined", "landed"))
    return Title(
        zh=f"隔离 {set_apart} 行,占 {landed} 行的 {share},高于上限 {limit}",
        en=f"{set_apart} of {landed} rows ({share}) are in quarantine, above the limit of {limit}",
    )


def _read(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    column = its.contract.column(expected.column or "")
    share, limit = _percent(observation.value), _percent(expected.floor or 0.0)
    return Title(
        zh=f"“{column.header}”有内容的单元格中无法读取的占 {share},高于上限 {limit}",
        en=f"{share} of what {column.en} says cannot be read, above the limit of {limit}",
    )


def _key_unique(_: Expected, observation: Observation, its: Circumstances) -> Title:
    columns = [its.contract.column(name) for name in its.contract.key]
    return Title(
        zh=f"主键({'、'.join(column.header for column in columns)})重复 {observation.value:,.0f} 个",
        en=f"{observation.value:,.0f} keys ({', '.join(column.en for column in columns)}) occur more than once",
    )


def _filled(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    column = its.contract.column(expected.column or "")
    share, floor = _percent(observation.value), _percent(expected.floor or 0.0)
    return Title(
        zh=f"“{column.header}”填写率 {share},低于 {floor}(缺 {observation.exceptions:,} 行)",
        en=f"{column.en} is filled in {share} of rows, below {floor} ({observation.exceptions:,} rows lack it)",
    )


def _codes(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    column = its.contract.column(expected.column or "")
    return Title(
        zh=f"“{column.header}”有 {observation.exceptions:,} 行的值不在代码表内",
        en=f"{column.en} holds a value outside its code list in {observation.exceptions:,} rows",
    )


def _dates(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    column = its.contract.column(expected.column or "")
    least, most = expected.arguments["min_value"], expected.arguments["max_value"]
    share, floor = _percent(observation.value), _percent(expected.floor or 0.0)
    return Title(
        zh=f"“{column.header}”在 {least} 至 {most} 之间的占 {share},低于 {floor}({observation.exceptions:,} 行在外)",
        en=f"{share} of {column.en} lie between {least} and {most}, below {floor} "
        f"({observation.exceptions:,} rows do not)",
    )


def _row_rule(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    explain = next(rule.explain for rule in its.contract.row_rules if rule.name == expected.subject)
    return Title(
        zh=f"{observation.value:,.0f} 行不符合行规则 {expected.subject}:{explain.zh}",
        en=f"{observation.value:,.0f} rows break the row rule {expected.subject}: {explain.en}",
    )


def _sound_id_numbers(expected: Expected, observation: Observation, its: Circumstances) -> Title:
    column = its.contract.column(expected.column or "")
    share, floor = _percent(observation.value), _percent(expected.floor or 0.0)
    return Title(
        zh=f"“{column.header}”中有效号码占 {share},低于 {floor}({observation.exceptions:,} 个无效)",
        en=f"{share} of {column.en} are sound numbers, below {floor} ({observation.exceptions:,} are not)",
    )


_WORDING: dict[str, Callable[[Expected, Observation, Circumstances], Title]] = {
    "headers": _headers,
    "rows": _rows,
    "rows_against_last": _rows_against_last,
    "quarantined": _quarantined,
    "read": _read,
    "key_unique": _key_unique,
    "filled": _filled,
    "codes": _codes,
    "dates": _dates,
    "row_rule": _row_rule,
    "sound_id_numbers": _sound_id_numbers,
}


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"
