"""recordlinkage alone: its own index, comparisons and ECM classifier, on pandas; every setting is in the README."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import recordlinkage as rl

from benchmarks.tasks import Task

LEAST_PROBABILITY = 0.05
"""Pairs below are not written; the scoring sets the threshold."""
AGREES = 0.85
"""The similarity from which two texts count as agreeing: the classifier's documented start takes two levels only."""
BLOCKS: dict[str, list[list[str]]] = {
    "province": [["number"], ["normal", "born"], ["pinyin", "county"], ["born", "town"]],
    "febrl4": [
        ["given_name", "surname"],
        ["date_of_birth"],
        ["soc_sec_id"],
        ["state", "address_1"],
        ["street_number", "address_1"],
        ["postcode"],
    ],
    "febrl3": [["soc_sec_id"], ["given_name"], ["surname"], ["date_of_birth"], ["postcode"]],
}
FEBRL_EXACT = ("date_of_birth", "soc_sec_id", "street_number", "postcode", "state")
FEBRL_TEXTS = ("given_name", "surname", "address_1", "suburb")


def link(task: Task, mode: str, model: Path, out: Path) -> None:
    """Block, compare, fit the classifier or take the fitted one's weights, and score."""
    kind = "province" if task.is_province else task.name
    files = [task.left] if task.is_deduplication else [task.left, task.right]
    tables = [_read(file, province=task.is_province) for file in files]
    index = rl.Index()
    for block in BLOCKS[kind]:
        index.block(block)
    pairs = index.index(*tables)
    agrees = (_comparison(task).compute(pairs, *tables) >= AGREES).astype(np.int64)
    if mode == "train":
        model.write_text(json.dumps(_fitted(agrees), indent=1), encoding="utf-8")
    probability = _probability(agrees, json.loads(model.read_text(encoding="utf-8")))
    found = pd.DataFrame(
        {
            "left_id": pairs.get_level_values(0),
            "right_id": pairs.get_level_values(1),
            "reason": pd.Series([None] * len(pairs), dtype="string"),
            "accepted": True,
            "probability": probability,
        }
    )
    found[found["probability"] >= LEAST_PROBABILITY].to_parquet(out, index=False)


def _read(file: Path, *, province: bool) -> pd.DataFrame:
    if not province:
        return pd.read_parquet(file).set_index("record_id")
    columns = ["record_id", "number", "normal", "former_normal", "pinyin", "born", "sex", "division", "address"]
    table = pd.read_parquet(file, columns=columns).set_index("record_id")
    return table.assign(county=table["division"].str[:6], town=table["division"].str[:9])


def _comparison(task: Task) -> rl.Compare:
    compare = rl.Compare()
    if not task.is_province:
        for field in FEBRL_EXACT:
            compare.exact(field, field, label=field)
        for field in FEBRL_TEXTS:
            compare.string(field, field, method="jarowinkler", label=field)
        return compare
    compare.exact("number", "number", label="number")
    # One wrong digit leaves 17 of 18, a swap 16 (by Levenshtein): both count as close.
    compare.string("number", "number", method="levenshtein", label="number_close")
    compare.exact("normal", "normal", label="name")
    compare.exact("former_normal", "normal", label="former_name")
    compare.string("pinyin", "pinyin", method="jarowinkler", label="sound")
    compare.exact("town", "town", label="town")
    compare.exact("address", "address", label="address")
    if task.name == "household_register":
        compare.exact("born", "born", label="born")
        compare.exact("sex", "sex", label="sex")
    return compare


def _fitted(agrees: pd.DataFrame) -> dict[str, object]:
    """The fitted classifier as its prior and, for each feature, the log weights of disagreeing and agreeing."""
    classifier = rl.ECMClassifier(init="jaro")
    classifier.fit(agrees)
    weights = {
        str(name): {str(int(level)): float(weight) for level, weight in levels.items()}
        for name, levels in classifier.log_weights.items()
    }
    return {"prior": float(classifier.p), "weights": weights}


def _probability(agrees: pd.DataFrame, fitted: dict[str, object]) -> np.ndarray:
    """Fellegi and Sunter's posterior: the prior's odds times the weights of what agrees and what does not."""
    weights: dict[str, dict[str, float]] = fitted["weights"]  # type: ignore[assignment]
    prior = float(fitted["prior"])  # type: ignore[arg-type]
    total = np.full(len(agrees), np.log(prior / (1 - prior)))
    for name, levels in weights.items():
        by_level = np.array([levels.get("0", 0.0), levels.get("1", 0.0)])
        total += np.nan_to_num(by_level[agrees[name].to_numpy()])
    probability: np.ndarray = 1 / (1 + np.exp(-np.clip(total, -60, 60)))
    return probability
