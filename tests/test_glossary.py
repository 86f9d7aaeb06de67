"""Every name that the glossary gives for a term is in the code, so that a reader who searches for it finds it."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"
CODE = ("engines", "expectations", "matchers", "pipelines", "review", "rules", "schemas")
HEADINGS = ["中文", "English", "meaning", "name in code"]
DEFINED = re.compile(
    r"^\s*(?:class|def)\s+(\w+)|^\s*(\w+)\s*(?::[^=\n]*)?=|^\s*(\w+):|\bname: (\w+)|^\s*\"(\w+)\": ", re.M
)


def rows() -> list[list[str]]:
    """The cells of every row that stands for a term."""
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row != HEADINGS and not set(row[0]) <= {"-"}]


def names() -> Iterator[str]:
    """What stands in backquotes in the last column."""
    for row in rows():
        yield from re.findall(r"`([^`]+)`", row[-1])


@cache
def defined() -> frozenset[str]:
    """Every name that a module, contract or parameter defines: classes, functions, fields, settings, keys, columns."""
    files = [file for folder in CODE for suffix in ("py", "yaml") for file in (ROOT / folder).rglob(f"*.{suffix}")]
    found = (match for file in files for match in DEFINED.findall(file.read_text(encoding="utf-8")))
    return frozenset(name for match in found for name in match if name) | {file.stem for file in files}


@pytest.mark.parametrize("name", sorted(set(names())))
def test_a_name_of_the_glossary_is_in_the_code(name: str) -> None:
    exists = (ROOT / name).exists() if "/" in name or name.endswith(".toml") else set(name.split(".")) <= defined()
    assert exists, f"docs/glossary.md names {name}, which is nowhere defined: use the name of today"


def test_every_term_has_chinese_english_a_meaning_and_a_name() -> None:
    assert all(len(row) == len(HEADINGS) and all(row) for row in rows())
    assert len({row[1] for row in rows()}) == len(rows()), "a term stands twice"
