"""From contract to SQL: how a column's text cells become typed values, and which rule a row breaks.

The cells come half-width, without blanks around them, and NULL where they say nothing (pipelines.intake.cell_text).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from engines.embedded import literal
from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.declaration import Title
from schemas.divisions import PREFIX_LENGTHS, Level, level_of, load_successors, places_of_successors

WAN, YI = 10_000, 100_000_000
WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
NUMBER = rf"(?:{WHOLE}(?:\.\d*)?|\.\d+)"
"""A comma stands between groups of three digits; where it may mark decimals (1234,5) the cell is not guessed at."""
SIGN = "[-+−]?"
YUAN = "[元圆][整正]?|块钱?"
UNIT = rf"(?:[亿万](?:{YUAN})?|{YUAN})"
MONEY = rf"(?:人民币|RMB|CNY)? ?[¥￥]? ?{NUMBER} ?(?:{UNIT}|\({UNIT}\))? ?(?:人民币|RMB|CNY)?"
AMOUNT = rf"{SIGN} ?{MONEY}|[¥￥] ?[-−]{NUMBER}|\({MONEY}\)|{MONEY}[-−]"
"""Parentheses and a minus behind are how accounts write what is negative."""
QUANTITY_UNITS = {
    "percent": "%",
    "square_metre": "㎡|m²|m2|M2|M²|平方米|平方|平米|平",
    "millilitre": "mL|ml|ML|毫升|cc|CC|cm3|cm³",
    "hour": "小时|学时|h|H",
}
COUNTED = "人|口人?|名|个月?|户|套|间|处|月|次|周?岁|台|辆"
COUNT = rf"{SIGN}{WHOLE}(?:\.0*)? ?(?:{COUNTED})?"


EMPTY, UNKNOWN_DATE = "required", "unknown_date"
"""Rules of cells that are empty, or say themselves that nothing is known: the others hold something unread."""


class Fault(StrEnum):
    """What can be wrong with one cell."""

    UNDECODABLE = "undecodable"
    UNKNOWN = "unknown"
    """It only stands where a date is not known: 0000-00-00, 9999-12-31."""
    UNREADABLE = "unreadable"
    MISSING = "required"


@dataclass(frozen=True)
class BrokenRule:
    """One way a row, or a cell, can break its contract."""

    name: str
    explain: Title
    column: str | None = None
    fault: Fault | None = None
    """Of the column's cell; else the rule is of the whole row."""
    condition: str = ""
    """Of a rule of the whole row: DuckDB SQL over the typed columns, true where it is broken."""


@dataclass(frozen=True)
class Taken:
    """What is made of a cell that cannot be read, in the two languages of the users."""

    zh: str = ""
    en: str = ""


def typed(column: Column, text: str, header: str) -> str:
    """SQL that makes the cleaned ``text`` of a column the value the contract declares, NULL where it cannot be read."""
    match column.meaning:
        case Meaning.DATE:
            return _date(text)
        case Meaning.MONTH:
            return _month(text)
        case Meaning.AMOUNT:
            return _amount(text, WAN if column.unit_under(header) == "wan_yuan" else 1)
        case Meaning.QUANTITY:
            quantity = rf"{SIGN}{NUMBER} ?(?:{QUANTITY_UNITS[str(column.unit)]})?"
            return f"coalesce({_plain_number(text, 'DECIMAL(18,4)')}, {_written(text, quantity, 'DECIMAL(18,4)')})"
        case Meaning.COUNT:
            whole = f"TRY_CAST({_written(text, COUNT, 'DECIMAL(38,0)')} AS BIGINT)"
            return f"CASE WHEN regexp_full_match({text}, '[0-9]+') THEN TRY_CAST({text} AS BIGINT) ELSE {whole} END"
        case Meaning.DIVISION:
            return _division(text)
        case Meaning.PERSON_NAME:
            return rf"CASE WHEN {text} LIKE '% %' THEN regexp_replace({text}, '\s+', '', 'g') ELSE {text} END"
        case Meaning.ORGANISATION_CODE | Meaning.SERIAL:
            closed = f"replace(replace({text}, ' ', ''), '·', '')"
            return f"upper(CASE WHEN contains({text}, ' ') OR contains({text}, '·') THEN {closed} ELSE {text} END)"
        case _:
            return text


def broken_rules(contract: Contract, present: Collection[str]) -> list[BrokenRule]:
    """The rules a typed row is held to, in the order in which they are named; of each row the first counts.

    ``present`` are the columns this delivery carries.
    """
    rules: list[BrokenRule] = []
    for column in contract.columns:
        if contract.sets_apart(column):
            rules += _of_cells(column) if column.name in present else []
            rules.append(_missing(column))
    return rules + [BrokenRule(rule.name, rule.explain, condition=f"NOT ({rule.sql})") for rule in contract.row_rules]


def noted_rules(contract: Contract, present: Collection[str]) -> list[BrokenRule]:
    """What can be wrong with cells for which no row is set apart: they are left empty, or taken as the list says."""
    rules: list[BrokenRule] = []
    for column in contract.columns:
        if column.name in present and not contract.sets_apart(column):
            taken = Taken(",按空处理", ": left empty")
            if column.unlisted is not None:
                code = column.codes[column.unlisted]
                taken = Taken(f",按“{code.zh}”计", f": taken as {code.en}")
            rules += _of_cells(column, taken)
            if column.required:
                rules.append(_missing(column, taken if column.unlisted is not None else Taken()))
    return rules


def _of_cells(column: Column, taken: Taken = Taken()) -> list[BrokenRule]:
    """What can be wrong with a cell that is not empty; ``taken`` says what is made of it."""
    found = [(Fault.UNDECODABLE, "undecodable", ("含有无法解码的字节", "bytes that no encoding explains"))]
    if column.meaning in (Meaning.DATE, Meaning.MONTH):
        found.append((Fault.UNKNOWN, UNKNOWN_DATE, ("是占位值,日期不详", "no date, only what stands for none")))
    found.append((Fault.UNREADABLE, f"unreadable_{column.meaning}", _unreadable(column)))
    return [
        BrokenRule(
            name, Title(zh=f"{column.header}{zh}{taken.zh}", en=f"{column.en}: {en}{taken.en}"), column.name, fault
        )
        for fault, name, (zh, en) in found
    ]


def _missing(column: Column, taken: Taken = Taken()) -> BrokenRule:
    missing = Title(zh=f"{column.header}为空{taken.zh}", en=f"{column.en}: empty, but required{taken.en}")
    return BrokenRule(EMPTY, missing, column.name, Fault.MISSING)


def _date(text: str) -> str:
    """The usual forms at a glance, 1901 to 2199; what stays NULL is looked at again (see `second_look`)."""
    return (
        f"CASE WHEN NOT ({text} > '1901' AND {text} < '22') THEN NULL "
        f"WHEN {text} LIKE '____-__-__' OR {text} LIKE '____/__/__' THEN TRY_CAST({text} AS DATE) "
        f"WHEN {_all_digits(text, 8)} THEN {_joined(f'left({text}, 4)', f'substr({text}, 5, 2)', f'right({text}, 2)')} "
        f"WHEN {text} LIKE '____年__月__日' "
        f"THEN {_joined(f'left({text}, 4)', f'substr({text}, 6, 2)', f'substr({text}, 9, 2)')} END"
    )


def _month(text: str) -> str:
    """The usual forms at a glance, from 2000 to 2199; see ``_date``."""
    first = "'01'"
    return (
        f"CASE WHEN NOT ({text} > '2000' AND {text} < '22') THEN NULL "
        f"WHEN {text} LIKE '____-__' OR {text} LIKE '____/__' OR {text} LIKE '____年__月' "
        f"THEN {_joined(f'left({text}, 4)', f'substr({text}, 6, 2)', first)} "
        f"WHEN {_all_digits(text, 6)} THEN {_joined(f'left({text}, 4)', f'right({text}, 2)', first)} END"
    )


def _all_digits(text: str, count: int) -> str:
    return f"regexp_full_match({text}, '[0-9]{{{count}}}')"


def _joined(year: str, month: str, day: str) -> str:
    return f"TRY_CAST({year} || '-' || {month} || '-' || {day} AS DATE)"


def _amount(text: str, factor: int) -> str:
    """Yuan; a cell that names its own unit (3.5万元) means that one, whatever the header says."""
    unit = (
        f"CASE WHEN contains({text}, '亿') THEN {YI} WHEN contains({text}, '万') THEN {WAN} "
        f"WHEN regexp_matches({text}, '[元圆块]') THEN 1 ELSE {factor} END"
    )
    plain = _plain_number(text, "DECIMAL(18,2)")
    if factor != 1:
        plain = f"TRY_CAST({_plain_number(text, 'DECIMAL(18,6)')} * {factor} AS DECIMAL(18,2))"
    return f"coalesce({plain}, TRY_CAST({_written(text, AMOUNT, 'DECIMAL(18,6)')} * {unit} AS DECIMAL(18,2)))"


def _plain_number(text: str, sql_type: str) -> str:
    """A number of digits alone, at a glance: an exponent (1e5) and other programs' signs are not what people write."""
    written_by_programs = " OR ".join(f"contains({text}, '{sign}')" for sign in "eE_")
    return f"CASE WHEN NOT ({written_by_programs}) THEN TRY_CAST({text} AS {sql_type}) END"


def _written(text: str, pattern: str, sql_type: str) -> str:
    """A number as people write it, with separators, unit and sign; NULL where the text is not all of ``pattern``."""
    digits = rf"replace(regexp_extract({text}, '[0-9][0-9,]*(\.[0-9]*)?|\.[0-9]+'), ',', '')"
    signed = f"CASE WHEN {text} LIKE '(%' OR regexp_matches({text}, '[-−]') THEN '-' ELSE '' END || {digits}"
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN TRY_CAST({signed} AS {sql_type}) END"


def _division(text: str) -> str:
    """Twelve digits; a code below an abolished county or prefecture is moved below its successor.

    Where the successor has no such township, it may have gone to a neighbour: the code is that of the city.
    """
    digits = (
        f"CASE WHEN {_all_digits(text, 12)} THEN {text} "
        rf"WHEN regexp_full_match({text}, '\d{{6}}(\d{{3}}){{0,2}}') THEN rpad({text}, 12, '0') END"
    )
    county, city = (_successors(level, digits) for level in (Level.COUNTY, Level.CITY))
    moved = f"list_transform([coalesce({county}, {city})], lambda moved: {_placed('moved')})[1]"
    return f"coalesce({moved}, {digits})"


def _placed(moved: str) -> str:
    known = ", ".join(literal(place) for place in places_of_successors())
    city = f"rpad(left({moved}, {PREFIX_LENGTHS[Level.CITY]}), 12, '0')"
    return f"CASE WHEN left({moved}, {PREFIX_LENGTHS[Level.TOWNSHIP]}) IN ({known}) THEN {moved} ELSE {city} END"


def _successors(level: Level, digits: str) -> str:
    length = PREFIX_LENGTHS[level]
    pairs = {old: new for old, new in load_successors().items() if level_of(old) is level}
    listed = ", ".join(f"{literal(old[:length])}: {literal(new[:length])}" for old, new in sorted(pairs.items()))
    return f"MAP {{{listed}}}[left({digits}, {length})] || substr({digits}, {length + 1})"


def _unreadable(column: Column) -> tuple[str, str]:
    match column.meaning:
        case Meaning.DATE | Meaning.MONTH:
            return "不是可识别的日期", "not a date in any known form"
        case Meaning.AMOUNT | Meaning.QUANTITY | Meaning.COUNT:
            return "不是数字", "not a number"
        case Meaning.CODE:
            return "不在代码表内", "not in the code list"
        case Meaning.DIVISION:
            return "不是区划代码或名称", "neither a division code nor a division's name"
        case _:
            return "无法读取", "cannot be read"
