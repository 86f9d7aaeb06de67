"""What a person gives with each act, checked as far as it can be without the case."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from review.case_life.refusals import IncompleteError
from review.case_life.table import Action
from review.days import read_day
from review.models import Outcome
from review.written_text import LONGEST_LINE, LONGEST_NOTE, cannot_be_stored, has_words


def _one_line(value: Any) -> Any:
    """One line of text without blanks around it, full-width letters and digits made plain."""
    return " ".join(unicodedata.normalize("NFKC", value).split()) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    return read_day(value.strip()) if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(max_length=LONGEST_LINE), BeforeValidator(_one_line)]
Note = Annotated[
    str,
    StringConstraints(max_length=LONGEST_NOTE),
    BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value),
]
Day = Annotated[date, BeforeValidator(_day)]


class ActInput(BaseModel):
    """With every act: a note, empty where none is needed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Note = ""


class Assign(ActInput):
    """``assigned_to``: the user name of whoever holds the case from now on."""

    assigned_to: Text


class Visit(ActInput):
    """``note``: what was found at the household."""

    visited_on: Day


class Decide(ActInput):
    """The outcome, and for less aid the two people who looked."""

    outcome: Outcome
    investigator: Text = ""
    second_investigator: Text = ""


class Notify(ActInput):
    """When the household was told in writing, and the last day on which it may object."""

    notified_on: Day
    objection_ends_on: Day


class Object(ActInput):
    """``note``: what the household says."""

    objected_on: Day


INPUT_TYPES: dict[Action, type[ActInput]] = {
    Action.ASSIGN: Assign,
    Action.VISIT: Visit,
    Action.DECIDE: Decide,
    Action.NOTIFY: Notify,
    Action.OBJECT: Object,
    Action.RECTIFY: ActInput,
    Action.CLOSE_COUNTY: ActInput,
    Action.CLOSE_PROVINCE: ActInput,
    Action.SEND_BACK: ActInput,
    Action.REOPEN: ActInput,
}
NOTE_NEEDED = (Action.VISIT, Action.OBJECT, Action.RECTIFY, Action.SEND_BACK, Action.REOPEN)


def read_input(action: Action, data: Mapping[str, Any]) -> ActInput:
    """``data`` as the action needs it. Raises IncompleteError, naming each field."""
    unkept = [name for name, value in data.items() if isinstance(value, str) and cannot_be_stored(value)]
    if unkept:
        raise IncompleteError(dict.fromkeys(unkept, gettext("It contains a character that cannot be stored.")))
    try:
        inputs = INPUT_TYPES[action].model_validate(dict(data))
    except ValidationError as error:
        raise IncompleteError(
            {str(one["loc"][0]): _message(one["type"], one.get("ctx", {})) for one in error.errors()}
        ) from None
    if (action in NOTE_NEEDED or inputs.note) and not has_words(inputs.note):
        raise IncompleteError({"note": gettext("Say why, in a few words.")})
    return inputs


def _message(kind: str, limits: Mapping[str, Any]) -> str:
    if kind == "string_too_long":
        return gettext("No more than %(most)s characters.") % {"most": f"{limits['max_length']:,}"}
    if kind == "extra_forbidden":
        return gettext("This field does not belong to the act.")
    if kind.startswith("date"):
        return gettext("Give a date, such as 2020-11-02.")
    if kind == "enum":
        return gettext("Choose one of the outcomes.")
    return gettext("Fill this in.")
