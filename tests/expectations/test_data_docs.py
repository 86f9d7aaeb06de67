import json
from pathlib import Path
from typing import Any

import pytest

from expectations.data_docs import build_data_docs
from expectations.gate import Gate
from schemas.catalogue import load_catalogue
from tests.expectations.conforming import delivery_of

pytestmark = pytest.mark.slow

CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("night")
    fault = "UPDATE made SET displacement = -1 WHERE row_number <= 3"
    vehicles, cremations = CATALOGUE["motor_vehicle"], CATALOGUE["cremation"]
    with Gate(memory_limit="500MB", threads=2) as gate:
        verdicts = [
            delivery_of(vehicles, folder / "vehicles", 50, fault).through(gate, headers_missing=["<排量>"]),
            delivery_of(cremations, folder / "cremations", 5).through(gate),
            delivery_of(cremations, folder / "again", 7).through(gate),
        ]
    kept: list[dict[str, Any]] = json.loads(json.dumps([verdict.results for verdict in verdicts]))
    return kept


def test_the_index_names_every_delivery_and_its_result(night: list[dict[str, Any]], tmp_path: Path) -> None:
    build_data_docs(night, tmp_path / "docs")
    index = (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    assert "3 份数据,1 份未通过" in index
    assert "机动车登记" in index
    assert "3 行不符合行规则 displacement_not_negative:排量为负" in index
    assert {page.name for page in (tmp_path / "docs").iterdir()} == {
        "index.html",
        "motor_vehicle_2020-10-31.html",
        "cremation_2020-10-31.html",
        "cremation_2020-10-31_2.html",
    }
    assert 'href="cremation_2020-10-31_2.html"' in index


def test_a_page_shows_what_was_expected_and_observed(night: list[dict[str, Any]], tmp_path: Path) -> None:
    build_data_docs(night, tmp_path / "docs")
    page = (tmp_path / "docs" / "motor_vehicle_2020-10-31.html").read_text(encoding="utf-8")
    assert "未通过" in page
    assert "broken_displacement_not_negative" in page
    assert "values must belong to this set" in page
    assert "$mostly_pct" not in page
    assert "&lt;排量&gt;" in page
    assert "<排量>" not in page


def test_pages_load_nothing_from_anywhere(night: list[dict[str, Any]], tmp_path: Path) -> None:
    build_data_docs(night, tmp_path / "docs")
    for page in (tmp_path / "docs").iterdir():
        text = page.read_text(encoding="utf-8")
        assert "http" not in text
        assert "<script" not in text


def test_new_pages_replace_the_old_ones(night: list[dict[str, Any]], tmp_path: Path) -> None:
    build_data_docs(night, tmp_path / "docs")
    build_data_docs(night[1:2], tmp_path / "docs")
    assert {page.name for page in (tmp_path / "docs").iterdir()} == {"index.html", "cremation_2020-10-31.html"}
    assert [folder.name for folder in tmp_path.iterdir()] == ["docs"]


def test_other_files_are_left_alone(night: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="holds other files"):
        build_data_docs(night, tmp_path)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"
