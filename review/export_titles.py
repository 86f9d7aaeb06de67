"""Names for codes in exports: divisions and types from the catalogue, rules as the nights published them."""

from functools import cache

from review.export_row import Titles
from review.rule_texts import RuleText
from schemas.catalogue import load_catalogue
from schemas.divisions import full_name, load_divisions


def titles() -> Titles:
    """What the site calls things, in both languages; a rule no night has told of goes by its code."""
    rules = dict(RuleText.objects.order_by("pk").values_list("rule", "title"))
    return Titles(_divisions(), rules, _types())


@cache
def _divisions() -> dict[str, str]:
    return {code: full_name(code) for code in load_divisions()}


@cache
def _types() -> dict[str, dict[str, str]]:
    return {one.name: one.title.model_dump() for one in load_catalogue()}
