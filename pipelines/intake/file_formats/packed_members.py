"""The members of a zip file, which a workbook is too: whether they may be unpacked, and by which names."""

import zipfile
from contextlib import suppress
from pathlib import Path

from pipelines.intake.file_formats.damaged_file import locked, packed_otherwise, too_large
from pipelines.intake.file_kind import Kind

MOST_BYTES = 16 << 30
"""All members of an archive together, unpacked."""
MOST_TIMES, ALWAYS_ALLOWED = 400, 256 << 20
"""How many times its size an archive may unpack to, unless that is little: tables shrink to a tenth, rarely a
hundredth, and what is made to fill a disk to a thousandth."""
MOST_MEMBERS = 5_000
ENCRYPTED = 0x1
READ_WAYS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


def opened_archive(path: Path, kind: Kind) -> zipfile.ZipFile:
    """The archive, its names read as Windows in China writes them where they do not say to be UTF-8.

    Raises UnreadableDeliveryError where a member has a password, or where it unpacks to too much.
    """
    archive = zipfile.ZipFile(path)
    with suppress(UnicodeDecodeError):
        renamed = zipfile.ZipFile(path, metadata_encoding="gb18030")
        archive.close()
        archive = renamed
    members = archive.infolist()
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise locked(kind)
    if any(member.compress_type not in READ_WAYS for member in members):
        raise packed_otherwise(kind)
    unpacked, size = sum(member.file_size for member in members), path.stat().st_size
    if unpacked > MOST_BYTES or unpacked > max(ALWAYS_ALLOWED, MOST_TIMES * size):
        raise too_large(kind, f"{unpacked:,} bytes from {size:,}")
    if len(members) > MOST_MEMBERS:
        raise too_large(kind, f"{len(members):,} members")
    return archive
