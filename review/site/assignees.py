"""Who may be assigned a case."""

from django.db.models import QuerySet

from review.accounts.models import Account, Role
from review.models import Case
from review.site.titles import division_name


def assignees_within(account: Account) -> list[tuple[str, str]]:
    """User name and words for everybody in the township and county offices of the account's division."""
    within = _office_accounts().filter(division__startswith=account.division)
    return _choices(within.order_by("role", "division", "username"))


def assignees_for(account: Account, case: Case) -> list[tuple[str, str]]:
    """Those among them whose division holds the case."""
    covering = [case.division[:length] for length in range(len(account.division), len(case.division) + 1)]
    return _choices(_office_accounts().filter(division__in=covering).order_by("-role", "division", "username"))


def _office_accounts() -> QuerySet[Account]:
    return Account.objects.filter(is_active=True, role__in=(Role.TOWNSHIP, Role.COUNTY))


def _choices(accounts: QuerySet[Account]) -> list[tuple[str, str]]:
    return [(one.username, f"{one.full_name}（{division_name(one.division)}）") for one in accounts]
