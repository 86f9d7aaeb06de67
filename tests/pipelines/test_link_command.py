"""What `hedui link` promises to somebody with two tables of their own."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from matchers.columns import MissingColumnsError
from matchers.tables.explain_pairs import explain_pair
from matchers.tables.link_tables import link_tables
from matchers.tables.reference_page import PAGE, with_kinds
from matchers.tables.sources import TableError, TableMissingError
from matchers.weights.model import ModelError
from matchers.weights.spec import SpecError, load_spec
from pipelines.command_line import app

SPEC = """
id: id
fields:
  name: {kind: latin_name}
  born: {kind: date}
  town: {kind: code}
blocking: [[name.soundex], [born]]
comparisons: [{field: name}, {field: born}, {field: town}]
thresholds: {match: 0.9, possible: 0.2, margin: 1}
"""
GIVEN = ("anna", "bruno", "carla", "david", "elena", "franz", "greta", "hugo", "irene", "jakob")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty people in left.csv and, with slips, in right.parquet; their spec; and the truth."""
    rows = [
        (
            f"p{place}",
            f"{GIVEN[place % 10]} {GIVEN[place // 10]}son",
            f"19{40 + place}-0{1 + place % 9}-1{place % 9}",
            "t1",
        )
        for place in range(60)
    ]
    slipped = [(key, name[:-1] if place % 7 == 0 else name, *rest) for place, (key, name, *rest) in enumerate(rows)]
    for name, table in (("left", rows), ("right", slipped), ("truth", [(row[0], row[0]) for row in rows])):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            head = ("left_id", "right_id") if name == "truth" else ("id", "name", "born", "town")
            csv.writer(file).writerows([head, *table])
    pq.write_table(arrow_csv.read_csv(tmp_path / "right.csv"), tmp_path / "right.parquet")
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path


def hedui(folder: Path, *arguments: str) -> str:
    """What the command prints; its errors are raised, as the command line shows their one sentence."""
    named = [str(folder / one) if "." in one and not one.startswith("-") else one for one in arguments]
    done = CliRunner().invoke(app, ["link", *named])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_links_are_written_as_their_ending_says(folder: Path) -> None:
    for name in ("links.csv", "links.parquet"):
        hedui(folder, "left.csv", "right.parquet", "--spec", "spec.yaml", "--out", name)
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    written = pq.read_table(folder / "links.parquet").to_pylist()
    assert [row["left_id"] for row in rows] == [row["left_id"] for row in written]
    assert sum(row["left_id"] == row["right_id"] for row in rows) >= 55
    assert not list(folder.glob(".*.aside"))


def test_the_report_shows_rules_weights_links_and_thresholds_but_no_value(folder: Path) -> None:
    hedui(
        folder,
        "left.csv",
        "right.csv",
        "--spec",
        "spec.yaml",
        "--out",
        "o.csv",
        "--report",
        "r.html",
        "--truth",
        "truth.csv",
    )
    page = (folder / "r.html").read_text(encoding="utf-8")
    for said in ("name.soundex", "among matches", "before anything is compared", "By threshold", "filled, left"):
        assert said in page
    assert "anna" not in page
    assert "http" not in page


def test_pairs_are_counted_before_anything_is_compared(folder: Path) -> None:
    assert "name.soundex" in hedui(folder, "left.csv", "right.csv", "--spec", "spec.yaml", "--count")


def test_a_spec_to_begin_with_links_the_tables_it_was_made_from(folder: Path) -> None:
    hedui(folder, "left.csv", "right.csv", "--init", "--spec", "begin.yaml")
    begun = load_spec(folder / "begin.yaml")
    assert (begun.left_id, begun.birth_date) == ("id", "born")
    assert {name: str(field.kind) for name, field in begun.fields.items()}["name"] == "latin_name"
    hedui(folder, "left.csv", "right.csv", "--spec", "begin.yaml", "--out", "o.csv")
    with pytest.raises(SpecError, match="is there already"):
        hedui(folder, "left.csv", "right.csv", "--init", "--spec", "begin.yaml")
    assert hedui(folder, "left.csv", "--dedupe", "--init").startswith("# A guess")


@pytest.mark.parametrize(
    ("arguments", "change", "error", "said"),
    [
        (("none.csv", "right.csv", "o.csv"), "", TableMissingError, "there is no such file"),
        (("spec.txt", "right.csv", "o.csv"), "", TableError, "neither CSV nor Parquet"),
        (("left.csv", "right.csv", "o.xlsx"), "", TableError, "End its name in .parquet or .csv"),
        (("left.csv", "broken.parquet", "o.csv"), "", TableError, "cannot be read"),
        (("left.csv", "twice.csv", "o.csv"), "", TableError, "repeated in 1 rows"),
        (("left.csv", "truth.csv", "o.csv"), "", MissingColumnsError, "It has left_id, right_id"),
        (
            ("left.csv", "right.csv", "o.csv"),
            "{field: name}|{field: name, levels: [rhymes]}",
            SpecError,
            "no level 'rhymes'",
        ),
        (
            ("left.csv", "right.csv", "o.csv"),
            "{field: name}|{field: name, levels: [{sql: l.name.nothing = 1}]}",
            SpecError,
            "own sql cannot be read",
        ),
        (("left.csv", "right.csv", "o.csv", "--model", "none.json"), "", ModelError, "no such model"),
        (("left.csv", "right.csv", "o.csv", "--model", "spec.yaml"), "", ModelError, "train it again"),
    ],
)
def test_a_mistake_is_one_sentence_with_what_to_do(
    folder: Path, arguments: tuple[str, ...], change: str, error: type[Exception], said: str
) -> None:
    (folder / "broken.parquet").write_bytes(b"PAR1 no")
    (folder / "twice.csv").write_text("id,name,born,town\n1,a,2000-01-01,t\n1,b,2000-01-01,t\n", encoding="utf-8")
    before, _, after = change.partition("|")
    (folder / "spec.yaml").write_text(SPEC.replace(before, after) if change else SPEC, encoding="utf-8")
    left, right, out, *rest = arguments
    with pytest.raises(error, match=said) as raised:
        hedui(folder, left, right, "--spec", "spec.yaml", "--out", out, *rest)
    assert getattr(raised.value, "exit_code", None) == 4
    assert "\n" not in str(raised.value)
    assert not (folder / out).exists()


def test_the_example_of_the_reference_page_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python of docs/linking.md, as it stands there."""
    page = (Path(__file__).parents[2] / "docs" / "linking.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(compile(code, "docs/linking.md", "exec"), names)  # noqa: S102
    assert names["found"]


def test_one_link_is_explained_by_steps_that_add_up(folder: Path) -> None:
    con, spec = duckdb.connect(), load_spec(folder / "spec.yaml")
    result = link_tables(con, folder / "left.csv", folder / "right.csv", spec)
    assert result.model is not None
    told = explain_pair(con, spec, result.model, "p3", "p3")
    assert told is not None
    assert told.weight == pytest.approx(told.prior + sum(step.bits for step in told.steps) + told.rarity)
    assert explain_pair(con, spec, result.model, "p3", "p4") is None


def test_the_reference_page_names_every_kind_key_and_level() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_kinds(page) == page, "run python -m matchers.tables.reference_page"
