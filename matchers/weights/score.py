"""Candidate pairs weighed: a weight for each distinct pattern, and what the values' frequencies add to it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from engines.connection import Connection
from matchers.queries import query
from matchers.weights.compare import Counts, Patterns
from matchers.weights.comparisons import Comparison
from matchers.weights.frequencies import frequency_bits
from matchers.weights.model import Model


def score_pairs(
    con: Connection,
    model: Model,
    compared: tuple[Comparison, ...],
    patterns: tuple[Patterns, Counts],
    table: str,
) -> str:
    """Make `scored`: the pairs of the compared `table` with `weight` (bits, prior included) and `probability`.

    patterns: what `matchers.weights.compare.pattern_counts` gave for the table. The frequency tables must be there.
    """
    places = patterns[0]
    weight = np.full(len(places), model.prior_bits)
    for column, weights in enumerate(model.weights):
        weight += weights[places[:, column]]
    names = [f"g_{one.field}" for one in compared]
    columns = {name: pa.array(places[:, column], pa.uint8()) for column, name in enumerate(names)}
    con.register("pattern_weight", pa.table({**columns, "weight": weight}))
    bits, joins = frequency_bits(compared)
    con.execute(
        query(
            "weights/score",
            table=table,
            same_pattern=" AND ".join(f"w.{name} = p.{name}" for name in names),
            frequency_bits=bits,
            frequency_joins=joins,
        )
    )
    con.unregister("pattern_weight")
    return "scored"
