"""Names of fields in a dBASE table, which hold ten bytes, as the headers of a contract that they stand for.

Ten bytes are five Chinese characters. So a longer header is cut, or given by the first letters of its pinyin.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from schemas.column import Column
from schemas.contract import Contract
from schemas.sounds import sounds_of

CUT_TO = (8, 9, 10)
"""How many bytes a name has that may have been cut."""
FEWEST_LETTERS = 2


def headers_meant(names: Sequence[str], contract: Contract) -> list[str]:
    """Each name, or the agreed header that it stands for.

    Tried in turn: the column's own name, a header cut to its first bytes, the first letters of its pinyin, and the last
    of these letters (ZT for 机动车状态), which are not trusted to say whose record it is. A way that leads from a
    name to two columns, or from two names to one, leads nowhere.
    """
    meant = {name: column for name, column in zip(names, contract.columns_under(names), strict=True) if column}
    for stands_for in (_is_called, _is_cut, _has_initials, _ends_in_initials):
        taken = {column.name for column in meant.values()}
        found = {}
        for name in names:
            if name not in meant:
                fits = [one for one in contract.columns if one.name not in taken and stands_for(name, one, contract)]
                if len(fits) == 1:
                    found[name] = fits[0]
        times = Counter(column.name for column in found.values())
        meant |= {name: column for name, column in found.items() if times[column.name] == 1}
    return [meant[name].header if name in meant and not contract.column_under(name) else name for name in names]


StandsFor = Callable[[str, Column, Contract], bool]


def _is_called(name: str, column: Column, _: Contract) -> bool:
    return name.lower() == column.name


def _is_cut(name: str, column: Column, _: Contract) -> bool:
    # Half a character may be left of what was cut.
    whole = name.rstrip("\ufffd")
    is_full = any(len(whole.encode(encoding)) in CUT_TO for encoding in ("gb18030", "utf-8"))
    return is_full and any(header.startswith(whole) for header in _headers(column))


def _has_initials(name: str, column: Column, _: Contract) -> bool:
    return name.isascii() and name.lower() in map(_initials, _headers(column))


def _ends_in_initials(name: str, column: Column, contract: Contract) -> bool:
    tells_who = [given for person in contract.identity for given in (person.id_number, person.name, person.former_name)]
    if column.name in (*contract.key, *tells_who) or len(name) < FEWEST_LETTERS or not name.isascii():
        return False
    return any(_initials(header).endswith(name.lower()) for header in _headers(column))


def _headers(column: Column) -> tuple[str, ...]:
    return (column.header, *column.aliases)


def _initials(header: str) -> str:
    return "".join(sound[0] for sound in sounds_of(header))
