"""What Django needs to know of the accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, and the lines their sign-ins leave in the audit log."""

    name = "review.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for sign-ins."""
        from review.accounts import sign_ins

        sign_ins.listen()
