"""Single sign-on by OpenID Connect: the provider says who someone is, an administrator has said what they may do."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from review.accounts.models import Account


class SingleSignOn(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Opens the active account whose user name the provider's claim gives; makes none, changes none."""

    def filter_users_by_claims(self, claims: dict[str, Any]) -> QuerySet[Account]:
        """The one account of that name, if it is active."""
        name = claims.get(settings.OIDC_USERNAME_CLAIM)
        accounts = Account.objects.filter(is_active=True)
        return accounts.filter(username=name) if isinstance(name, str) and name else accounts.none()

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """A claim without the user name opens nothing."""
        return bool(claims.get(settings.OIDC_USERNAME_CLAIM))

    def update_user(self, user: Account, _claims: dict[str, Any]) -> Account:
        """Nothing: names, roles and divisions are the administrator's."""
        return user
