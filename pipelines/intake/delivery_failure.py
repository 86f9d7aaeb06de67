"""Whose failure it is: one bad delivery never ends a night, but an error that concerns all of them does.

A delivery that fails where nobody thought of it is tried once more alone, with connections of its own: it may have
failed for what another delivery did to those they share. Failing again, it gets a receipt that says so.
"""

import traceback
from pathlib import Path

import duckdb

from expectations.wording import Failure
from pipelines.deliveries.receipts import READ_TO_END
from pipelines.intake.printable import shown
from pipelines.progress import LOG

CONCERNS_EVERYBODY = (KeyboardInterrupt, SystemExit, GeneratorExit, OSError, duckdb.IOException)
"""Somebody stops the night, or the lake cannot be written or read: full, not permitted, gone.

Beside these the lake is written to before a delivery is given up, since libraries have their own ways to say that they
cannot. What the system says of a file in the inbox, or of a damaged one, is an UnreadableDeliveryError by then. Running
out of memory is the delivery's, since it is tried alone; whatever else a library raises, a panic included, too.
"""


def concerns_everybody(error: BaseException) -> bool:
    """Whether an error that settling a delivery raised ends the night."""
    return isinstance(error, CONCERNS_EVERYBODY)


def unforeseen(error: BaseException) -> Failure:
    """An error nobody thought of, as the receipt tells it. What it says itself may hold a value and is not repeated."""
    what = f"{_name(error)}, {_places(error)[-1]}"
    return Failure(
        expectation=READ_TO_END,
        column=None,
        expected="a file that can be read to its end",
        observed=what,
        message_zh=f"读取时出现未预见的错误({what}):文件已原样保留,其他数据不受影响;"
        "请将本条提示告知系统维护人员,下一夜将再次读取",
        message_en=f"an unexpected error occurred while it was read ({what}): the file is kept as it arrived, and no "
        "other delivery is affected; send this message to those who maintain the system; the next night tries again",
    )


def log_failure(error: BaseException, *, type_name: str, source: str) -> None:
    """Log every kind of error in the chain with the places it went through, and nothing of what they say."""
    told: list[str] = []
    link: BaseException | None = error
    while link is not None and len(told) < 10:
        told.append(f"{_name(link)} at {' < '.join(reversed(_places(link)))}")
        link = link.__cause__ or link.__context__
    LOG.error("stage=ingest type=%s file=%s failed: %s", type_name, shown(source), "; after ".join(told))


def _name(error: BaseException) -> str:
    return type(error).__name__


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames] or ["?"]
