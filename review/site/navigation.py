"""Where each role may go: the pages named at the top of every page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from review.accounts.models import READERS, Account, Role
from review.site.drafts import writer_token


@dataclass(frozen=True)
class Entry:
    """One page: the name of its address, its title, and the roles that are shown it."""

    address: str
    title: str | Promise
    roles: tuple[Role, ...]


PAGES = [
    Entry("home", pgettext_lazy("page", "Today"), tuple(Role)),
    Entry("work_list", pgettext_lazy("page", "Work list"), READERS),
    Entry("ledgers", pgettext_lazy("page", "Ledgers"), READERS),
    Entry("dashboard", pgettext_lazy("page", "Figures"), READERS),
    Entry("types_by_night", pgettext_lazy("page", "Types by night"), READERS),
    Entry("deliveries", pgettext_lazy("page", "Deliveries"), (Role.ENGINEER, Role.PROVINCE, Role.AUDITOR)),
    Entry("export", pgettext_lazy("page", "Export"), READERS),
    Entry("import_outcomes", pgettext_lazy("page", "Take in outcomes"), (Role.COUNTY,)),
    Entry("audit", pgettext_lazy("page", "Audit log"), (Role.AUDITOR, Role.ADMINISTRATOR)),
    Entry("accounts", pgettext_lazy("page", "Accounts"), (Role.ADMINISTRATOR,)),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every page: where this account may go, where it is, and for its forms whose they are."""
    account = getattr(request, "user", None)
    if not isinstance(account, Account):
        return {"navigation": []}
    view = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "form_of": writer_token(account),
        "navigation": [
            {"title": entry.title, "address": address, "here": view == entry.address}
            for entry in PAGES
            if account.role in entry.roles and (address := _address(entry.address))
        ],
    }


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
