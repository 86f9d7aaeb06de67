"""The rule book as the command line shows it: as JSON for programs, as rows for people."""

from collections.abc import Sequence
from typing import Any

from rules.rule import Rule

HEADINGS = (
    "规则 rule",
    "名称 title",
    "方向 direction",
    "级别 severity",
    "数据 reads",
    "参数 parameters",
    "版本 version",
)
"""What the columns of ``as_rows`` hold, in order."""
DIRECTIONS = {"doubt": "存疑 doubt", "protect": "保护 protect", "control": "抽样 control"}


def as_json(rules: Sequence[Rule]) -> dict[str, Any]:
    """The rules as plain values that ``json.dumps`` takes, without their SQL."""
    return {"rules": [rule.model_dump(mode="json", exclude={"sql", "text", "views"}) for rule in rules]}


def as_rows(rules: Sequence[Rule]) -> list[tuple[str, ...]]:
    """One row of text a rule, under ``HEADINGS``."""
    return [
        (
            rule.id,
            f"{rule.title.zh} {rule.title.en}",
            DIRECTIONS[rule.direction],
            str(rule.severity),
            ", ".join(rule.reads),
            ", ".join(rule.parameters),
            rule.version,
        )
        for rule in rules
    ]
