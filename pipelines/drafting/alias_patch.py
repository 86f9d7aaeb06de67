"""Aliases written into a contract's file where they belong, as a patch that `git apply` and `patch -p1` take."""

from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path

import yaml


def with_aliases(text: str, aliases: Mapping[str, str]) -> str:
    """The contract's text with an alias more for each column named; everything else stays as it is written."""
    inserted: list[tuple[int, str]] = []
    for column in _columns(yaml.compose(text, yaml.SafeLoader)):
        keys = {key.value: value for key, value in column.value}
        alias = aliases.get(keys["name"].value)
        if alias is not None:
            inserted.append(_insertion(column, keys, _quoted(alias)))
    for place, words in sorted(inserted, reverse=True):
        text = text[:place] + words + text[place:]
    return text


def as_patch(before: str, after: str, file: Path) -> str:
    """The difference between two texts of a file, as a unified diff."""
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file}", f"b/{file}")
    return "".join(lines)


def _columns(document: yaml.Node | None) -> list[yaml.MappingNode]:
    if not isinstance(document, yaml.MappingNode):
        return []
    found: list[yaml.MappingNode] = next(value.value for key, value in document.value if key.value == "columns")
    return found


def _insertion(column: yaml.MappingNode, keys: Mapping[str, yaml.Node], alias: str) -> tuple[int, str]:
    """Where the alias is to be written, and what."""
    listed, header = keys.get("aliases"), keys["header"]
    if isinstance(listed, yaml.SequenceNode) and listed.value:
        last = listed.value[-1].end_mark.index
        return last, f", {alias}" if listed.flow_style else f"\n{' ' * (listed.start_mark.column)}- {alias}"
    if column.flow_style:
        return header.end_mark.index, f", aliases: [{alias}]"
    return header.end_mark.index, f"\n{' ' * column.start_mark.column}aliases: [{alias}]"


def _quoted(alias: str) -> str:
    plain: str = yaml.safe_dump([alias], allow_unicode=True, default_flow_style=True, width=1_000)
    return plain.strip()[1:-1]
