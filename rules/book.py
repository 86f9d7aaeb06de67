"""The rule book: all rules and the policy they read, as one folder holds them.

A folder of that shape (``*.sql``, ``shared/*.sql``, ``policy/*.yaml``) is this package, a copy of it to try a change
in, or the texts of a past night as the lake keeps them.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rules.declaration import RuleBookError
from rules.policy import Policy, load_policy
from rules.rule import HERE, Rule, load_rules

POLICY = "policy"


@dataclass(frozen=True)
class RuleBook:
    """The rules in the order of their names, and the policy."""

    rules: tuple[Rule, ...]
    policy: Policy

    def __getitem__(self, rule_id: str) -> Rule:
        if rule := self.find(rule_id):
            return rule
        raise RuleBookError(f"no rule {rule_id!r}: use one of {', '.join(rule.id for rule in self.rules)}")

    def find(self, rule_id: str) -> Rule | None:
        """The rule of that name, if the book has one."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def asked_beside(self, name: str) -> frozenset[str]:
        """The types that the rules which read the type ``name`` read besides: what is asked about its people."""
        return frozenset(other for rule in self.rules if name in rule.reads for other in rule.reads) - {name}

    def only(self, names: Collection[str]) -> "RuleBook":
        """The book with the rules named alone. Raises RuleBookError for one it does not have."""
        wanted = {self[name].id for name in names}
        return replace(self, rules=tuple(rule for rule in self.rules if rule.id in wanted))


@cache
def load_rule_book(folder: Path = HERE) -> RuleBook:
    """The rule book of ``folder``. Raises RuleBookError, naming the file, the key and what to do."""
    rules = load_rules(folder)
    if not rules:
        raise RuleBookError(f"{folder}: no rules: give a folder that holds *.sql, shared/ and {POLICY}/")
    return RuleBook(rules, load_policy(folder / POLICY))
