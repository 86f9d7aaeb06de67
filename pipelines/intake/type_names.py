"""By what names people call a department and its types: as the catalogue does, in either language, whole or in part."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipelines.intake.names_by_sound import NamesBySound
from schemas.catalogue import Catalogue
from schemas.contract import Contract
from schemas.declaration import Title

SHORTEST_BEGINNING = 3
"""So many Chinese characters of a title's beginning tell the type by themselves; two will do within a department."""
SHORTEST_IN_LATIN = 5
_OFFICES = ("机关", "部门", "委员会", "联合会", *"厅局委部处办")
_SAYS_NOTHING_ZH = "数据|明细|清单|名单|信息|导出|抽取|全量|增量|全省|月报|日报|周报|交换|共享|最新|工作簿|新建|文件|表"
_SAYS_NOTHING = re.compile(
    rf"{_SAYS_NOTHING_ZH}|^省$|"
    r"(?<![a-z])(?:csv|txt|tsv|xlsx?|sheet\d*|data|export(?:ed)?|extract|dump|full|increment(?:al)?|final|all|new|"
    r"utf8|gbk|gb18030|of|the|and)(?![a-z])"
)
_SIGNS = re.compile(r"[\W_]+")


def squeezed(text: str) -> str:
    """A name without what stands between its words."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _titles_of(contract: Contract) -> list[Title]:
    """What a type is called; a register, also as its people call it."""
    register = contract.as_register
    return [contract.title, *([register.title] if register and register.title else [])]


@dataclass(frozen=True)
class Found:
    """What some words may mean: types, departments, and what is left of them."""

    types: frozenset[str]
    departments: frozenset[str]
    rest: str
    loosely: bool = False
    """The types were found by the beginning of their titles alone."""


class TypeNames:
    """The types that a file may be of."""

    def __init__(self, contracts: Iterable[Contract], departments: Mapping[str, Title]) -> None:
        """``departments``: the titles of those that are called by more than their names."""
        self.contracts = {contract.name: contract for contract in contracts}
        self._departments = departments
        # Files lie beside others, so the same folders and names are asked about again and again.
        self._known: dict[tuple[tuple[str, ...], frozenset[str]], Found] = {}

    @classmethod
    def of(cls, catalogue: Catalogue) -> "TypeNames":
        """All types of a catalogue."""
        return cls(catalogue, {name: one.title for name, one in catalogue.departments.items()})

    def find(self, words: Iterable[str], within: frozenset[str] = frozenset()) -> Found:
        """What the words of a name mean; ``within``: the departments that the folders above it name."""
        said = tuple(words)
        if (said, within) not in self._known:
            self._known[said, within] = self._find(said, within)
        return self._known[said, within]

    def _find(self, said: tuple[str, ...], within: frozenset[str]) -> Found:
        whole = squeezed("".join(said))
        if whole in self._department_by_name:
            return Found(frozenset(), frozenset({self._department_by_name[whole]}), "")
        named, rest = self._named(whole)
        departments = {name for spelling, name in self._department_by_name.items() if spelling in rest}
        for name in departments:
            rest = re.sub(f"{self._spellings_of(name)}(?:{'|'.join(_OFFICES)})?", "", rest)
        left = squeezed(_SAYS_NOTHING.sub("", " ".join(said) if rest == whole else rest))
        begun = set() if named else self._begun(left, within | departments)
        if begun:
            return Found(frozenset(begun), frozenset(departments), "", loosely=True)
        if any(map(str.isalpha, left)) and left.replace("ü", "v").isascii():
            words = [word for word in said if not _SAYS_NOTHING.fullmatch(word)]
            types, others, beyond = self._by_sound.find(words, within | departments)
            # 低保 stands in 低保对象名册 too: then more of the name says the same.
            if types or (others and not named):
                return Found(frozenset(named | types), frozenset(departments | others), squeezed("".join(beyond)))
        return Found(frozenset(named), frozenset(departments), left)

    def _named(self, text: str) -> tuple[set[str], str]:
        """The types whose whole name or title stands in a text, and the text without it; the longer name wins."""
        spans = [
            (found.start(), found.end(), name)
            for spelling, name in self._spellings
            if spelling in text
            for found in re.finditer(re.escape(spelling), text)
        ]
        longest = [
            one
            for one in spans
            if not any(
                other[0] <= one[0] and one[1] <= other[1] and other[1] - other[0] > one[1] - one[0] for other in spans
            )
        ]
        for start, end in sorted({(start, end) for start, end, _ in longest}, reverse=True):
            text = f"{text[:start]}{text[end:]}"
        return {name for *_, name in longest}, text

    def _begun(self, text: str, within: frozenset[str] | set[str]) -> set[str]:
        """The types whose title begins with the whole of a text."""
        begun = {name for spelling, name in self._spellings if text and spelling.startswith(text)}
        if len(text) >= (SHORTEST_IN_LATIN if text.isascii() else SHORTEST_BEGINNING):
            # In Latin letters it may be any word: only where the folders say what to expect does it say something.
            return begun if within or not text.isascii() else set()
        its = {name for name in begun if self.contracts[name].department in within}
        return its if len(text) > 1 and not text.isascii() else set()

    @cached_property
    def _by_sound(self) -> NamesBySound:
        """Made when a name is met that may be pinyin: see `schemas.sounds`."""
        titles = [(title.zh, one.name) for one in self.contracts.values() for title in _titles_of(one)]
        departments = [
            (f"{title.zh}{office}", name) for name, title in self._departments.items() for office in ("", *_OFFICES)
        ]
        department_of = {name: one.department for name, one in self.contracts.items()}
        return NamesBySound(titles, departments, _SAYS_NOTHING_ZH.split("|"), department_of)

    @cached_property
    def _spellings(self) -> list[tuple[str, str]]:
        """Every name of a type, with the type."""
        found: list[tuple[str, str]] = []
        for contract in self.contracts.values():
            register = contract.as_register
            told = [contract.name, *([register.scheme] if register else [])]
            told += [text for title in _titles_of(contract) for text in (title.zh, title.en)]
            found += [(squeezed(text), contract.name) for text in told]
        return found

    @cached_property
    def _department_by_name(self) -> dict[str, str]:
        titled = {
            squeezed(spelling): name
            for name, title in self._departments.items()
            for spelling in (title.zh, title.en, *(f"{title.zh}{office}" for office in "厅局委部"))
        }
        return titled | {squeezed(contract.department): contract.department for contract in self.contracts.values()}

    def _spellings_of(self, department: str) -> str:
        spellings = [re.escape(text) for text, name in self._department_by_name.items() if name == department]
        return f"(?:{'|'.join(sorted(spellings, key=len, reverse=True))})"
