"""What each published night was made with, and what it changed."""

from typing import ClassVar

from django.db import models


class Night(models.Model):
    """One published night: what it was made with, and what it changed.

    ``types``: how fresh each type was. ``quality``: the deliveries it stood on or refused, with what was set apart and
    the shapes of a few such lines, as ``reporting.quality`` tells it; no value of a person. ``made_of``: a hash of
    all that its last publication was made of.
    """

    date = models.DateField(primary_key=True)
    published_at = models.DateTimeField()
    versions = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    types = models.JSONField(default=dict)
    quality = models.JSONField(default=dict)
    made_of = models.CharField(max_length=64, default="")

    objects: ClassVar[models.Manager["Night"]] = models.Manager()

    def __str__(self) -> str:
        return str(self.date)


class EvenHandedness(models.Model):
    """Whom the nights flag, and how often rightly: the report of one night, as ``review.even_handedness`` reads it."""

    night = models.OneToOneField(Night, on_delete=models.CASCADE, primary_key=True, related_name="even_handedness")
    report = models.JSONField()

    def __str__(self) -> str:
        return str(self.night_id)
