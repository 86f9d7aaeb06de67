"""Who may open a page, and what every page needs to know."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from review.accounts.models import Account

View = Callable[..., HttpResponseBase]


def only(*roles: str) -> Callable[[View], View]:
    """A page for accounts of these roles: others are refused (403), who has not signed in is asked to."""

    def door(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
            if account_of(request).role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(opened)

    return door


def account_of(request: HttpRequest) -> Account:
    """The account that is signed in."""
    if not isinstance(request.user, Account) or not request.user.is_active:
        raise PermissionDenied
    return request.user


def lang() -> str:
    """The language of titles that do not come from the catalogues: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"
