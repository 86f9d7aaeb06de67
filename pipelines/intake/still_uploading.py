"""Whether a file that was written just now is being written still: it is looked at twice before it is taken in.

A file that is quiet for as long as that may still be cut: it is then refused or set against the last good one, and
whoever completes it under its name replaces it. What changes while it is read is found by ``pipelines.intake.land``.
"""

import time
from collections.abc import Sequence

from pipelines.intake.inbox import InboxFile

RECENT_SECONDS = 120
"""Who wrote to a file within so many seconds may not be done."""


def at_rest(files: Sequence[InboxFile], pause: float) -> list[InboxFile]:
    """The files without those that change within ``pause`` seconds: these are for the next night.

    Only where one of them was written just now is there a pause, one for all. A clock that is behind is no matter:
    what was written in the future was written just now.
    """
    since = time.time_ns() - RECENT_SECONDS * 1_000_000_000
    recent = {file.source for file in files if file.modified_ns > since}
    if not recent or pause <= 0:
        return list(files)
    time.sleep(pause)
    return [file for file in files if file.source not in recent or _is_as_found(file)]


def _is_as_found(file: InboxFile) -> bool:
    try:
        facts = file.path.lstat()
    except OSError:
        return False
    # Of what is no regular file no size was kept.
    return facts.st_mtime_ns == file.modified_ns and file.size in (0, facts.st_size)
