"""What names in pinyin mean: hunyin_dengji is 婚姻登记, and minzheng 民政.

Whole words are compared, each or several together, so that nothing is found inside another word; and a title's
beginning as it is in characters. Where one spelling is that of two titles, it means both, and is asked about.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product

from schemas.sounds import all_sounds_of

FEWEST_ALONE, FEWEST_WITHIN = 3, 2
"""Characters of a title's beginning that tell the type: by themselves, and below a folder of its department."""
MOST_SPELLINGS = 64
"""Of one title, as characters that are read in several ways make them."""


class NamesBySound:
    """The types and departments that names in pinyin may mean."""

    def __init__(
        self,
        titles: Iterable[tuple[str, str]],
        departments: Iterable[tuple[str, str]],
        says_nothing: Iterable[str],
        department_of: Mapping[str, str],
    ) -> None:
        """``titles`` and ``departments``: what each is called in Chinese, with its name."""
        self._types: dict[str, set[str]] = {}
        self._begun: dict[int, dict[str, set[str]]] = {}
        self._departments: dict[str, set[str]] = {}
        for title, name in titles:
            for sounds in _readings(title):
                self._types.setdefault("".join(sounds), set()).add(name)
                for length in range(FEWEST_WITHIN, len(sounds)):
                    begun = self._begun.setdefault(length, {})
                    begun.setdefault("".join(sounds[:length]), set()).add(name)
        for title, name in departments:
            for sounds in _readings(title):
                self._departments.setdefault("".join(sounds), set()).add(name)
        self._says_nothing = {"".join(sounds) for word in says_nothing for sounds in _readings(word)}
        self._department_of = department_of

    def find(self, words: Sequence[str], within: frozenset[str]) -> tuple[set[str], set[str], list[str]]:
        """The types and departments that words say, and the words that are left."""
        left = [word.replace("ü", "v") for word in words]
        types = _taken(left, self._types)
        departments = _taken(left, self._departments)
        left = [word for word in left if word not in self._says_nothing]
        if not types and left:
            types = self._begun_by("".join(left), within | departments)
            left = [] if types else left
        return types, departments, left

    def _begun_by(self, text: str, within: frozenset[str] | set[str]) -> set[str]:
        found: set[str] = set()
        for length, begun in self._begun.items():
            its = begun.get(text, set())
            found |= {name for name in its if length >= FEWEST_ALONE or self._department_of[name] in within}
        return found


def _readings(text: str) -> list[tuple[str, ...]]:
    """How a text may be spelled, sound by sound."""
    return list(islice(product(*all_sounds_of(text)), MOST_SPELLINGS))


def _taken(words: list[str], meanings: Mapping[str, set[str]]) -> set[str]:
    """What some words in a row mean together, the most words first; they are taken out of the list."""
    found: set[str] = set()
    for length in range(len(words), 0, -1):
        start = 0
        while start + length <= len(words):
            meant = meanings.get("".join(words[start : start + length]))
            if meant:
                found |= meant
                del words[start : start + length]
            else:
                start += 1
    return found
