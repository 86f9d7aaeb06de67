"""Sign in, sign out, and the first page."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class SignIn(LoginView):
    """By user name and password, and by single sign-on where the office has it."""

    template_name = "sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there is a button for single sign-on."""
        return super().get_context_data(**kwargs) | {"single_sign_on": settings.SINGLE_SIGN_ON}


class SignOut(LogoutView):
    """By POST only, so that no link elsewhere can do it."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - as Django declares it


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where one arrives after signing in."""
    return render(request, "home.html")
