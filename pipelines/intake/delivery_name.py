"""Which delivery a file is, by all that its name and the folders around it say.

Any spelling will do that can mean only one thing. What says two things, or too little, is a question to whoever put the
file there; it is never guessed.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.intake import place_questions as questions
from pipelines.intake.name_words import Words, read_name
from pipelines.intake.place_questions import Question
from pipelines.intake.type_names import Found, TypeNames
from schemas.contract import Contract
from schemas.shown_names import may_name_somebody, shown_name


def _endings(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TABLES = _endings("csv tsv tab psv xls xlsx xlsm xlsb et ods dbf zip gz gzip")
"""Endings of what is a table whatever else the name says; what it is really, its first bytes tell."""
OTHER_ENDINGS = _endings("txt dat del unl json xml html htm rar 7z bz2 xz zst parquet")
TEMPORARY = _endings(
    "part filepart partial tmp temp crdownload download opdownload uploading inprogress incomplete writing aria2 "
    "swp swx lock lck"
)
"""Endings of a file that is still on its way."""
NO_TABLES = _endings(
    "md5 sha1 sha256 sha512 sfv sm3 sig asc p7s ok done fin flag end ctl log pdf doc docx wps ppt pptx jpg jpeg png "
    "gif bmp tif tiff eml msg mp4 exe dll bat sh lnk url ini db"
)
"""Endings of what lies beside data."""
_SET_ASIDE = re.compile(
    r"备份|归档|存档|历史|已处理|已入库|旧数据|作废|废弃|停用|测试|模板|模版|样例|样表|示例|说明|回收|错误|待删|勿用|"
    r"(?<![a-z])(?:old|backup|bak|archived?|history|processed|test|templates?|samples?|examples?|trash|deleted|readme|"
    r"obsolete|do not use)(?![a-z])"
)
_LONG_NUMBER = re.compile(r"\d{7,}")
_ENDING = re.compile(r"\s*\.\s*([a-z0-9]{1,10})\s*$")


@dataclass(frozen=True)
class Named:
    """A delivery as its name and place say it."""

    contract: Contract
    delivery_date: date
    received: date | None
    """The day it came; None where nothing says it."""
    sequence: int
    part: str
    """Which part of the day: its number, or words beyond the type's and the department's, such as a township's name."""
    parts: int
    """Of how many parts it says that it is one; 0 where it does not."""
    corrects: bool
    """Whether it says that it corrects what came before."""


def read_place(folders: Sequence[str], name: str, names: TypeNames) -> Named | Question:
    """The delivery that a file of this name in these folders of the inbox is, or what to ask whoever put it there."""
    stem, endings = without_endings(name)
    if not endings.isdisjoint(TEMPORARY) or name.startswith((".", "~")) or name.endswith("~"):
        return questions.ON_ITS_WAY
    if not endings.isdisjoint(NO_TABLES):
        return questions.NO_TABLE
    if any(_SET_ASIDE.search(text.casefold().replace("_", " ")) for text in (*folders, stem)):
        return questions.IS_SET_ASIDE
    said, around = read_name(stem), [read_name(folder) for folder in folders]
    above = [names.find(one.words) for one in around]
    within = frozenset().union(*(found.departments for found in above))
    above = [
        found if found.types or found.departments else names.find(one.words, within)
        for one, found in zip(around, above, strict=True)
    ]
    own = names.find(said.words, within)
    contract = _type_of([*above, own], within, names)
    if isinstance(contract, Question):
        return contract
    if not (own.types or said.days or not endings.isdisjoint(TABLES)):
        return questions.says_nothing(contract)
    days = _days(said, read_name("/".join(folders)), contract)
    if isinstance(days, Question):
        return days
    # Folders such as 2024/06/30 say a day together.
    beyond = [found.rest for found in above if not found.rest.isdecimal()] + [own.rest]
    return _numbered(said, _of_nobody("-".join(filter(None, beyond))), contract, *days)


def without_endings(name: str) -> tuple[str, frozenset[str]]:
    """A name without the endings that say what kind of file it is, and these; width and case set aside."""
    stem, endings = unicodedata.normalize("NFKC", name).strip().casefold(), set()
    while (found := _ENDING.search(stem)) and found[1] in TABLES | OTHER_ENDINGS | TEMPORARY | NO_TABLES:
        endings.add(found[1])
        stem = stem[: found.start()]
    return stem, frozenset(endings)


def _type_of(said: Sequence[Found], departments: frozenset[str], names: TypeNames) -> Contract | Question:
    """The only type that everything allows which says one at all."""
    evidence = [found.types for found in said if found.types]
    if not evidence:
        known = [contract.name for contract in names.contracts.values() if contract.department in departments]
        return questions.which_type(known or list(names.contracts))
    allowed = frozenset.intersection(*evidence)
    in_department = {name for name in allowed if not departments or names.contracts[name].department in departments}
    if not allowed:
        return questions.two_types(sorted(frozenset().union(*evidence)))
    if not in_department:
        return questions.other_department(names.contracts[min(allowed)], departments)
    if len(in_department) > 1:
        return questions.which_type(sorted(in_department))
    return names.contracts[in_department.pop()]


def _days(said: Words, around: Words, contract: Contract) -> tuple[date, date | None] | Question:
    """The day the data speaks for, and the day it came, where the folders say one; that may be both."""
    if len(said.days) > 1 or len(around.days) > 1:
        days = sorted(said.days if len(said.days) > 1 else around.days)
        return questions.two_days([str(day) for day in days], contract)
    if said.no_such_day or around.no_such_day:
        return questions.no_such_day(contract)
    received = next(iter(around.days), None)
    if said.days:
        return next(iter(said.days)), received
    if received is None or (said.months and said.months != {(received.year, received.month)}):
        return questions.which_day(contract)
    return received, received


def _short_hash(found: re.Match[str]) -> str:
    """What tells a long number from another, and nobody whose it is."""
    return _hash(found[0])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _of_nobody(words: str) -> str:
    """Words that tell one part from another, and nobody whose they may be."""
    told = _LONG_NUMBER.sub(_short_hash, words)
    return f"{shown_name(told)}-{_hash(told)}" if may_name_somebody(told) else told


def _numbered(said: Words, beyond: str, contract: Contract, day: date, received: date | None) -> Named | Question:
    if len(said.numbers) > 1 or len(said.parts) > 1:
        return questions.two_numbers(contract)
    sequence = next(iter(said.numbers), 1)
    part, parts = next(iter(said.parts), (0, 0))
    declared = contract.delivery.parts_on(day)
    if said.parts and not 1 <= part <= (parts or declared or part):
        return questions.no_such_part(part, parts or declared or 0)
    if said.parts and not parts and declared is None and contract.delivery.kind == "full":
        return questions.of_how_many(contract, part)
    if declared and not said.parts and not beyond and sequence > declared:
        return questions.no_such_part(sequence, declared)
    return Named(contract, day, received, sequence, str(part) if said.parts else beyond, parts, said.corrects)
