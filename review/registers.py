"""The register behind a case: what the scheme is called, and which columns of a line its page shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language

from schemas.catalogue import load_catalogue
from schemas.contract import Contract
from schemas.listed import register_of, registers_of, shown_of_household, shown_of_member
from schemas.register import HEAD

Facts = Mapping[str, Any]


def register_name(scheme: str) -> str:
    """The information type whose lines a scheme's members are; of a scheme without a register, its own name."""
    contract = _register(scheme)
    return contract.name if contract else scheme


def scheme_title(scheme: str) -> str:
    """The scheme as people call it, in the language that is active; one without a register goes by its name."""
    contract = _register(scheme)
    if contract is None:
        return scheme
    title = register_of(contract).title or contract.title
    return title.en if get_language() == "en" else title.zh


def member_columns(scheme: str) -> Sequence[str]:
    """What a case's page shows of each member, in order."""
    contract = _register(scheme)
    return shown_of_member(contract) if contract else ()


def household_columns(scheme: str) -> Sequence[str]:
    """What it shows of the household, in order."""
    contract = _register(scheme)
    return shown_of_household(contract) if contract else ()


def line_of_head(scheme: str, lines: Mapping[str, Facts]) -> Facts:
    """The head's line among those of a household, else its first one; empty where there is none."""
    contract = _register(scheme)
    relation = register_of(contract).relation if contract else None
    heads = [facts for facts in lines.values() if relation and facts.get(relation) == HEAD]
    return next(iter(heads or lines.values()), {})


def _register(scheme: str) -> Contract | None:
    return next((one for one in registers_of(load_catalogue()) if register_of(one).scheme == scheme), None)
