"""Files in the inbox where no delivery is expected: each is reported, so that nothing is ignored silently."""

import os
from collections.abc import Collection, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from pipelines.intake.inbox import PassedOver, entries, find_deliveries, is_folder, place_of
from schemas.catalogue import Catalogue

COUNTED = 1000
"""Files below a folder nobody knows are counted so far."""


def passed_over(inbox: Path, catalogue: Catalogue) -> list[PassedOver]:
    """All in the inbox that no night takes in, whatever its date, with what to do about it.

    Folders that hold no file are left out. Raises pipelines.intake.inbox.InboxMissingError when there is no inbox.
    """
    _, told = find_deliveries(inbox, catalogue, delivered_by=date.max, received_by=date.max)
    types: dict[str, list[str]] = {}
    for contract in catalogue:
        types.setdefault(contract.department, []).append(contract.name)
    told += _strays(inbox, ".", types)
    for department, names in types.items():
        if is_folder(inbox / department):
            told += _strays(inbox, department, names)
    return sorted(told, key=lambda one: one.place)


def _strays(inbox: Path, folder: str, known: Collection[str]) -> list[PassedOver]:
    """What lies in a folder beside the folders that are known there."""
    told: list[PassedOver] = []
    for entry in entries(inbox, folder, told):
        place = place_of(inbox, entry)
        if not entry.is_dir(follow_symlinks=False):
            told.append(
                PassedOver(
                    place,
                    "未放入 <部门>/<类型>/YYYY-MM-DD/ 文件夹(链接不会被打开):请移入相应文件夹",
                    "it is not in a folder <department>/<type>/YYYY-MM-DD/ (links are not followed): move it there",
                )
            )
        elif entry.name not in known and (files := len(list(islice(_files(Path(entry.path)), COUNTED)))):
            count = f"{files}" if files < COUNTED else f"{COUNTED}+"
            told.append(
                PassedOver(
                    place,
                    f"没有名为此的部门或类型文件夹,其中 {count} 个文件未读入:此处可用 {'、'.join(known)}",
                    f"no department or type has a folder of this name, and the {count} files in it are not taken in: "
                    f"use one of {', '.join(known)}",
                )
            )
    return told


def _files(folder: Path) -> Iterator[str]:
    """Whatever is no folder below this one; links are not followed."""
    for here, folders, files in os.walk(folder):
        yield from files
        yield from (name for name in folders if Path(here, name).is_symlink())
