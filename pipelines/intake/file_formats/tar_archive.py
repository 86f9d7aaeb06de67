"""Tar archives, gzip or not: the files in them that may be part of a delivery."""

import hashlib
import tarfile
from pathlib import Path

from pipelines.intake.file_formats.damaged_file import told_as_damaged, too_large
from pipelines.intake.file_formats.packed_members import MOST_BYTES, MOST_MEMBERS
from pipelines.intake.file_formats.zip_archive import NOT_SENT, Member, natural
from pipelines.intake.file_kind import TAR
from pipelines.intake.land import BLOCK, open_plain
from pipelines.intake.printable import as_text


def tar_members(path: Path, folder: Path) -> list[Member]:
    """The files in an archive, unpacked into a folder under numbers, in the order of their names. Links are none.

    Raises UnreadableDeliveryError where the archive is damaged or unpacks to too much.
    """
    unpacked: list[Member] = []
    size = 0
    with (
        told_as_damaged(TAR, tarfile.TarError),
        open_plain(path) as stream,
        tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape") as archive,
    ):
        for count, member in enumerate(archive, start=1):
            name = as_text(member.name)
            if count > MOST_MEMBERS:
                raise too_large(TAR, f"more than {MOST_MEMBERS:,} members")
            source = archive.extractfile(member) if member.isreg() and member.size else None
            if source is None or NOT_SENT.search(name):
                continue
            size += member.size
            if size > MOST_BYTES:
                raise too_large(TAR, f"more than {MOST_BYTES:,} bytes")
            target, digest = folder / f"{len(unpacked):05}", hashlib.sha256()
            with target.open("wb") as kept:
                while block := source.read(BLOCK):
                    digest.update(block)
                    kept.write(block)
            unpacked.append(Member(name, target, digest.hexdigest()))
    return sorted(unpacked, key=lambda one: natural(one.name))
