"""Great Expectations loads in any process, whatever else is installed beside it."""

import subprocess
import sys

import pytest

LOAD = """
import sys
from expectations.duckdb_execution import great_expectations
great_expectations()
print([name for name in sys.modules if name.startswith("pyspark")])
"""


@pytest.mark.slow
def test_it_loads_in_a_process_without_a_program_file_and_takes_no_spark() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stderr
