"""Sign in and sign out."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView


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
