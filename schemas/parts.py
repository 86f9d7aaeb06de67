"""How a contract says that one day of a type comes in several files: parts that add up, instead of corrections."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from schemas.declaration import Strict

ANY_NUMBER = 0
"""Nobody says how many parts there are: whatever has come of a day adds up."""
Number: TypeAlias = Annotated[int, Field(ge=2, le=999)]


class PartsSince(Strict):
    """In how many files a day comes, of the days from ``since`` on; ``of: 1``: in one file again."""

    since: date
    of: Literal[True, 1] | Number


Parts: TypeAlias = Literal[True] | Number | Annotated[tuple[PartsSince, ...], Field(min_length=1)]
"""``true``: all files of a day add up, however many. A number: so many make the day complete. A list: as of when."""


def parts_on(parts: Parts | None, day: date) -> int | None:
    """How many parts ``day`` comes in, ``ANY_NUMBER`` where that is not said; None where it comes in one file."""
    if isinstance(parts, tuple):
        since = [one for one in sorted(parts, key=lambda one: one.since) if one.since <= day]
        said: int | None = since[-1].of if since else None
        return None if said is not True and said == 1 else parts_on(said, day)
    return ANY_NUMBER if parts is True else parts
