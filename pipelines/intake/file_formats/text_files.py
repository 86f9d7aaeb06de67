"""Text that the reader does not take as it stands, and text as a sheet where several files are one table."""

import codecs
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa

from pipelines.intake.file_formats.sheets import Sheet, TextFile
from pipelines.intake.file_kind import utf_of
from pipelines.intake.find_header import beginning, known_by
from pipelines.intake.land import BLOCK, first_bytes, open_plain
from pipelines.intake.other_encoding import OTHER
from pipelines.intake.quotation import LONGEST_RECORD, cells_of
from pipelines.intake.separators import COMMA, MARK
from schemas.contract import Contract

FIRST_LINES = 64
"""Lines in which a header is looked for."""
MOST_JOINED = 20
"""Lines that a quoted cell is followed over."""


def ends_in_returns(start: bytes) -> bool:
    """Whether text that begins so has carriage returns for line ends."""
    line = start.split(b"\n", 1)[0].removesuffix(b"\r")
    bare = start.count(b"\r") - start.count(b"\r\n")
    return b"\r" in line and bare > start.count(b"\n")


def with_line_feeds(path: Path, target: Path) -> None:
    """Write text of single bytes with carriage returns for line ends, with line feeds."""
    with open_plain(path) as source, pa.output_stream(target, compression="zstd") as kept:
        held = b""
        for block in iter(partial(source.read, BLOCK), b""):
            piece = held + block
            # What follows a last carriage return is not known yet.
            held = piece[-1:] if piece.endswith(b"\r") else b""
            kept.write(piece[: len(piece) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        kept.write(held.replace(b"\r", b"\n"))


def as_utf_8(path: Path, target: Path) -> str:
    """Write text of UTF-16 or UTF-32 in UTF-8, with line feeds for line ends, and return the encoding it was in.

    What is no character becomes U+FFFD.
    """
    with open_plain(path) as source, pa.output_stream(target, compression="zstd") as kept:
        start = first_bytes(source, BLOCK)
        encoding = utf_of(start) or "utf-16-le"
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        # Line ends are looked for in text: their bytes are those of other characters too.
        returns = ends_in_returns(start.decode(encoding, "ignore").encode("utf-8"))
        first = True
        for block in (start, *iter(partial(source.read, BLOCK), b""), b""):
            text = decoder.decode(block, final=not block)
            text = text.removeprefix("\ufeff") if first else text
            kept.write((text.replace("\r", "\n") if returns else text).encode("utf-8", "replace"))
            first = False
    return encoding


def text_sheet(name: str, file: TextFile, contract: Contract) -> Sheet:
    """A text file as a sheet."""
    return Sheet(name, lambda: text_rows(file, separator_of(file, contract)), text=file)


def separator_of(file: TextFile, contract: Contract) -> str:
    """The separator at which most columns of the contract are found (`pipelines.intake.find_header`)."""
    encoding = file.encoding.removesuffix("-sig")
    with open_plain(file.path) as stream:
        found = beginning(first_bytes(stream, BLOCK), [encoding, OTHER[encoding]], known_by(contract))
    return found.layout.separator.text if found else COMMA


def text_rows(file: TextFile, separator: str) -> Iterator[list[str]]:
    """The rows of a text file, cut at the separator; a cell whose quotation is not ended is taken as it is."""
    lines = _lines(file)
    width = 0
    ahead: list[str] = []
    while ahead or (line := next(lines, None)) is not None:
        text = ahead.pop(0) if ahead else line or ""
        if '"' not in text:
            yield text.split(separator) if text else []
            width = max(width, text.count(separator) + 1)
            continue
        joined = text
        while joined.count('"') % 2 and len(ahead) < MOST_JOINED and len(joined) < LONGEST_RECORD:
            following = next(lines, None)
            if following is None:
                break
            ahead.append(following)
            joined += "\n" + following
        cells = _cut(joined, separator)
        if ahead and (joined.count('"') % 2 or len(cells) != width):
            yield text.split(separator)
        else:
            ahead.clear()
            width = max(width, len(cells))
            yield cells


def _cut(text: str, separator: str) -> list[str]:
    """The cells of a record as the reader cuts them: a carriage return that ends no line is a blank."""
    mark = separator if separator.isascii() else MARK.decode()
    record = text.replace(separator, mark).replace("\r\n", "\n").replace("\r", " ").encode()
    return [cell.decode().replace(mark, separator) for cell in cells_of(record, mark.encode())]


def _lines(file: TextFile) -> Iterator[str]:
    with open_plain(file.path) as stream:
        held = b""
        for block in iter(partial(stream.read, BLOCK), b""):
            *whole, held = (held + block).split(b"\n")
            for line in whole:
                yield _decoded(line, file.encoding)
            if len(held) > LONGEST_RECORD:
                # No row is as long; the reader sets it apart.
                yield _decoded(held, file.encoding)
                held = b""
        if held:
            yield _decoded(held, file.encoding)


def _decoded(line: bytes, encoding: str) -> str:
    """The line in the file's encoding, or in the other one where it is none in the first."""
    line = line.removesuffix(b"\r").removeprefix(codecs.BOM_UTF8)
    other: Sequence[str] = ("gb18030",) if encoding.startswith("utf-8") else ("utf-8",)
    for tried in (encoding, *other):
        try:
            return line.decode(tried)
        except UnicodeDecodeError:
            continue
    return line.decode(encoding, "replace")
