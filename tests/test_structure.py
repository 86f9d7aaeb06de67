"""Modules stay short, and no two of them need each other."""

import ast
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 350


def packages() -> list[str]:
    """The top-level packages, as the import walls name them, and those that nothing may import."""
    walls = ConfigParser()
    walls.read(ROOT / ".importlinter")
    return [*walls["importlinter"]["root_packages"].split(), "benchmarks", "tests"]


def files() -> list[Path]:
    return [file for package in packages() for file in sorted((ROOT / package).rglob("*.py"))]


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(node: ast.AST) -> Iterator[str]:
    """Every name that is imported below ``node``, in functions too, but not for the type checker alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield from imported(other)
        elif isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "relative imports are not followed"
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        else:
            yield from imported(child)


def needed(module: str, text: str, modules: set[str]) -> set[str]:
    """The modules that ``module`` imports, and the packages around them, which Python loads first."""
    found = set()
    for name in imported(ast.parse(text)):
        parts = name.split(".")
        prefixes = {".".join(parts[:length]) for length in range(1, len(parts) + 1)} & modules
        found |= {prefix for prefix in prefixes if not f"{module}.".startswith(f"{prefix}.")}
    return found


def circle(texts: Mapping[str, str]) -> list[str]:
    """Modules (name to text) that import each other in a circle, the first again at the end; empty without one."""
    graph = {module: needed(module, text, set(texts)) for module, text in texts.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.slow
def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle({module_name(file): file.read_text(encoding="utf-8") for file in files()}) == []


def test_an_import_inside_a_function_closes_a_circle_and_one_for_types_does_not() -> None:
    texts = {"house": "", "house.roof": "from house import wall", "house.wall": "import house.door"}
    assert circle(texts | {"house.door": "def opened():\n    from house.roof import tile"}) != []
    assert circle(texts | {"house.door": "if TYPE_CHECKING:\n    from house.roof import tile"}) == []
    assert circle(texts | {"house.door": "from house.handle import knob", "house.handle": ""}) == []


def test_a_package_that_gathers_what_its_modules_define_is_no_circle() -> None:
    gathered = {"tables": "from tables.case import Case\nfrom views import View", "tables.case": "", "views": ""}
    assert circle(gathered) == []
    assert circle(gathered | {"views": "from tables.case import Case"}) != []


def test_no_module_is_longer_than_one_reads_at_a_sitting() -> None:
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines()) for file in files()
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}
