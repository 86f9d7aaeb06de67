"""The rule texts and policies that past nights were flagged with, kept in the lake by the hash of their content.

``rule_book/rules/<version>/<rule>.sql`` with its shared views, ``rule_book/policy/<version>/*.yaml``: plain files, for
anybody to read, and for a past night to be run again with.
"""

from pathlib import Path

from engines.lake import Lake, written_in_one_step
from rules.book import RuleBook
from rules.declaration import RuleBookError
from rules.policy import Policy, load_policy
from rules.rule import SHARED, Rule, read_rule


def keep_rule_book(lake: Lake, book: RuleBook) -> None:
    """Keep every text of ``book`` that the lake does not have yet."""
    for rule in book.rules:
        folder = _rule_folder(lake, rule.version)
        for view in rule.views:
            _keep(folder / SHARED / f"{view.id}.sql", view.text)
        _keep(folder / f"{rule.id}.sql", rule.text)
    for name, text in book.policy.texts.items():
        _keep(_policy_folder(lake, book.policy.version) / f"{name}.yaml", text)


def kept_rule(lake: Lake, rule_id: str, version: str) -> Rule:
    """A rule as it was. Raises RuleBookError where the lake does not have that text, or has it altered."""
    file = _rule_folder(lake, version) / f"{rule_id}.sql"
    if not file.exists():
        raise RuleBookError(f"the lake keeps no text of rule {rule_id}, version {version}: run its night again")
    rule = read_rule(file, of_a_past_night=True)
    _unaltered(file, rule.version, version)
    return rule


def kept_policy(lake: Lake, version: str) -> Policy:
    """The policy as it was. Raises RuleBookError where the lake does not have it, or has it altered."""
    folder = _policy_folder(lake, version)
    if not folder.exists():
        raise RuleBookError(f"the lake keeps no policy of version {version}: run its night again")
    policy = load_policy(folder)
    _unaltered(folder, policy.version, version)
    return policy


def _keep(file: Path, text: str) -> None:
    if not file.exists():
        written_in_one_step(file, text.encode())


def _unaltered(where: Path, found: str, expected: str) -> None:
    if found != expected:
        raise RuleBookError(f"{where}: was altered after it was kept (is {found}): restore it from a backup")


def _rule_folder(lake: Lake, version: str) -> Path:
    return lake.root / "rule_book" / "rules" / version


def _policy_folder(lake: Lake, version: str) -> Path:
    return lake.root / "rule_book" / "policy" / version
