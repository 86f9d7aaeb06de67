"""Cases as lists show them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from review.accounts.models import Account
from review.masking import mask_name
from review.models import Case, Flag
from review.rule_texts import newest_titles
from review.site.titles import days_since, division_name

RULES_SHOWN = 3


@dataclass(frozen=True)
class Line:
    """One case, personal data masked. ``grounds``: title and direction of each rule with an open flag."""

    case: Case
    head_name: str
    place: str
    grounds: Sequence[tuple[str, str]]
    more_grounds: int
    days: int


def lines_of(account: Account, found: Sequence[Case]) -> list[Line]:
    """A line for each case, in the same order."""
    flags = Flag.objects.visible_to(account).filter(case__in=[case.pk for case in found], cleared_night__isnull=True)
    titles = newest_titles()
    grounds: dict[int, dict[str, str]] = defaultdict(dict)
    for case, rule, direction in flags.order_by("-severity", "rule").values_list("case_id", "rule", "direction"):
        grounds[case][titles.get(rule, rule)] = direction
    today = timezone.localdate()
    return [
        Line(
            case,
            mask_name(case.head_name),
            division_name(case.division, below=account.division),
            list(grounds[case.pk].items())[:RULES_SHOWN],
            max(len(grounds[case.pk]) - RULES_SHOWN, 0),
            days_since(case.opened_night, today),
        )
        for case in found
    ]
