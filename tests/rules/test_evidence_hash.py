"""What a record said is the same for as long as its cells are, however its contract grows."""

import duckdb
import pytest

from rules.views import hash_sql
from schemas.catalogue import load_catalogue
from schemas.contract import Contract

VEHICLE = load_catalogue()["motor_vehicle"]


def hashed(contract: Contract, **cells: str) -> str:
    """The hash of a row that has these cells; the others are empty."""
    said = ", ".join(
        f"'{cells[one.name]}' AS {one.name}" if one.name in cells else f"NULL AS {one.name}" for one in contract.columns
    )
    (found,) = duckdb.execute(f"SELECT {hash_sql(contract)} FROM (SELECT {said}) AS record").fetchone() or ("",)
    return str(found)


@pytest.fixture(scope="module")
def grown() -> Contract:
    """The contract with a column more, before all others."""
    plain = VEHICLE.model_dump()
    more = {"name": "colour", "header": "颜色", "en": "Colour", "meaning": "text"}
    return Contract.model_validate(plain | {"columns": [more, *plain["columns"]]})


def test_a_column_that_a_row_does_not_have_changes_nothing(grown: Contract) -> None:
    assert hashed(grown, plate_number="贵A12345", brand="五菱") == hashed(
        VEHICLE, plate_number="贵A12345", brand="五菱"
    )


def test_a_cell_that_says_something_counts(grown: Contract) -> None:
    different = [{}, {"brand": "五菱"}, {"owner_name": "五菱"}, {"brand": "五菱", "colour": "白"}, {"brand": ""}]
    assert len({hashed(grown, plate_number="贵A12345", **cells) for cells in different}) == len(different)
