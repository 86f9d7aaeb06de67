"""What a person gives with each act, checked as far as it can be without the case."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from review.case_life.refusals import IncompleteError
from review.case_life.table import Action
from review.models import Outcome


def _tidy(value: Any) -> Any:
    """One line of text without blanks around it, full-width letters and digits made plain."""
    return " ".join(unicodedata.normalize("NFKC", value).split()) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    return None if value == "" else value


Text = Annotated[str, BeforeValidator(_tidy)]
Day = Annotated[date, BeforeValidator(_day)]


class Given(BaseModel):
    """With every act: a note, empty where none is needed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Annotated[str, BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)] = ""


class Assign(Given):
    """``assigned_to``: the user name of whoever holds the case from now on."""

    assigned_to: Text


class Visit(Given):
    """``note``: what was found at the household."""

    visited_on: Day


class Decide(Given):
    """The outcome, and for less aid the two people who looked."""

    outcome: Outcome
    investigator: Text = ""
    second_investigator: Text = ""


class Notify(Given):
    """When the household was told in writing, and the last day on which it may object."""

    notified_on: Day
    objection_ends_on: Day


class Object(Given):
    """``note``: what the household says."""

    objected_on: Day


FORMS: dict[Action, type[Given]] = {
    Action.ASSIGN: Assign,
    Action.VISIT: Visit,
    Action.DECIDE: Decide,
    Action.NOTIFY: Notify,
    Action.OBJECT: Object,
    Action.RECTIFY: Given,
    Action.CLOSE_COUNTY: Given,
    Action.CLOSE_PROVINCE: Given,
    Action.SEND_BACK: Given,
    Action.REOPEN: Given,
}
NOTE_NEEDED = (Action.VISIT, Action.OBJECT, Action.RECTIFY, Action.SEND_BACK, Action.REOPEN)


def given(action: Action, data: Mapping[str, Any]) -> Given:
    """``data`` as the action needs it. Raises IncompleteError, naming each field."""
    try:
        read = FORMS[action].model_validate(dict(data))
    except ValidationError as error:
        raise IncompleteError({str(one["loc"][0]): _words(one["type"]) for one in error.errors()}) from None
    if action in NOTE_NEEDED and not read.note:
        raise IncompleteError({"note": gettext("Say why, in a few words.")})
    return read


def _words(kind: str) -> str:
    if kind == "extra_forbidden":
        return gettext("This field does not belong to the act.")
    if kind.startswith("date"):
        return gettext("Give a date, such as 2020-11-02.")
    if kind == "enum":
        return gettext("Choose one of the outcomes.")
    return gettext("Fill this in.")
