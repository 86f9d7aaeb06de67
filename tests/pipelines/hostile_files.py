"""Files that nobody should send: a good table in every kind of file, spoilt in every way, each made by its number.

The people in them are invented; what says who they are is looked for in whatever a night tells.
"""

import gzip
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from schemas.column import Column, Meaning
from schemas.contract import Contract
from tests.pipelines.hostile_containers import MADE, as_dbase, as_workbook
from tests.pipelines.intake.made_files import Table, csv_text, zipped

NAMES = ("欧阳黄鹂", "司徒白鹭", "钟离画眉", "上官杜鹃", "尉迟云雀")
STREETS = ("鸬鹚巷", "鹧鸪坝", "鹡鸰寨", "鸳鸯坪", "鹌鹑坳")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ROWS = 12


class Hostile(NamedTuple):
    """A file, and how it came to be."""

    made_by: str
    ending: str
    content: bytes


def id_number(person: int) -> str:
    """Of an invented person, with its check digit."""
    body = f"5201031977060{person % 9 + 1}{person:03}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def phone(person: int) -> str:
    return f"1708899{person:04}"


def told_of(said: str) -> list[str]:
    """Which of what says who the people are stands in a text, in whatever encoding it was taken for another."""
    people = range(ROWS)
    numbers = [one for person in people for one in (id_number(person), id_number(person)[:17], phone(person))]
    words = (*NAMES, *STREETS)
    turned = [
        *(word.encode("utf-8").decode("gb18030", "ignore")[:4] for word in words),
        *(word.encode("gb18030").decode("latin-1") for word in words),
    ]
    return [one for one in (*numbers, *words, *turned) if one in said]


def good_table(contract: Contract, rows: int = ROWS) -> list[list[str]]:
    """A header and rows that break no rule of their columns."""
    return [
        [column.header for column in contract.columns],
        *([_cell(column, row) for column in contract.columns] for row in range(rows)),
    ]


def _cell(column: Column, row: int) -> str:
    match column.meaning:
        case Meaning.ID_NUMBER:
            return id_number(row)
        case Meaning.PERSON_NAME:
            return NAMES[row % len(NAMES)]
        case Meaning.PHONE:
            return phone(row)
        case Meaning.ADDRESS:
            return f"贵阳市云岩区{STREETS[row % len(STREETS)]}{row}号"
        case Meaning.DATE:
            return f"2020-10-{row + 1:02}"
        case Meaning.MONTH:
            return "202009"
        case Meaning.AMOUNT | Meaning.QUANTITY:
            return f"{1000 + row}.50"
        case Meaning.COUNT:
            return str(row)
        case Meaning.CODE:
            return next(iter(column.codes))
        case Meaning.DIVISION:
            return "520103001001"
    return f"编号{row:06}"


def hostile(number: int, contract: Contract) -> Hostile:
    """The file of that number, of a delivery of that type."""
    chance = Random(number)  # noqa: S311 not a secret
    table: Table = good_table(contract)
    how = []
    if chance.random() < 0.7:
        spoil_table = chance.choice(TABLES)
        table, how = spoil_table(table, chance), [spoil_table.__name__]
    if chance.random() < 0.15:
        ending, made = chance.choice(MADE)
        content = made(table, chance)
        how.append(made.__name__)
    else:
        ending, as_kind = chance.choice(KINDS)
        content = as_kind(table)
        how.append(ending)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        spoil = chance.choice(BYTES)
        content = spoil(content, chance)
        how.append(spoil.__name__)
    if chance.random() < 0.15:
        content, ending = gzip.compress(content, 1), chance.choice((".csv.gz", ".csv", ending))
        how.append("packed")
    if chance.random() < 0.1:
        ending = chance.choice(KINDS)[0]
    return Hostile(f"{number}: {' > '.join(how)}", ending, content)


Chosen = Random


def _rows_of_another_length(table: Table, chance: Chosen) -> Table:
    return [
        table[0],
        *(row[: chance.randrange(len(row) + 1)] if chance.random() < 0.5 else [*row, *row] for row in table[1:]),
    ]


def _odd_cells(table: Table, chance: Chosen) -> Table:
    return [table[0], *([chance.choice(ODD) if chance.random() < 0.4 else cell for cell in row] for row in table[1:])]


def _odd_header(table: Table, chance: Chosen) -> Table:
    return [[chance.choice((chance.choice(ODD), cell, cell, cell)) for cell in table[0]], *table[1:]]


def _no_header(table: Table, _: Chosen) -> Table:
    return table[1:]


def _header_with_first_row(table: Table, _: Chosen) -> Table:
    return [[*table[0], *table[1]], *table[2:]]


def _header_many_times(table: Table, chance: Chosen) -> Table:
    return [one for row in table for one in (table[0], row)][chance.randrange(2) :]


def _header_last(table: Table, _: Chosen) -> Table:
    return [*table[1:], table[0]]


def _columns_twice(table: Table, _: Chosen) -> Table:
    return [[*row, *row] for row in table]


def _many_columns(table: Table, chance: Chosen) -> Table:
    more = [chance.choice(ODD) or str(place) for place in range(chance.choice((50, 240)))]
    return [[*row, *more] for row in table]


def _a_huge_cell(table: Table, chance: Chosen) -> Table:
    rows = [list(row) for row in table]
    row = chance.choice(rows)
    row[chance.randrange(len(row))] = chance.choice(("李", '"', "0", ",", "\n", "\u202e")) * chance.choice(
        (70_000, 700_000)
    )
    return rows


def _titles(table: Table, chance: Chosen) -> Table:
    return [
        [f"{NAMES[0]}等人名单"],
        *([chance.choice(ODD)] for _ in range(chance.randrange(40))),
        *table,
        ["合计", "12"],
    ]


def _turned(table: Table, _: Chosen) -> Table:
    return [list(column) for column in zip(*table, strict=True)]


def _only_a_header(table: Table, _: Chosen) -> Table:
    return table[:1]


def _in_one_column(table: Table, _: Chosen) -> Table:
    return [[" ".join(row)] for row in table]


TABLES: Sequence[Callable[[Table, Chosen], Table]] = (
    *(_rows_of_another_length, _odd_cells, _odd_cells, _odd_cells, _odd_header, _odd_header, _no_header),
    *(_header_with_first_row, _header_many_times, _header_last, _columns_twice, _many_columns, _a_huge_cell),
    *(_titles, _turned, _only_a_header, _in_one_column),
)
ODD = (
    *("", " ", "\u3000", "\u200b", "\ufeff", "\0", "\x1a", "'", '"', '""', '"\n', "\n", "\r", "\u2028", "\x85", "\x0c"),
    *("=1+1", '="5"', "@", "-", "--", "\\N", "NULL", "nan", "inf", "-inf", "1e999", "-0", "0x10", "1.234,56", "１２３"),
    *("9" * 400, "-" * 50, "0" * 40, "1_000", "٣٤", "²", "½", "infinity", "0000-00-00", "9999-12-31", "0001-01-01"),
    *(
        "2020-02-30",
        "20201301",
        "44133",
        "2958466",
        "-1",
        "24:00:00",
        "2020/10/29 25:61",
        "民国109年",
        "二〇二〇年十月",
    ),
    *(
        "520103197706011234",
        "52010319770601123X",
        "\u202e张三",
        "[red]",
        "\x1b[31m",
        "%s",
        "{0}",
        "${x}",
        "'; DROP TABLE x; --",
    ),
    *("👨‍👩‍👧", "é" * 300, "\ufffd", "\ufffe", "𠀀", "a" * 5000, "身份证号", "姓名", "合计", "锟斤拷", "ä½ å¥½"),
)


def _flipped(content: bytes, chance: Chosen) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 3, 30)) if spoilt else 0):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _cut(content: bytes, chance: Chosen) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _beginning_gone(content: bytes, chance: Chosen) -> bytes:
    return content[chance.randrange(min(len(content), 200) + 1) :]


def _piece_again(content: bytes, chance: Chosen) -> bytes:
    start, there = sorted((chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)))
    return content[:there] + content[start:there] * chance.choice((1, 2, 20)) + content[there:]


def _put_in(content: bytes, chance: Chosen) -> bytes:
    there = chance.choice((0, len(content), chance.randrange(len(content) + 1)))
    return content[:there] + chance.choice(PUT_IN) + content[there:]


def _ends_otherwise(content: bytes, chance: Chosen) -> bytes:
    return content.replace(
        b"\r\n", chance.choice((b"\n", b"\r", b"\n\r", b"\r\r\n", b"\0", b"\x1e", b"\n\n", b"\xe2\x80\xa8", b""))
    )


def _separated_otherwise(content: bytes, chance: Chosen) -> bytes:
    return content.replace(
        b",", chance.choice((b"\t", b";", b"|", b"\x01", b"\0", b",,", b" ", b"\xef\xbc\x8c", b"~", b'","'))
    )


def _other_encoding_from_here(content: bytes, chance: Chosen) -> bytes:
    there = chance.randrange(len(content) + 1)
    text = content[there:].decode("utf-8", "ignore")
    return content[:there] + text.encode(chance.choice(("gb18030", "utf-16-le", "utf-16", "big5")), "ignore")


def _random_bytes(content: bytes, chance: Chosen) -> bytes:
    there = chance.randrange(len(content) + 1)
    return content[:there] + chance.randbytes(chance.choice((1, 16, 3000))) + content[there:]


BYTES: Sequence[Callable[[bytes, Chosen], bytes]] = (
    *(_flipped, _flipped, _cut, _beginning_gone, _piece_again, _put_in, _put_in, _ends_otherwise),
    *(_separated_otherwise, _other_encoding_from_here, _random_bytes),
)
PUT_IN = (
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0", b"\0" * 3000, b'"', b'"' * 99, b"\n" * 3000),
    *(
        b"\r" * 300,
        b'"\n"',
        b"sep=;\r\n",
        b"\x1a",
        b"\xff",
        b"\xa3",
        b"\xf0\x9f",
        b"\x81",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
    ),
    *(
        b"," * 3000,
        b"x" * 2_200_000,
        b"<html>",
        b"<?xml version='1.0'?>",
        b"%PDF-",
        b'{"a": [',
        b"#",
        b"--",
        b"\x7fELF",
    ),
)


def _separated(separator: str) -> Callable[[Table], bytes]:
    return lambda table: "".join(separator.join(row) + "\r\n" for row in table).encode("utf-8", "replace")


def _told(encoding: str) -> Callable[[Table], bytes]:
    return lambda table: csv_text(table).decode().encode(encoding, "replace")


KINDS: Sequence[tuple[str, Callable[[Table], bytes]]] = (
    *(
        (".csv", one)
        for one in (csv_text, csv_text, _told("gb18030"), _told("gb18030"), _told("utf-16"), _told("utf-8-sig"))
    ),
    *((".txt", _separated(one)) for one in ("\t", "|")),
    (".csv.gz", lambda table: gzip.compress(csv_text(table), 1)),
    (".zip", lambda table: zipped(("a.csv", csv_text(table[:6])), ("乙/b.csv", csv_text([*table[:1], *table[6:]])))),
    (".zip", lambda table: zipped(("a.xlsx", as_workbook(table)))),
    (".xlsx", as_workbook),
    (".xlsx", as_workbook),
    (".dbf", as_dbase),
)
