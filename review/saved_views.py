"""Filters of the work list that a person keeps under a name."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext

from review.accounts.models import Account
from review.case_life.refusals import IncompleteError, NotAllowedError

MOST_VIEWS = 30


class SavedView(models.Model):
    """One filter, as the words of an address, of one account. Nobody else sees it."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
    words = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["SavedView"]] = models.Manager()

    class Meta:
        app_label = "review"
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="one_view_a_name")]

    def __str__(self) -> str:
        return self.name


def views_of(account: Account) -> list[SavedView]:
    """The account's own views, by name."""
    return list(SavedView.objects.filter(account=account).order_by("name"))


def save_view(account: Account, name: str, words: dict[str, str]) -> SavedView:
    """Keep a filter's words (``WorkFilter.words``) under the name; one of that name is replaced.

    Raises IncompleteError: no name, or too many views.
    """
    name = " ".join(name.split())[:40]
    if not name:
        raise IncompleteError({"name": gettext("Give the view a name.")})
    kept = SavedView.objects.filter(account=account)
    if not kept.filter(name=name).exists() and kept.count() >= MOST_VIEWS:
        raise IncompleteError({"name": gettext("You have too many saved views: delete one first.")})
    view, _new = SavedView.objects.update_or_create(account=account, name=name, defaults={"words": words})
    return view


def forget_view(account: Account, key: int) -> None:
    """Forget one of the account's own views. Raises NotAllowedError for any other."""
    forgotten, _tables = SavedView.objects.filter(account=account, pk=key).delete()
    if not forgotten:
        raise NotAllowedError(gettext("There is no such view."))
