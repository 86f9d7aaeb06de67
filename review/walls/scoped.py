"""The first wall: one manager for every table that speaks of a household."""

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from django.db import models
from django.db.models import Q

from review.walls import within  # noqa: F401 - the lookup
from review.walls.scope import refuse_unscoped

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from review.accounts.models import Account

M = TypeVar("M", bound=models.Model)


class Scoped(Protocol):
    """A model that says where its rows' division is found."""

    DIVISION_PATH: str


class ScopedManager(models.Manager[M]):
    """Rows of cases. At the site only ``visible_to`` gives any; the night and the commands read freely."""

    def get_queryset(self) -> models.QuerySet[M]:
        """All rows, refused while an account is looking (UnscopedQueryError)."""
        refuse_unscoped(self.model.__name__)
        return super().get_queryset()

    def visible_to(self, account: "Account | AnonymousUser | None") -> models.QuerySet[M]:
        """The rows within the account's division; none for administrators and for nobody."""
        rows = super().get_queryset()
        if account is None or not account.is_authenticated or not getattr(account, "may_read_cases", False):
            return rows.none()
        return rows.filter(self._within(account))

    def readable(self, account: "Account | None") -> models.QuerySet[M]:
        """What code shared by the site and the commands reads: ``visible_to`` the account, or everything for None."""
        return self.get_queryset() if account is None else self.visible_to(account)

    def _within(self, account: "Account") -> Q:
        path = cast("type[Scoped]", self.model).DIVISION_PATH
        condition: dict[str, Any] = {f"{path}__within": account.division}
        return Q(**condition)
