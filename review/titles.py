"""Names for codes: divisions and types from the catalogue, rules as the nights published them."""

from functools import cache

from django.apps import apps

from review.export_row import Titles
from schemas.catalogue import load_catalogue
from schemas.divisions import full_name, load_divisions, name_of, padded


def titles() -> Titles:
    """What the site calls things, in both languages."""
    return Titles(_divisions(), _rules(), _types())


def division_name(digits: str) -> str:
    """The name of a division by its first digits; the digits where the reference has no such division."""
    return name_of(padded(digits)) or digits


def type_titles(lang: str) -> dict[str, str]:
    """Every type's title in one language."""
    return {name: title[lang] for name, title in _types().items()}


def rule_titles(lang: str) -> dict[str, str]:
    """The title of every rule that a night has told of, in one language."""
    return {name: title[lang] for name, title in _rules().items() if lang in title}


def _rules() -> dict[str, dict[str, str]]:
    if "ruletext" not in apps.get_app_config("review").models:
        return {}
    told = apps.get_model("review", "RuleText")._default_manager.order_by("pk").values_list("rule", "title")
    return dict(told)


@cache
def _divisions() -> dict[str, str]:
    return {code: full_name(code) for code in load_divisions()}


@cache
def _types() -> dict[str, dict[str, str]]:
    return {one.name: one.title.model_dump() for one in load_catalogue()}
