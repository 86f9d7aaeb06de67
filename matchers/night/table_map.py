"""The map of the night's tables in `matchers/README.md`: each step in the order of a night, what it reads and makes.

Made from the headers of `sql/*.sql` and from the Python that runs them: `python -m matchers.night.table_map`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matchers.night.stages import STAGES

MATCHERS = Path(__file__).parents[1]
SQL = Path(__file__).parent / "sql"
README = MATCHERS / "README.md"
BEGIN, END = "<!-- tables: begin, written by python -m matchers.night.table_map -->", "<!-- tables: end -->"
PARTS = {
    "resolve_people": "The people of a round",
    "prefilter_records": "Which records may be theirs",
    "run_stages": "The stages",
    "weigh_unmatched": "Weighing",
    "keep_prefiltered": "Between two rounds",
    "explain": "One link explained",
    "train_province": "The province's model trained",
}
"""The functions that a night calls, in order; then what is run apart from it."""
MODULES = (*sorted(Path(__file__).parent.glob("*.py")), MATCHERS / "identity" / "name_book.py")
_HEADER = re.compile(
    r"-- reads: (?P<reads>.+)\n-- makes: (?P<makes>(?:(?!rows of ).)*?)(?:; )?(?:rows of (?P<adds>.*))?\n"
)
_MADE = re.compile(r"CREATE (?:OR REPLACE )?(?:TEMP )?(?:TABLE|VIEW) (?:IF NOT EXISTS )?(\w+)(?![\w{])")
_ADDED = re.compile(r"INSERT INTO (\w+)(?![\w{])")
_READ = re.compile(r"(?:FROM|JOIN) (\w+)(?![\w{])")


@dataclass(frozen=True)
class Header:
    """What a file of SQL says of itself: `$name` is filled in by Python.

    makes: the tables and views that are there afterwards, `rows` of a bare SELECT, or a `condition`. adds_to: tables
    that are there before, and whose rows it adds or replaces.
    """

    reads: tuple[str, ...]
    makes: tuple[str, ...]
    adds_to: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A file of SQL, or the SQL that a function holds itself, which of the `PARTS` runs it, and what it touches."""

    part: str
    name: str
    header: Header


class NoHeaderError(ValueError):
    """A file of SQL does not begin by saying what it reads and makes."""


def header_of(text: str) -> Header:
    """The header of a file of SQL.

    Raises:
        NoHeaderError: the first two lines are none.
    """
    found = _HEADER.match(text)
    if not found:
        raise NoHeaderError("the first two lines must be `-- reads: …` and `-- makes: …; rows of …`")
    return Header(_listed(found["reads"]), _listed(found["makes"]), _listed(found["adds"]))


def headers() -> dict[str, Header]:
    """The header of every file of the night's SQL, by the file's name."""
    return {file.stem: header_of(file.read_text(encoding="utf-8")) for file in sorted(SQL.glob("*.sql"))}


@cache
def steps() -> tuple[Step, ...]:
    """Every step once, in the order in which the parts first come to it."""
    walk = _Walk()
    return tuple(step for part in PARTS for step in walk.of(part))


def table_map() -> str:
    """Markdown: a table of steps for each part."""
    lines = []
    for part, title in PARTS.items():
        lines += [f"**{title}** (`{part}`)", "", "| step | reads | makes | adds rows to |", "|---|---|---|---|"]
        lines += [_line(step) for step in steps() if step.part == part]
        lines += [""]
    return "\n".join(lines)


def with_map(readme: str) -> str:
    """The README with the map between its two marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table_map()}\n{END}{after}"


class _Walk:
    """Follows the calls of the night's functions in the order of the text, and collects their SQL."""

    def __init__(self) -> None:
        self.functions: dict[tuple[str, str], ast.FunctionDef] = {}
        for module in MODULES:
            for node in ast.parse(module.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    self.functions[module.stem, node.name] = node
        self.modules = {name: module for module, name in self.functions if not name.startswith("_")}
        self.headers = headers()
        self.tables = {table for header in self.headers.values() for table in header.makes}
        self.seen: set[str] = set()

    def of(self, part: str) -> list[Step]:
        """The steps of a part that no part before it has."""
        found = self._of_function(self.modules[part], part)
        return [Step(part, name, header) for name, header in found]

    def _of_function(self, module: str, name: str) -> Iterator[tuple[str, Header]]:
        called = f"`{module}.{name}`"
        if called in self.seen:
            return
        self.seen.add(called)
        own: list[str] = []
        for node in _in_order(self.functions[module, name]):
            if isinstance(node, str):
                own.append(node)
            elif not isinstance(node.func, ast.Name):
                own += [f"CREATE VIEW {table}" for table in _registered(node)]
            else:
                yield from self._of_texts(called, own)
                yield from self._of_call(module, node.func.id, node)
        yield from self._of_texts(called, own)

    def _of_call(self, module: str, name: str, call: ast.Call) -> Iterator[tuple[str, Header]]:
        if name == "query":
            yield from self._of_files(call.args[0])
        elif (module, name) in self.functions:
            yield from self._of_function(module, name)
        elif name in self.modules:
            yield from self._of_function(self.modules[name], name)

    def _of_texts(self, called: str, texts: list[str]) -> Iterator[tuple[str, Header]]:
        """The SQL of a function up to a call, as one step; `texts` is kept on if it makes nothing."""
        text = " ".join(texts)
        made, added = (tuple(dict.fromkeys(pattern.findall(text))) for pattern in (_MADE, _ADDED))
        if made or added:
            read = tuple(dict.fromkeys(table for table in _READ.findall(text) if table in self.tables))
            self.tables.update(made)
            texts.clear()
            yield called, Header(read, made, tuple(table for table in added if table not in made))

    def _of_files(self, place: ast.expr) -> Iterator[tuple[str, Header]]:
        names = [stage.name for stage in STAGES]
        if isinstance(place, ast.Constant):
            names = [str(place.value).removeprefix("night/")]
        for name in names:
            if name in self.headers and name not in self.seen:
                self.seen.add(name)
                yield f"[{name}.sql](night/sql/{name}.sql)", self.headers[name]


def _in_order(node: ast.AST) -> Iterator[ast.Call | str]:
    """Calls, each after its own arguments, and texts, with `{` for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _in_order(child)
    if isinstance(node, ast.Call):
        yield node


def _registered(call: ast.Call) -> Iterator[str]:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "register" and isinstance(call.args[0], ast.Constant):
        yield str(call.args[0].value)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(name for name in (text or "").split(", ") if name not in ("", "nothing"))


def _line(step: Step) -> str:
    cells = (", ".join(names) for names in (step.header.reads, step.header.makes, step.header.adds_to))
    return f"| {step.name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    README.write_text(with_map(README.read_text(encoding="utf-8")), encoding="utf-8")
