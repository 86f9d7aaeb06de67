"""Why an act was refused. The words are for the person who tried; nothing has been changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext


class RefusedError(Exception):
    """An act that was not done. ``str`` is a sentence in the language that is active."""


class NoSuchCaseError(RefusedError):
    """The case does not exist, or not for this account: the two are not told apart."""

    def __init__(self) -> None:
        super().__init__(gettext("There is no such case in your division."))


class NotAllowedError(RefusedError):
    """The account's role does not do this."""


class NotNowError(RefusedError):
    """The case's state does not lead there, or something must happen first."""


class IncompleteError(RefusedError):
    """What was given does not do. ``fields``: name of the field to what is wrong with it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = fields


@dataclass(frozen=True)
class Change:
    """Something that happened to the case since it was looked at: who, when, what, and the state after it."""

    at: datetime | None
    actor: str
    action: str
    state: str


class ConflictError(RefusedError):
    """Someone else, or a night, was faster. ``changes`` says what happened, ``version`` what the case is at now."""

    def __init__(self, version: int, changes: Sequence[Change]) -> None:
        super().__init__(gettext("The case has changed since you opened it: look at it again before you act."))
        self.version = version
        self.changes = tuple(changes)


class BusyError(RefusedError):
    """Someone is at work on one of the chosen cases this very moment."""

    def __init__(self) -> None:
        super().__init__(gettext("Someone, or the night, is changing one of these cases now: try again in a minute."))
