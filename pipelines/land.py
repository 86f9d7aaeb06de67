"""Land: keep the bytes of a delivery as they came, and know what they are."""

import codecs
import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import Any

import pyarrow as pa
from isal import igzip_lib
from isal.igzip import IGzipFile

from engines.lake import Lake
from pipelines.inbox import InboxFile

BLOCK = 1 << 20
ENCODINGS = ("utf-8", "gb18030")
DAMAGED: tuple[Any, ...] = (EOFError, gzip.BadGzipFile, igzip_lib.IsalError)


class UnreadableDeliveryError(ValueError):
    """A file no row can be read from. ``expectation`` names what failed; the two messages say what to do."""

    def __init__(self, expectation: str, observed: str, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.expectation = expectation
        self.observed = observed
        self.message_zh = message_zh
        self.message_en = message_en


@dataclass(frozen=True)
class Landed:
    """A delivery whose bytes are kept in the lake."""

    delivery_id: str
    sha256: str
    path: Path


def land(delivery: InboxFile, department: str, lake: Lake) -> Landed:
    """Keep the delivery's bytes in the lake, under an id made of its day, its number and their hash.

    They are packed by zstd, but for a delivery that came packed: `zstd -d` gives them back byte for byte.
    """
    packed = delivery.path.suffix == ".gz"
    name = delivery.path.name if packed else f"{delivery.path.name}.zst"
    aside = lake.folder("landed", department, delivery.type_name) / f".{name}.aside"
    digest = hashlib.sha256()
    with (
        delivery.path.open("rb") as source,
        pa.output_stream(aside, compression=None if packed else "zstd") as target,
    ):
        while block := source.read(BLOCK):
            digest.update(block)
            target.write(block)
    sha256 = digest.hexdigest()
    delivery_id = f"{delivery.delivery_date:%Y%m%d}-{delivery.received:%Y%m%d}-{delivery.sequence}-{sha256[:10]}"
    kept = lake.folder("landed", department, delivery.type_name, delivery_id) / name
    aside.replace(kept)
    return Landed(delivery_id, sha256, kept)


def likely_encoding(path: Path) -> str:
    """What ``detect_encoding`` says if the rest of the file is as its beginning; so a good file is read only once.

    Raises as ``detect_encoding`` does, as far as the beginning tells.
    """
    with open_plain(path) as stream:
        start = stream.read(BLOCK)
    if not start:
        raise UnreadableDeliveryError(
            "file_not_empty", "0 bytes", "文件为空,请部门重新交换", "the file is empty: ask the department for it again"
        )
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def detect_encoding(path: Path) -> str:
    """``utf-8-sig``, ``utf-8`` or ``gb18030``: the first that decodes the whole file.

    A file that neither decodes is taken for the one that gets further before its first fault: its faulty rows go to
    quarantine, the others are good. Raises UnreadableDeliveryError for an empty file and for a gzip stream cut short.
    """
    if likely_encoding(path) == "utf-8-sig":
        return "utf-8-sig"
    faults = {}
    for encoding in ENCODINGS:
        fault = _first_fault(path, encoding)
        if fault is None:
            return encoding
        faults[encoding] = fault
    return max(faults, key=lambda encoding: faults[encoding])


@contextmanager
def open_plain(path: Path) -> Iterator[BufferedIOBase]:
    """The delivery's bytes, unpacked when it is a gzip file, or was packed when it landed.

    Raises UnreadableDeliveryError where its gzip stream turns out to be damaged or cut short.
    """
    try:
        with _OPEN.get(path.suffix, _open_bare)(path) as stream:
            yield stream
    except DAMAGED:
        raise UnreadableDeliveryError(
            "file_complete",
            "gzip stream ends early or is damaged",
            "压缩文件不完整或已损坏,请部门重新交换",
            "the gzip file is cut short or damaged: ask the department for it again",
        ) from None


def _open_bare(path: Path) -> BufferedIOBase:
    return path.open("rb")


def _open_gzip(path: Path) -> BufferedIOBase:
    return IGzipFile(path)  # type: ignore[no-untyped-call]


def _open_zstd(path: Path) -> BufferedIOBase:
    return BufferedReader(pa.input_stream(path, compression="zstd"), BLOCK)


_OPEN = {".gz": _open_gzip, ".zst": _open_zstd}


def _first_fault(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with open_plain(path) as stream:
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
                done += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as fault:
            return done + fault.start
    return None
