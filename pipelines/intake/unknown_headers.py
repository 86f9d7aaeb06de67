"""What is told of the cells of a header line that the contract does not know.

Of a cell that may be shown (`schemas.nearest_header`): its text, and the column it most likely is. Of any other, which
may be somebody's record, its shape alone.
"""

from collections.abc import Collection, Sequence
from unicodedata import category

from schemas.column import Column
from schemas.contract import Contract
from schemas.header_words import end_of
from schemas.nearest_header import may_be_shown, nearest, nearest_of_all, resembled

LONGEST_SHAPE = 24
MOST_TOLD = 50
MOST_SUGGESTED = 6
MOST_RESEMBLING = 3
LEAST_RESEMBLING = 2
"""Headers of another contract that a line has where it is said to be that one's."""
_SHAPES = {"Lu": "A", "Ll": "a", "Lo": "某", "Lm": "某", "Lt": "A", "Nd": "0", "Nl": "0", "No": "0"}


def unknown_headers(line: Sequence[str], found: Collection[int], contract: Contract) -> tuple[str, ...]:
    """Each cell but those at the places ``found``: ``15: 车主电话? 最接近 nearest: 联系电话 (phone)``, or its shape.

    Columns of the contract that the file lacks come before those of other contracts.
    """
    places = [place for place, cell in enumerate(line) if cell and place not in found][:MOST_TOLD]
    columns = contract.columns_under(line)
    known = {column.name for place in found if (column := columns[place])}
    lacking = [(contract, column) for column in contract.columns if column.name not in known]
    shown = may_be_shown(line) if places else []
    return tuple(
        f"{place + 1}: {_named(line[place], lacking) if shown[place] else shape_of(line[place])}" for place in places
    )


def suggested(line: Sequence[str], contract: Contract) -> str:
    """What the first few cells that may be shown most likely are, to be added to a message; empty where none may."""
    shown = may_be_shown(line)
    cells = [cell for cell, may in zip(line, shown, strict=True) if may and cell]
    named = [_named(cell, [(contract, column) for column in contract.columns]) for cell in cells[:MOST_SUGGESTED]]
    return "".join(f"; {one}" for one in named)


def told_of(line: Sequence[str]) -> str:
    """A line none of whose cells the contract knows, as far as it may be shown."""
    shown = zip(line, may_be_shown(line), strict=True)
    return f"{len(line)} cells: {', '.join(cell if may else shape_of(cell) for cell, may in shown)}"


def of_another_type(line: Sequence[str]) -> tuple[str, str]:
    """Which type's headers these are, where they are another's: what to add to a message, in Chinese and English."""
    for one in resembled(line)[:1]:
        if one.known >= LEAST_RESEMBLING and one.known * 2 >= one.of:
            name = one.contract.name
            return (
                f";其中{one.known}列(共{one.of}列)是{one.contract.title.zh}({name})的表头",
                f"; {one.known} of its {one.of} headers are those of {name}",
            )
    return "", ""


def that_of_another_type(line: Sequence[str], contract: Contract) -> Contract | None:
    """The type whose header a line is, where it lacks required columns of ours and has that one's."""
    ours = {column.name for column in contract.columns_under(line) if column}
    if not any(column.required and column.name not in ours for column in contract.columns):
        return None
    for one in resembled(line)[:MOST_RESEMBLING]:
        theirs = {column.name for column in one.contract.columns_under(line) if column}
        has_all = {*one.contract.key} | {column.name for column in one.contract.columns if column.required} <= theirs
        is_mostly = len(theirs) >= 2 * max(len(ours), LEAST_RESEMBLING) and 2 * one.known >= one.of
        if (has_all or is_mostly) and len(theirs) > len(ours) and one.contract.name != contract.name:
            return one.contract
    return None


def _named(cell: str, lacking: Sequence[tuple[Contract, Column]]) -> str:
    near = nearest(cell, lacking)
    if near:
        return f"{cell}? 最接近 nearest: {near.header} ({near.column.name})"
    near, end = nearest_of_all(cell), end_of(cell)
    if near:
        return f"{cell}? 最接近 nearest: {near.header} ({near.column.name} of {near.contract.name})"
    return f"{cell}? ({end.meaning})" if end else f"{cell}?"


def shape_of(cell: str) -> str:
    """A cell with 0 for each digit, a or A for each letter that has capitals and 某 for any other, cut where long.

    What a terminal would take for more than text is U+FFFD.
    """
    shape = "".join(
        _SHAPES.get(category(sign), sign if sign.isprintable() else "\ufffd") for sign in cell[:LONGEST_SHAPE]
    )
    return shape if len(cell) <= LONGEST_SHAPE else f"{shape}…"
