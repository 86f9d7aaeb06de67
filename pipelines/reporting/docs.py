"""Docs: the checks on the deliveries in use, and on those refused after them, as pages (Great Expectations)."""

import json
from hashlib import sha256
from pathlib import Path

from engines.connection import DUCKDB
from engines.lake import Lake
from expectations.data_docs import build_data_docs
from pipelines.deliveries.as_of import TypeAsOf
from pipelines.progress import Progress
from pipelines.provenance.program import program_version

MADE_OF = ".made_of"
"""Beside the pages: the hash of the program and the results they were made of."""


def write_docs(lake: Lake, in_use: list[TypeAsOf], progress: Progress) -> None:
    """Replace ``docs/`` of the lake by the pages of this night; they load nothing from anywhere.

    Pages that this program made of the same results stand.
    """
    with progress.stage("docs"):
        files = [_results(lake, chosen.type_name, delivery) for chosen in in_use for delivery in _shown(chosen)]
        texts = [file.read_text(encoding="utf-8") for file in files if file.exists()]
        out = lake.root / "docs"
        made_of = sha256("\n".join([program_version(DUCKDB), *texts]).encode()).hexdigest()
        if texts and not _made_of(out, made_of):
            build_data_docs([json.loads(text) for text in texts], out)
            (out / MADE_OF).write_text(made_of, encoding="utf-8")


def _made_of(out: Path, made_of: str) -> bool:
    stamp = out / MADE_OF
    return stamp.exists() and stamp.read_text(encoding="utf-8") == made_of


def _shown(chosen: TypeAsOf) -> tuple[str, ...]:
    """The newest delivery in use, or all parts of it, and those refused since."""
    return (*(chosen.deliveries if chosen.in_parts else chosen.deliveries[-1:]), *chosen.refused)


def _results(lake: Lake, type_name: str, delivery_id: str) -> Path:
    return lake.root / "checks" / type_name / f"{delivery_id}.json"
