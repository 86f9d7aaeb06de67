"""Docs: what the deliveries now in use, and those refused after them, were held to, as pages (Great Expectations)."""

import json
from pathlib import Path

from engines.lake import Lake
from expectations.data_docs import build_data_docs
from pipelines.as_of import TypeAsOf
from pipelines.progress import Progress


def write_docs(lake: Lake, in_use: list[TypeAsOf], progress: Progress) -> None:
    """Replace ``docs/`` of the lake by the pages of this night; they load nothing from anywhere."""
    with progress.stage("docs"):
        files = [_results(lake, chosen.type_name, delivery) for chosen in in_use for delivery in _shown(chosen)]
        results = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]
        if results:
            build_data_docs(results, lake.root / "docs")


def _shown(chosen: TypeAsOf) -> tuple[str, ...]:
    return (*chosen.deliveries[-1:], *chosen.refused)


def _results(lake: Lake, type_name: str, delivery_id: str) -> Path:
    return lake.root / "checks" / type_name / f"{delivery_id}.json"
