"""What was edited between two rule books: rule texts line by line, and the policy values that rules read."""

from dataclasses import dataclass
from difflib import unified_diff

from rules.book import RuleBook
from rules.rule import Rule


@dataclass(frozen=True)
class Edit:
    """A rule, or a parameter that rules read, which reads otherwise in another book."""

    name: str
    kind: str
    """*rule* or *policy*."""
    before: str
    """The version of the rule, or of the policy, then."""
    after: str | None
    """The same now; None where there is none any more."""
    diff: str
    """Unified diff of the texts, shared views included."""


def edits_of(before: RuleBook, after: RuleBook) -> list[Edit]:
    """Every rule of ``before`` that reads otherwise in ``after``, and every parameter one of them reads."""
    edits = [edit for rule in before.rules if (edit := _rule(rule, after)).before != edit.after]
    if before.policy.version == after.policy.version:
        return edits
    read = sorted({name for rule in before.rules for name in rule.parameters})
    for name in read:
        old, new = before.policy.texts.get(name, ""), after.policy.texts.get(name, "")
        if old != new:
            version = after.policy.version if new else None
            edits.append(Edit(name, "policy", before.policy.version, version, _diff(f"{name}.yaml", old, new)))
    return edits


def _rule(rule: Rule, after: RuleBook) -> Edit:
    now = after.find(rule.id)
    old, new = _texts(rule), _texts(now) if now else {}
    files = sorted(old.keys() | new.keys(), key=lambda file: (file.startswith("shared/"), file))
    diff = "".join(_diff(file, old.get(file, ""), new.get(file, "")) for file in files)
    return Edit(rule.id, "rule", rule.version, now.version if now else None, diff)


def _texts(rule: Rule) -> dict[str, str]:
    return {f"{rule.id}.sql": rule.text} | {f"shared/{view.id}.sql": view.text for view in rule.views}


def _diff(file: str, old: str, new: str) -> str:
    lines = unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), f"then/{file}", f"now/{file}")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
