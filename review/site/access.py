"""Who may open a page, and what every page needs to know."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language, gettext

from review.accounts.models import Account
from review.site import drafts
from review.site.form_pages import readable_address

View = Callable[..., HttpResponseBase]


def only(*roles: str) -> Callable[[View], View]:
    """A page for accounts of these roles: others are refused (403), who has not signed in is asked to."""

    def door(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
            if account_of(request).role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return signed_in(opened)

    return door


def signed_in(view: View) -> View:
    """A page for who has signed in: others are asked to, and then led to a page that can be read.

    What they sent while their session had ended is kept for them, where it is words.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            messages.warning(request, _not_done(request))
        return redirect_to_login(readable_address(request))

    return opened


def _not_done(request: HttpRequest) -> str:
    if drafts.keep(request):
        return gettext(
            "Your session had ended, so nothing was changed. What you wrote is kept: sign in and send it again."
        )
    if request.FILES:
        return gettext("Your session had ended, so nothing was changed. Sign in, then choose the file again.")
    return gettext("Your session had ended, so nothing was changed. Sign in, then do it again.")


def account_of(request: HttpRequest) -> Account:
    """The account that is signed in."""
    if not isinstance(request.user, Account) or not request.user.is_active:
        raise PermissionDenied
    return request.user


def lang() -> str:
    """The language of titles that do not come from the catalogues: zh or en."""
    return "en" if (get_language() or "").startswith("en") else "zh"
