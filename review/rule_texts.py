"""What each rule said of itself when a night was published with it: its title, its legal basis, what to check."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language

PARTS = ("title", "legal_basis", "check_on_visit", "can_be_wrong")


class RuleText(models.Model):
    """One version of one rule, in words, for caseworkers. Written by the nights and never changed: flags name it."""

    rule = models.CharField(max_length=64)
    version = models.CharField(max_length=64)
    direction = models.CharField(max_length=16)
    title = models.JSONField()
    legal_basis = models.JSONField()
    check_on_visit = models.JSONField()
    can_be_wrong = models.JSONField()

    objects: ClassVar[models.Manager["RuleText"]] = models.Manager()

    class Meta:
        app_label = "review"
        constraints = [models.UniqueConstraint(fields=["rule", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.rule} {self.version}"

    def in_language(self, part: str) -> str:
        """One of ``PARTS`` in the language that is active."""
        words: Mapping[str, str] = getattr(self, part)
        return words["en" if get_language() == "en" else "zh"]


def keep_texts(rules: Iterable[Mapping[str, Any]]) -> None:
    """Keep the words of versions not known yet; each has ``id``, ``version``, ``direction`` and ``PARTS`` in zh, en."""
    RuleText.objects.bulk_create(
        [
            RuleText(
                rule=rule["id"],
                version=rule["version"],
                direction=rule["direction"],
                **{part: rule[part] for part in PARTS},
            )
            for rule in rules
        ],
        ignore_conflicts=True,
    )


def newest_titles() -> dict[str, str]:
    """Every rule ever published, with its newest title in the language that is active."""
    return {text.rule: text.in_language("title") for text in RuleText.objects.order_by("pk")}
