"""The deliveries of the lake with what has become of each, as the newest night told the site, which knows no lake."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import models, transaction

WITHDRAWN, DROPPED = "withdrawn", "dropped"


class Delivery(models.Model):
    """One reading of a delivery."""

    delivery_id = models.CharField(max_length=120, primary_key=True)
    type_name = models.CharField(max_length=64)
    reading = models.PositiveIntegerField()
    state = models.CharField(max_length=16)
    in_use = models.BooleanField()
    day = models.DateField()
    received = models.DateField()
    file = models.CharField(max_length=300)
    rows = models.BigIntegerField()
    set_apart = models.BigIntegerField()
    noted = models.BigIntegerField()
    why_zh = models.TextField(blank=True)
    why_en = models.TextField(blank=True)

    objects: ClassVar[models.Manager["Delivery"]] = models.Manager()

    class Meta:
        app_label = "review"
        indexes = [models.Index(fields=["type_name", "day"], name="delivery_of_type")]

    def __str__(self) -> str:
        return f"{self.type_name} {self.delivery_id}"


FIELDS = tuple(field.name for field in Delivery._meta.fields)


def keep_deliveries(lines: Iterable[Mapping[str, Any]]) -> None:
    """Make the list these lines (each with ``FIELDS``); lines that are as they were are not written."""
    listed = {str(line["delivery_id"]): {name: line[name] for name in FIELDS} for line in lines}
    with transaction.atomic():
        known = {str(line["delivery_id"]): dict(line) for line in Delivery.objects.values(*FIELDS)}
        changed = [pk for pk, line in known.items() if listed.get(pk) != line]
        for start in range(0, len(changed), 500):
            Delivery.objects.filter(pk__in=changed[start : start + 500]).delete()
        new = [Delivery(**line) for pk, line in listed.items() if known.get(pk) != line]
        Delivery.objects.bulk_create(new, batch_size=500)
