"""Files other people drop: only regular ones are opened, and nothing on the way to them is a link."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

OWN_LIMITS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""What the system says where this process, and not the file, is at its limit."""
KINDS = {
    stat.S_IFLNK: ("符号链接", "a symbolic link"),
    stat.S_IFDIR: ("文件夹", "a folder"),
    stat.S_IFIFO: ("管道", "a pipe"),
    stat.S_IFSOCK: ("套接字", "a socket"),
    stat.S_IFCHR: ("设备", "a device"),
    stat.S_IFBLK: ("设备", "a device"),
}


class NotRegularError(ValueError):
    """There is something else under the name of a file. ``kind_zh`` and ``kind_en`` say what."""

    def __init__(self, mode: int) -> None:
        self.kind_zh, self.kind_en = kind_of(mode)
        super().__init__(self.kind_en)


def kind_of(mode: int) -> tuple[str, str]:
    """What a mode says a place in the file system is, in Chinese and English."""
    return KINDS.get(stat.S_IFMT(mode), ("特殊文件", "a special file"))


@contextmanager
def open_regular(path: Path, above: Path) -> Iterator[int]:
    """A descriptor to read the file from. ``above`` is trusted, every folder between it and the file is not.

    A pipe or device is never waited for. Raises NotRegularError, and OSError where the file cannot be opened.
    """
    *folders, name = path.relative_to(above).parts
    with ExitStack() as opened:
        here = _opened(opened, above, os.O_DIRECTORY)
        for folder in folders:
            here = _opened(opened, folder, os.O_DIRECTORY | os.O_NOFOLLOW, here)
        mode = os.stat(name, dir_fd=here, follow_symlinks=False).st_mode
        if not stat.S_ISREG(mode):
            raise NotRegularError(mode)
        # It may have been replaced since: a link is refused, and what is opened is looked at once more.
        file = _opened(opened, name, os.O_NOFOLLOW | os.O_NONBLOCK, here)
        if not stat.S_ISREG(mode := os.fstat(file).st_mode):
            raise NotRegularError(mode)
        yield file


def _opened(opened: ExitStack, place: str | Path, flags: int, above: int | None = None) -> int:
    descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC | flags, dir_fd=above)
    opened.callback(os.close, descriptor)
    return descriptor
