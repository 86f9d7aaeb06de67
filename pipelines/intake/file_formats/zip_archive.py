"""Zip archives: the files in them that may be part of a delivery."""

import hashlib
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from pipelines.intake.file_formats.damaged_file import told_as_damaged
from pipelines.intake.file_formats.packed_members import opened_archive
from pipelines.intake.file_kind import ZIP

NOT_SENT = re.compile(r"(^|/)(__MACOSX/|\.|~\$)|(^|/)(thumbs\.db|desktop\.ini)$", re.IGNORECASE)
"""What operating systems and office programs put beside files."""
COPIED = 1 << 20


class Member(NamedTuple):
    """A file of an archive, unpacked."""

    name: str
    path: Path
    sha256: str


def members(path: Path, folder: Path) -> list[Member]:
    """The files in an archive, unpacked into a folder under numbers, in the order of their names.

    Raises UnreadableDeliveryError where the archive is damaged, has a password or unpacks to too much.
    """
    unpacked: list[Member] = []
    with told_as_damaged(ZIP), opened_archive(path, ZIP) as archive:
        for member in sorted(archive.infolist(), key=lambda one: natural(one.filename)):
            name = member.filename.replace("\\", "/")
            if member.is_dir() or not member.file_size or NOT_SENT.search(name):
                continue
            target = folder / f"{len(unpacked):05}"
            with archive.open(member) as source, target.open("wb") as kept:
                shutil.copyfileobj(source, kept, COPIED)
            with target.open("rb") as content:
                unpacked.append(Member(name, target, hashlib.file_digest(content, "sha256").hexdigest()))
    return unpacked


def names_in(path: Path) -> set[str]:
    """The names of the members of an archive."""
    with told_as_damaged(ZIP), opened_archive(path, ZIP) as archive:
        return set(archive.namelist())


def natural(name: str) -> list[tuple[int, str]]:
    """Part 10 comes after part 2."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]
