"""Files that a department puts somewhere: how a place is listed, and a folder on this machine."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from pipelines.intake.regular_file import open_regular
from pipelines.sources.source_error import SourceError


@dataclass(frozen=True)
class RemoteFile:
    """A file as a listing shows it; ``modified`` in seconds since 1970."""

    name: str
    size: int
    modified: int


class Remote(Protocol):
    """A place files are fetched from: a folder here, or one of a server."""

    def listing(self) -> Iterator[RemoteFile]:
        """The files there are."""

    def fetch(self, name: str, target: BinaryIO) -> None:
        """Append to ``target`` what it does not hold yet of the file."""


@dataclass(frozen=True)
class FolderHere:
    """A folder on this machine."""

    folder: Path

    def listing(self) -> Iterator[RemoteFile]:
        """The files in it. Raises SourceError when it is not mounted, or may not be read."""
        try:
            found = sorted(self.folder.iterdir())
        except OSError as error:
            raise SourceError(
                f"the folder is not found, or cannot be read ({type(error).__name__})",
                "mount it, and let this user read it",
            ) from None
        for path in found:
            facts = path.lstat()
            if stat.S_ISREG(facts.st_mode):
                yield RemoteFile(path.name, facts.st_size, int(facts.st_mtime))

    def fetch(self, name: str, target: BinaryIO) -> None:
        """Copy on from where the target ends."""
        with open_regular(self.folder / name, self.folder) as there, open(there, "rb", closefd=False) as source:
            source.seek(target.tell())
            shutil.copyfileobj(source, target)
