"""What Django needs to know of this application."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The review: nights, cases, flags, decisions, audit."""

    name = "review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"
