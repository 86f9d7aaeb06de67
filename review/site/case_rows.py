"""Cases as lists show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from review.accounts.models import Account
from review.models import Case
from review.rule_texts import newest_titles
from review.site.titles import days_since, division_name
from schemas.masks import mask_name

RULES_SHOWN = 3


@dataclass(frozen=True)
class CaseRow:
    """One case, personal data masked. ``grounds``: title and direction of each rule with an open flag."""

    case: Case
    head_name: str
    place: str
    grounds: Sequence[tuple[str, str]]
    more_grounds: int
    days: int


def rows_for(account: Account, found: Sequence[Case]) -> list[CaseRow]:
    """A line for each case, in the same order."""
    titles = newest_titles()
    today = timezone.localdate()
    return [
        CaseRow(
            case,
            mask_name(case.head_name),
            division_name(case.division, below=account.division),
            grounds[:RULES_SHOWN],
            max(len(grounds) - RULES_SHOWN, 0),
            days_since(case.opened_night, today),
        )
        for case in found
        for grounds in [_grounds(case, titles)]
    ]


def _grounds(case: Case, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Title and direction of each rule with an open flag, the most severe first."""
    grounds = [ground.split(":") for ground in case.open_grounds.split()]
    grounds.sort(key=lambda ground: (-int(ground[2]), ground[0]))
    return list({titles.get(rule, rule): direction for rule, direction, _severity in grounds}.items())
