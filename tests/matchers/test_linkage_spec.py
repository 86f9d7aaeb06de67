"""A spec is checked when it is read, and an error says where and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from matchers.weights.comparisons import comparisons
from matchers.weights.spec import SpecError, load_spec, parse_spec

SPECS = sorted((Path(__file__).parents[2] / "benchmarks" / "specs").glob("*.yaml"))


def declared(**changes: Any) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "id": "id",
        "fields": {"name": {"kind": "latin_name"}, "born": {"kind": "date"}},
        "blocking": [["name"], {"keys": ["born"], "when_large": ["name.soundex"]}],
        "comparisons": [{"field": "name"}, {"field": "born", "levels": ["equal", {"edits": 1}]}],
    }
    return spec | changes


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_specs_kept_with_the_benchmarks_are_sound(path: Path) -> None:
    spec = load_spec(path)
    assert comparisons(spec)
    assert spec.fields


def test_columns_default_to_the_fields_name() -> None:
    spec = parse_spec(declared(fields={"name": {"kind": "latin_name", "left": "owner"}, "born": {"kind": "date"}}), "x")
    assert (spec.fields["name"].left, spec.fields["name"].right) == ("owner", "owner")
    assert (spec.fields["born"].left, spec.fields["born"].right) == ("born", "born")


def test_a_key_across_two_fields() -> None:
    spec = parse_spec(declared(), "x")
    key = spec.key("name.soundex=born.year")
    assert (key.left_field, key.left_key, key.right_field, key.right_key) == ("name", "soundex", "born", "year")
    assert key.text == "name.soundex=born.year"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"blocking": [["nobody"]]}, "no field 'nobody'"),
        ({"blocking": [["name.metaphone"]]}, "it has value"),
        ({"blocking": [["name=born=name"]]}, "at most one ="),
        ({"blocking": []}, "blocking"),
        ({"comparisons": [{"field": "age"}]}, "no field 'age'"),
        ({"comparisons": [{"field": "name"}, {"field": "name"}]}, "compared twice"),
        ({"fields": {"Name": {"kind": "text"}}}, "lower-case"),
        ({"fields": {"name": {"kind": "nickname"}}}, "fields.name.kind"),
        ({"thresholds": {"match": 0.5, "possible": 0.9}}, "possible must not be above match"),
        ({"blocks": []}, "blocks"),
        ({"fields": {"name": {"kind": "text", "left": None}}}, "no column"),
        ({"fields": {"name": {"kind": "date", "from_number": "name"}}}, "must name an id_number field"),
    ],
)
def test_errors_name_the_place(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError, match=r"^my\.yaml: ") as error:
        parse_spec(declared(**changes), "my.yaml")
    assert said in str(error.value)


def test_a_level_that_does_not_exist_is_refused_with_those_that_do() -> None:
    spec = parse_spec(declared(comparisons=[{"field": "name", "levels": ["rhymes"]}]), "x")
    with pytest.raises(ValueError, match=r"no level 'rhymes' for a latin_name; there are equal, "):
        comparisons(spec)


def test_a_file_that_is_not_there_or_not_yaml(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such file"):
        load_spec(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("a: [1", encoding="utf-8")
    with pytest.raises(SpecError, match="not YAML"):
        load_spec(tmp_path / "bad.yaml")
    (tmp_path / "list.yaml").write_text("- 1", encoding="utf-8")
    with pytest.raises(SpecError, match="mapping"):
        load_spec(tmp_path / "list.yaml")


def test_the_digest_depends_on_what_a_model_depends_on() -> None:
    spec = parse_spec(declared(), "x")
    assert parse_spec(declared(thresholds={"match": 0.9}), "x").digest == spec.digest
    assert parse_spec(declared(blocking=[["name"]]), "x").digest != spec.digest
