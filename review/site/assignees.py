"""Who may hold a case."""

from review.accounts.models import Account, Role
from review.models import Case
from review.site.titles import division_name


def assignees_within(account: Account) -> list[tuple[str, str]]:
    """User name and words for everybody in the township and county offices of the account's division."""
    found = Account.objects.filter(
        is_active=True, role__in=(Role.TOWNSHIP, Role.COUNTY), division__startswith=account.division
    ).order_by("role", "division", "username")
    return [(one.username, f"{one.full_name}（{division_name(one.division)}）") for one in found]


def assignees_for(account: Account, case: Case) -> list[tuple[str, str]]:
    """Those among them whose division holds the case."""
    covering = [case.division[:length] for length in range(len(account.division), len(case.division) + 1)]
    found = Account.objects.filter(
        is_active=True, role__in=(Role.TOWNSHIP, Role.COUNTY), division__in=covering
    ).order_by("-role", "division", "username")
    return [(one.username, f"{one.full_name}（{division_name(one.division)}）") for one in found]
