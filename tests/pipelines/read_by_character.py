"""A reader of CSV that looks at one character after the other: what quotation marks mean, told a second time."""

from collections.abc import Callable

Read = tuple[dict[int, tuple[str, ...]], dict[int, str]]
"""The rows and the rules of the lines set apart, by the number of their line; the header is line 1."""


def read_by_character(
    text: str, cells: int, longest: int, size: Callable[[str], int], separator: str = ","
) -> Read | None:
    """What some lines below a header say; None where one of them is longer than ``longest``, its end included."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    lines = [line + "\n" for line in lines]
    if any(size(line) > longest for line in lines):
        return None
    lines = [_without_lone_returns(line) for line in lines]
    rows: dict[int, tuple[str, ...]] = {}
    broken: dict[int, str] = {}
    at = 0
    while at < len(lines):
        number, line = at + 2, lines[at]
        at += 1
        if line.rstrip("\n") in ("", "\r"):
            continue
        found, is_open, _ = _cells(line, separator)
        if is_open:
            several = _several_lines(lines[at - 1 :], cells, longest, size, separator)
            if several is None:
                broken[number] = "open_quotation"
                continue
            taken, found = several
            at += taken - 1
        if len(found) == cells:
            rows[number] = tuple(cell.replace("\r\n", "\n") for cell in found)
        else:
            broken[number] = "field_count"
    return rows, broken


def _several_lines(
    lines: list[str], cells: int, longest: int, size: Callable[[str], int], separator: str
) -> tuple[int, list[str]] | None:
    """How many lines make the record that the first one begins, and its cells."""
    for taken in range(2, len(lines) + 1):
        record = "".join(lines[:taken])
        if size(record) > longest:
            return None
        found, is_open, plain = _cells(record, separator)
        if not is_open:
            return (taken, found) if plain and len(found) == cells else None
        within = lines[taken - 1]
        alone, alone_open, alone_plain = _cells(within, separator)
        if within.strip("\r\n") and alone_plain and not alone_open and len(alone) == cells:
            return None
    return None


def _cells(record: str, separator: str) -> tuple[list[str], bool, bool]:
    """The cells of a record that ends with a line end, whether it ends inside a quotation, whether it is plain."""
    record = record.removesuffix("\n").removesuffix("\r")
    found, plain = [""], True
    state = "begin"
    for sign in record:
        if state == "begin" and sign == '"':
            state = "inside"
        elif state == "inside":
            if sign == '"':
                state = "mark"
            else:
                found[-1] += sign
        elif state == "mark" and sign == '"':
            found[-1] += '"'
            state = "inside"
        elif sign == separator:
            found.append("")
            state = "begin"
        else:
            plain = plain and state != "mark" and sign != '"'
            found[-1] += sign
            state = "rest"
    return found, state == "inside", plain


def _without_lone_returns(line: str) -> str:
    body, end = (line[:-2], "\r\n") if line.endswith("\r\n") else (line[:-1], "\n")
    return body.replace("\r", " ") + end
