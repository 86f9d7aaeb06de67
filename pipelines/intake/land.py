"""Land: store the bytes of a delivery as they arrived, and find out what they are.

Only what has landed is ever read: a file may grow, be replaced or go while a night works, but what was kept of it is
what stood there as a whole.
"""

import codecs
import errno
import gzip
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from isal import igzip_lib
from isal.igzip import IGzipFile

from engines.lake import Lake
from expectations.wording import Failure
from pipelines.deliveries.receipts import OPENED
from pipelines.intake.file_kind import Kind, kind_of
from pipelines.intake.inbox import InboxFile
from pipelines.intake.regular_file import OWN_LIMITS, NotRegularError, open_regular
from schemas.masks import mask_long_numbers

BLOCK = 1 << 20
GZIP = b"\x1f\x8b"
DAMAGED: tuple[Any, ...] = (EOFError, gzip.BadGzipFile, igzip_lib.IsalError)


_PLAIN_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,119}", re.ASCII)
LOOKS = 2
"""How often a file that changes while it is read is looked at before it is left for the next night."""


class UnreadableDeliveryError(ValueError):
    """A file no row can be read from. ``expectation`` names what failed; the two messages say what to do."""

    def __init__(self, expectation: str, observed: str, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.expectation = expectation
        self.observed = observed
        self.message_zh = message_zh
        self.message_en = message_en

    @property
    def failure(self) -> Failure:
        """The error as a receipt tells it."""
        return Failure(
            self.expectation, None, "a file that can be read", self.observed, self.message_zh, self.message_en
        )


class ChangingDeliveryError(RuntimeError):
    """A file that was written, replaced or taken away while it was read: it is for the next night."""


@dataclass(frozen=True)
class Landed:
    """A delivery whose bytes are kept in the lake."""

    delivery_id: str
    sha256: str
    path: Path
    size: int
    """Of the file as it came, in bytes."""
    modified_ns: int


def land(delivery: InboxFile, department: str, lake: Lake) -> Landed:
    """Keep the delivery's bytes in the lake, under an id made of its day, its number and their hash.

    They are packed by zstd, but for a delivery that came packed: `zstd -d` gives them back byte for byte.
    Raises UnreadableDeliveryError where there is no file that can be opened, ChangingDeliveryError where it does not
    stay as it is for as long as it is read.
    """
    packed = delivery.path.suffix == ".gz"
    name = _name_in_lake(delivery) if packed else f"{_name_in_lake(delivery)}.zst"
    aside = lake.folder("landed", department, delivery.type_name) / f".{name}.aside"
    try:
        for _ in range(LOOKS):
            if came := _copy(delivery, aside, None if packed else "zstd"):
                delivery_id = id_of(delivery, came.sha256)
                kept = lake.folder("landed", department, delivery.type_name, delivery_id) / name
                aside.replace(kept)
                return Landed(delivery_id, came.sha256, kept, came.size, came.modified_ns)
    finally:
        aside.unlink(missing_ok=True)
    raise ChangingDeliveryError(delivery.source)


def _name_in_lake(delivery: InboxFile) -> str:
    """The file's own name, or a plain one in place of one that is long, personal or in no plain letters."""
    name = delivery.path.name
    if _PLAIN_NAME.fullmatch(name) and mask_long_numbers(name) == name:
        return name
    ending = ".gz" if delivery.path.suffix == ".gz" else ""
    return f"{delivery.type_name}_{delivery.delivery_date:%Y%m%d}_{delivery.sequence}{ending}"


def id_of(delivery: InboxFile, sha256: str) -> str:
    """The id of a delivery with this content."""
    return f"{delivery.delivery_date:%Y%m%d}-{delivery.received:%Y%m%d}-{delivery.sequence}-{sha256[:10]}"


class _Came(NamedTuple):
    sha256: str
    size: int
    modified_ns: int


def _copy(delivery: InboxFile, target: Path, compression: str | None) -> _Came | None:
    """Copy the file, and say what it was; None where it did not stay that."""
    digest, copied = hashlib.sha256(), 0
    with _opened(delivery) as source, pa.output_stream(target, compression=compression) as kept:
        before = os.fstat(source)
        # One that grows as fast as it is read would never end.
        while copied <= before.st_size and (block := _read(source)):
            digest.update(block)
            kept.write(block)
            copied += len(block)
        after = os.fstat(source)
    stayed = (before.st_size, before.st_mtime_ns, before.st_ctime_ns) == (
        *(after.st_size, after.st_mtime_ns, after.st_ctime_ns),
    )
    if copied != before.st_size or not stayed or not _is_there(delivery.path, before):
        return None
    return _Came(digest.hexdigest(), before.st_size, before.st_mtime_ns)


def _is_there(path: Path, facts: os.stat_result) -> bool:
    """Whether what was read still stands under its name."""
    try:
        now = path.lstat()
    except OSError:
        return False
    return (now.st_mode, now.st_size, now.st_mtime_ns) == (facts.st_mode, facts.st_size, facts.st_mtime_ns)


@contextmanager
def _opened(delivery: InboxFile) -> Iterator[int]:
    above = delivery.path.parents[delivery.source.count("/")]
    with ExitStack() as opened:
        try:
            source = opened.enter_context(open_regular(delivery.path, above))
        except NotRegularError as error:
            raise UnreadableDeliveryError(
                OPENED,
                error.kind_en,
                f"收件目录中的该名称是{error.kind_zh},不是普通文件,未打开:请移走,并把数据文件本身放在原处",
                f"this is {error.kind_en}, not a regular file, and it was not opened: remove it, "
                "and put the file itself there",
            ) from None
        except FileNotFoundError:
            raise ChangingDeliveryError(delivery.source) from None
        except OSError as error:
            raise _not_opened(error) from None
        yield source


def _read(source: int) -> bytes:
    try:
        return os.read(source, BLOCK)
    except OSError as error:
        raise _not_opened(error) from None


def _not_opened(error: OSError) -> OSError | UnreadableDeliveryError:
    """What the system says of a file in the inbox; of this process's own limits, as it says it."""
    if error.errno in OWN_LIMITS:
        return error
    said = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return UnreadableDeliveryError(
        OPENED,
        said,
        f"文件打不开或读不完({said}):请检查文件权限和存储,下一夜将再次读取",
        f"the file cannot be opened or read to its end ({said}): give this user the right to read it, and check "
        "its disk; the next night tries again",
    )


def likely_encoding(path: Path) -> str:
    """What ``detect_encoding`` says if the rest of the file is as its beginning; so a good file is read only once.

    Raises UnreadableDeliveryError for an empty file, for one that is no text with its separators in ASCII, saying
    what it is, and for a gzip stream cut short in its beginning.
    """
    with open_plain(path) as stream:
        start = first_bytes(stream, BLOCK)
    if not start.removeprefix(codecs.BOM_UTF8).strip(b"\r\n"):
        raise UnreadableDeliveryError(
            "file_not_empty",
            f"{len(start):,} bytes",
            "文件为空,请部门重新交换",
            "the file is empty: ask the department for it again",
        )
    kind = kind_of(start)
    if kind is not None:
        raise no_table(kind)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return by_characters([start])


def no_table(kind: Kind) -> UnreadableDeliveryError:
    """That a file is of a kind from which no rows are read."""
    return UnreadableDeliveryError(
        "file_is_csv",
        kind.en,
        f"文件不是可读的表格,而是{kind.zh},请部门{kind.advice_zh}",
        f"the file is not a table that is read here but {kind.en}: ask the department to {kind.advice_en}",
    )


def detect_encoding(path: Path) -> str:
    """``utf-8``, ``utf-8-sig`` where its first mark says so, or ``gb18030``: what most of its characters are.

    So neither a damaged character nor a row pasted in from elsewhere, wherever it stands, turns the others; such rows
    go to quarantine. Raises as ``likely_encoding`` does, and for a gzip stream cut short anywhere.
    """
    likely = likely_encoding(path)
    with open_plain(path) as stream:
        found = by_characters(iter(partial(stream.read, BLOCK), b""))
    return likely if likely.startswith(found) else found


def by_characters(pieces: Iterable[bytes]) -> str:
    """UTF-8 where bytes beyond ASCII make a character as often as not: those of GB18030 do so once in a while."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    beyond = faults = 0
    for piece in pieces:
        text = decoder.decode(piece)
        beyond += len(text) - len(text.encode("ascii", "ignore"))
        faults += text.count("\ufffd")
    return "utf-8" if faults * 2 <= beyond else "gb18030"


def first_bytes(stream: BufferedIOBase, size: int) -> bytes:
    """As many bytes as asked for, or all there are: one reading of a packed file may give fewer."""
    found = bytearray()
    while len(found) < size and (piece := stream.read(size - len(found))):
        found += piece
    return bytes(found)


@contextmanager
def open_plain(path: Path) -> Iterator[BufferedIOBase]:
    """The delivery's bytes, unpacked where it is a gzip file, whatever its name says, or was packed when it landed.

    Raises UnreadableDeliveryError where its gzip stream turns out to be damaged or cut short.
    """
    try:
        with _as_it_came(path) as stream:
            if not stream.peek(len(GZIP)).startswith(GZIP):
                yield stream
                return
            with IGzipFile(fileobj=stream) as unpacked:  # type: ignore[no-untyped-call]
                yield unpacked
    except DAMAGED:
        raise UnreadableDeliveryError(
            "file_complete",
            "gzip stream ends early or is damaged",
            "压缩文件不完整或已损坏,请部门重新交换",
            "the gzip file is incomplete or damaged: ask the department for it again",
        ) from None


def _as_it_came(path: Path) -> BufferedReader:
    if path.suffix == ".zst":
        return BufferedReader(pa.input_stream(path, compression="zstd"), BLOCK)
    return path.open("rb")
