"""Great Expectations loads in any process, and judges our counts as it judges the rows it counts itself."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from expectations.gate import Gate
from expectations.judging import COUNTS_ONLY, great_expectations
from schemas.catalogue import load_catalogue
from tests.expectations.conforming import delivery_of

pytestmark = pytest.mark.slow

LOAD = """
import sys
from expectations.judging import great_expectations
great_expectations()
print([name for name in sys.modules if name.startswith("pyspark")])
"""
FAULTS = (
    "UPDATE made SET vehicle_kind = 'Z9' WHERE row_number <= 2",
    "UPDATE made SET owner_id = NULL, owner_id_verdict = NULL WHERE row_number <= 9",
    "UPDATE made SET owner_id_verdict = 'checksum' WHERE row_number BETWEEN 20 AND 30",
    "UPDATE made SET first_registered_on = '1066-10-14' WHERE row_number <= 5",
    "UPDATE made SET first_registered_on = NULL WHERE row_number > 30",
)


def test_it_loads_in_a_process_without_a_program_file_and_takes_no_spark() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_what_is_counted_in_one_pass_is_what_great_expectations_counts_itself(tmp_path: Path) -> None:
    delivery = delivery_of(load_catalogue()["motor_vehicle"], tmp_path, 40, *FAULTS)
    with Gate(memory_limit="500MB", threads=1) as gate:
        kept = [
            each["great_expectations"]
            for each in delivery.through(gate).results["expectations"]
            if each["great_expectations"]["type"] != "expect_column_max_to_be_between"
        ]
    rows = duckdb.read_parquet(str(delivery.rows / "**" / "*.parquet")).to_df(date_as_object=True)
    gx = great_expectations()
    batch = gx.get_context(mode="ephemeral").data_sources.pandas_default.read_dataframe(rows)
    itself = []
    for each in kept:
        expectation = getattr(gx.expectations, "".join(word.title() for word in each["type"].split("_")))
        result = batch.validate(expectation(**each["kwargs"]), result_format=COUNTS_ONLY).to_json_dict()["result"]
        itself.append({name: value for name, value in result.items() if not name.startswith("partial_unexpected")})
    assert [each["result"] for each in kept] == itself
