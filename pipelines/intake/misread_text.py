"""What text seems to be in whose first lines no column is found: another encoding, text once misread, other separators.

It is only told, and never read: whoever exported it can do so again without a doubt.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipelines.intake.find_header import LOOKED_AT, Known, beginning
from pipelines.intake.land import by_characters
from schemas.contract import Contract
from schemas.declaration import Title

FEWEST = 2
"""Columns of the contract that must be found in it."""
ENCODINGS = {
    "cp950": Title(zh="Big5(繁体中文)编码", en="in Big5 (traditional Chinese)"),
    "hz": Title(zh="HZ 编码", en="in HZ"),
    "utf-7": Title(zh="UTF-7 编码", en="in UTF-7"),
    "utf-16-le": Title(zh="UTF-16 编码,但不完整", en="in UTF-16, but incomplete"),
}
MISREAD = (
    ("gb18030", "utf-8"),
    ("latin-1", "utf-8"),
    ("cp1252", "utf-8"),
    ("latin-1", "gb18030"),
    ("cp1252", "gb18030"),
)
"""In which encoding text was written that had been read in the other by mistake."""
GARBLED = Title(
    zh="乱码(曾按错误的编码打开并保存)", en="garbled: it was once opened in a wrong encoding and saved like that"
)
LOST = Title(
    zh="被“?”替换过的文字(保存时用了不含中文的编码)", en="question marks: it was saved in an encoding without Chinese"
)
QUESTION_MARKS = re.compile(r"\?{2,}")


def seems_to_be(start: bytes, known: Known, contract: Contract) -> Title | None:
    """What a file with these first bytes seems to be; None where nothing of it is known."""
    for encoding, told in ENCODINGS.items():
        if _finds(start, encoding, known):
            return told
    text = start.decode(by_characters([start]), "replace")
    for read_in, written_in in MISREAD:
        again = text.encode(read_in, "replace").decode(written_in, "replace")
        if _finds(again.encode(), "utf-8", known):
            return GARBLED
    lines = text.splitlines()[:LOOKED_AT]
    if any(len(QUESTION_MARKS.findall(line)) > FEWEST for line in lines[:1]):
        return LOST
    return next((told for line in lines for told in _other_separators(line, contract)), None)


def _finds(start: bytes, encoding: str, known: Known) -> bool:
    found = beginning(start, [encoding], known)
    return found is not None and len({*found.columns} - {None}) >= FEWEST


def _other_separators(line: str, contract: Contract) -> Iterator[Title]:
    """What stands between headers of the contract that are found in one line."""
    names = sorted((name for column in contract.columns for name in (column.header, *column.aliases)), key=len)
    heads = re.compile("|".join(map(re.escape, reversed(names))))
    found = list(heads.finditer(line))
    between = {line[one.end() : other.start()] for one, other in pairwise(found)}
    if len(found) > FEWEST and len(between) <= FEWEST + 1:
        text = min(between, key=len)
        if not text.strip():
            yield Title(
                zh="用空格分列或固定列宽的文本", en="text whose columns are set apart by blanks or by their width"
            )
        elif len(text) <= FEWEST + 1 and not re.search(r"\w", text):
            yield Title(zh=f"用“{text}”分列的文本", en=f"text whose columns are set apart by {text}")
