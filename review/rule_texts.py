"""What each rule said of itself when a night was published with it: its title, its legal basis, what to check."""

from collections.abc import Iterable, Mapping
from datetime import date
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
    """In zh and en; or several such, each with ``from`` and ``to``, the days on which it is the law."""
    check_on_visit = models.JSONField()
    can_be_wrong = models.JSONField()

    objects: ClassVar[models.Manager["RuleText"]] = models.Manager()

    class Meta:
        app_label = "review"
        constraints = [models.UniqueConstraint(fields=["rule", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.rule} {self.version}"

    def in_language(self, part: str) -> str:
        """One of ``PARTS``, but for the law, in the language that is active."""
        words: Mapping[str, str] = getattr(self, part)
        return words["en" if get_language() == "en" else "zh"]

    def cited_on(self, night: date) -> str:
        """The law the rule rests on, as it was on a night, in the language that is active."""
        language = "en" if get_language() == "en" else "zh"
        if isinstance(self.legal_basis, dict):
            return str(self.legal_basis[language])
        day = night.isoformat()
        held = [law for law in self.legal_basis if (law["from"] or "") <= day <= (law["to"] or day)]
        return "; ".join(law[language] for law in held or self.legal_basis[:1])


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
