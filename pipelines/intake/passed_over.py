"""What lies in the inbox and no night takes in: each is reported, so that nothing is ignored silently."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipelines.intake.inbox import InboxFile, PassedOver, find_deliveries
from pipelines.intake.printable import shown
from schemas.catalogue import Catalogue

ONE_BY_ONE = 20
"""So many files of one folder are named; where the same is to be done about more of them, the folder is."""


def passed_over(inbox: Path, catalogue: Catalogue, *, received_by: date = date.max) -> list[PassedOver]:
    """All in the inbox that no night takes in that knows what came by ``received_by``, with what to do about it.

    Folders that hold no file are left out. Raises pipelines.intake.inbox.InboxMissingError when there is no inbox.
    """
    _, told = find_deliveries(inbox, (), among=catalogue, delivered_by=date.max, received_by=received_by)
    return in_short(told)


def in_short(told: list[PassedOver]) -> list[PassedOver]:
    """The same, with a folder in place of very many of its files."""
    alike: dict[tuple[str, str], list[PassedOver]] = defaultdict(list)
    for one in told:
        alike[one.place.rpartition("/")[0], one.advice_en].append(one)
    short: list[PassedOver] = []
    for (folder, _), files in alike.items():
        if len(files) <= ONE_BY_ONE:
            short += files
            continue
        zh, en = f"{len(files)} 个文件:{files[0].advice_zh}", f"{len(files)} files: {files[0].advice_en}"
        short.append(PassedOver(folder or ".", zh, en))
    return sorted(short, key=lambda one: one.place)


def left_waiting(files: Iterable[InboxFile]) -> list[PassedOver]:
    """Files that came or changed while a night was taking in; the next one looks at them."""
    return [
        PassedOver(
            shown(file.source),
            "读取时文件仍在变化,或在读取之后才到达:下一夜将读入",
            "it changed while it was being read, or arrived after that: the next night takes it in",
        )
        for file in files
    ]


def as_told(told: Iterable[PassedOver]) -> list[dict[str, str]]:
    """The same as a report tells it: file, advice and advice_zh."""
    return [{"file": one.place, "advice": one.advice_en, "advice_zh": one.advice_zh} for one in told]
