"""Great Expectations judges what was counted: its expectations, its verdicts and its results, without its queries.

Left to itself it asks the rows several questions an expectation, one after the other. What it would ask is counted in
one pass instead (see expectations.facts), and handed to each expectation as the metrics it names.
Importing it takes seconds, so it happens in functions, when the first delivery is checked.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
"""Results carry counts and no values: a value may be somebody's."""
SPARK = ("pyspark", "pyspark.sql.connect")
_IMPORTING = Lock()


def great_expectations() -> Any:
    """The Great Expectations package, imported so that it calls nobody and takes no Spark for its engine."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _IMPORTING, _as_if_not_installed(SPARK):
        import great_expectations as gx

    return gx


@contextmanager
def _as_if_not_installed(packages: Sequence[str]) -> Iterator[None]:
    """Let an import pass these packages by.

    Where PySpark lacks one of its extras, Great Expectations' attempt to import it ends the process without an error.
    """
    if "great_expectations" in sys.modules:
        yield
        return
    loaded = {name: sys.modules[name] for name in packages if name in sys.modules}
    sys.modules.update(dict.fromkeys(packages))  # type: ignore[arg-type]  # None is how Python says "not there"
    try:
        yield
    finally:
        for name in packages:
            del sys.modules[name]
        sys.modules.update(loaded)


def judged(kind: str, arguments: Mapping[str, Any], metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What the expectation ``kind`` of Great Expectations says: its ``type``, ``success`` and ``result``.

    ``metrics`` gives by its name what it asks about the rows, as ``column.max``; of the values themselves it is told
    none. Raises KeyError where it asks for another metric.
    """
    gx = great_expectations()
    expectation = getattr(gx.expectations, kind)(**arguments)
    asked = _asked(kind, expectation)
    known = {name: [] if name.endswith(".unexpected_values") else metrics[name] for name in asked.metrics}
    # ``metrics_validate`` would work out anew, of every expectation, what it asks for: nearly all of its time.
    found = expectation._validate(metrics=known, runtime_configuration={"result_format": asked.result_format})
    told: dict[str, Any] = gx.core.ExpectationValidationResult(**found).to_json_dict()
    return {"type": expectation.expectation_type, "success": told["success"], "result": told["result"]}


@dataclass(frozen=True)
class _Asked:
    """What expectations of one kind ask for, whatever their arguments: the names of metrics, and a form of result."""

    metrics: tuple[str, ...]
    result_format: Any


_ASKED: dict[str, _Asked] = {}


def _asked(kind: str, expectation: Any) -> _Asked:
    if kind not in _ASKED:
        asked = expectation.get_validation_dependencies(runtime_configuration={"result_format": COUNTS_ONLY})
        _ASKED[kind] = _Asked(tuple(asked.metric_configurations), asked.result_format)
    return _ASKED[kind]
