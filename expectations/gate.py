"""The gate: a delivery is accepted, or refused with its reasons, before it may replace the last good one."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb

from engines.embedded import Limits, connect
from expectations import facts as counting
from expectations.facts import GateError
from expectations.judging import judged
from expectations.suite import Expected, counts_of, expected_of
from expectations.unread import unread_shares
from expectations.wording import Circumstances, Failure, Observation, bounds_of, failure_of, observed_as_text
from schemas.contract import Contract

__all__ = ["Failure", "Gate", "GateError", "Verdict", "check_delivery", "refused_for"]


@dataclass(frozen=True)
class Verdict:
    """Whether a delivery may be used, why not, and all that was checked."""

    accepted: bool
    failures: list[Failure]
    results: dict[str, Any]
    """To be kept as JSON. The same rows under the same contract give the same results, wherever they are checked."""


class Gate:
    """Checks the deliveries of a night on one DuckDB connection; threads may share it.

    ``memory_limit`` and ``threads`` are DuckDB's; what does not fit is spilled to the folder ``spill`` (a temporary one
    if none is given). Great Expectations is imported, which takes seconds, when the first delivery is checked.
    """

    def __init__(self, *, memory_limit: str, threads: int, spill: Path | None = None) -> None:
        self._limits = Limits(memory=memory_limit, threads=threads)
        self._spill = spill
        self._closing = ExitStack()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        spill = self._spill or Path(self._closing.enter_context(tempfile.TemporaryDirectory()))
        self._connection = self._closing.enter_context(connect(spill, self._limits))
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection = None
        self._closing.close()

    def check(
        self,
        contract: Contract,
        rows: Path,
        quarantine: Path,
        *,
        landed: int,
        headers_missing: list[str],
        last_good_rows: int | None,
        delivery_date: date,
        of_nobody: int = 0,
        unread: Mapping[str, int] | None = None,
        keys_differ: bool = False,
    ) -> Verdict:
        """Judge one conformed delivery.

        ``rows`` and ``quarantine`` are Parquet files as conform writes them; ``landed`` is the number of rows that
        came, ``headers_missing`` the agreed headers that did not (some of them the delivery ``may_lack``);
        ``last_good_rows`` are the rows of the last good delivery, if there is one. ``of_nobody``: how many of the rows
        in quarantine are nobody's record, such as totals; no share of them counts. ``unread`` counts by column the
        cells of the rows that say something nobody could read: in the rows they are NULL, or the code for what their
        list lacks. ``keys_differ``: who conformed it knows that no key comes twice; it is not counted.
        Raises GateError when a check cannot run.
        """
        needed = [header for header in headers_missing if not contract.may_lack(header)]
        facts = counting.count(
            self._open_connection(),
            contract,
            rows,
            quarantine,
            counts_of(contract, delivery_date, unread or {}),
            landed=landed,
            of_nobody=of_nobody,
            headers_missing=len(needed),
            keys_differ=keys_differ,
        )
        facts |= unread_shares(contract, facts, unread or {})
        expected = expected_of(contract, facts, last_good_rows=last_good_rows, delivery_date=delivery_date)
        outcomes = [_outcome(each, facts) for each in expected]
        its = Circumstances(contract, facts, needed, last_good_rows)
        failures = [failure_of(o.expected, o.observation, its) for o in outcomes if not o.success]
        results = _kept(its, delivery_date, outcomes, failures) | {"headers_missing": headers_missing}
        return Verdict(not failures, failures, results)

    def _open_connection(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            raise GateError("the gate is closed: use it in a with statement")
        return self._connection


def check_delivery(
    contract: Contract,
    rows: Path,
    quarantine: Path,
    *,
    landed: int,
    headers_missing: list[str],
    last_good_rows: int | None,
    delivery_date: date,
    memory_limit: str,
    threads: int,
) -> Verdict:
    """Judge one delivery with a gate of its own; a night with many deliveries keeps one `Gate` open instead."""
    with Gate(memory_limit=memory_limit, threads=threads) as gate:
        return gate.check(
            contract,
            rows,
            quarantine,
            landed=landed,
            headers_missing=headers_missing,
            last_good_rows=last_good_rows,
            delivery_date=delivery_date,
        )


def refused_for(verdict: Verdict, failure: Failure | None) -> Verdict:
    """The verdict on a delivery that fails by what is known of others beside it; without a failure as it is."""
    if failure is None:
        return verdict
    results = verdict.results | {"accepted": False, "failures": [*verdict.results["failures"], asdict(failure)]}
    return replace(verdict, accepted=False, failures=[*verdict.failures, failure], results=results)


@dataclass(frozen=True)
class Outcome:
    """One expectation and what came of it."""

    expected: Expected
    success: bool
    observation: Observation
    kind: str
    result: dict[str, Any]


def _outcome(expected: Expected, facts: dict[str, float]) -> Outcome:
    metrics = {name: facts[fact] for name, fact in expected.metrics.items()}
    told = judged(expected.kind, expected.arguments, metrics)
    counts = {name: value for name, value in told["result"].items() if name != "partial_unexpected_list"}
    kind = told["type"]
    return Outcome(expected, told["success"], _observation(counts), kind, counts)


def _observation(counts: dict[str, Any]) -> Observation:
    if "observed_value" in counts:
        return Observation(counts["observed_value"], 0)
    looked_at = counts["element_count"] - counts.get("missing_count", 0)
    exceptions = counts["unexpected_count"]
    return Observation(round(1 - exceptions / looked_at, 6) if looked_at else 1.0, exceptions)


def _kept(its: Circumstances, delivery_date: date, outcomes: list[Outcome], failures: list[Failure]) -> dict[str, Any]:
    contract = its.contract
    return {
        "type": contract.name,
        "title": contract.title.model_dump(),
        "department": contract.department,
        "delivery_date": delivery_date.isoformat(),
        "accepted": not failures,
        "counts": {name: its.facts[name] for name in ("landed", "conformed", "quarantined")},
        "last_good_rows": its.last_good_rows,
        "failures": [asdict(failure) for failure in failures],
        "expectations": [
            {
                "expectation": outcome.expected.name,
                "column": outcome.expected.column,
                "row_rule": outcome.expected.subject,
                "success": outcome.success,
                "expected": bounds_of(outcome.expected),
                "observed": observed_as_text(outcome.expected, outcome.observation),
                "great_expectations": {
                    "type": outcome.kind,
                    "kwargs": {name: _plain(value) for name, value in outcome.expected.arguments.items()},
                    "result": outcome.result,
                },
            }
            for outcome in outcomes
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
