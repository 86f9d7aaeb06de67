"""What Django needs to know of this application."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The review: nights, cases, flags, decisions, audit."""

    name = "review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for sign-ins, which end what somebody else was writing."""
        from review.site import drafts

        drafts.listen()
