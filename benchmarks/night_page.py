"""What a night costs, in the README: `python -m benchmarks.night_page` writes it from what lies in ``results/``."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.night_tables import MOST_OF_NIGHT, growth, of_scale

README = Path(__file__).parents[1] / "README.md"
RESULTS = Path(__file__).parent / "results"
BEGIN, END = "<!-- night: begin, written by python -m benchmarks.night_page -->", "<!-- night: end -->"
HEAD = (
    "part of Guizhou",
    "rows",
    "floor, s",
    "first night, s",
    "× floor",
    "following night",
    "nothing new",
    "peak MB",
    "written × Parquet",
)


def read_reports() -> list[dict[str, Any]]:
    """The kept results of ``benchmarks.night``, the smallest scale first."""
    reports = [json.loads(file.read_text(encoding="utf-8")) for file in RESULTS.glob("night-*.json")]
    return sorted(reports, key=of_scale)


def with_night(readme: str, reports: Sequence[Mapping[str, Any]]) -> str:
    """The README with the table of all scales, the stages and the picture of the largest, between its two marks."""
    before, rest = readme.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{night_table(reports)}\n{END}{after}"


def night_table(reports: Sequence[Mapping[str, Any]]) -> str:
    """A line a scale, how a row's cost grows, and the picture of the largest."""
    lines = [f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|", *(_line(one) for one in reports)]
    if len(reports) > 1:
        lines += ["", *growth(reports)]
    scale = f"{of_scale(reports[-1]):g}"
    lines += ["", f"![A night at scale {scale}, by stage](benchmarks/results/night-{scale}.svg)"]
    return "\n".join(lines)


def _line(report: Mapping[str, Any]) -> str:
    parts = report["parts"]
    floor, night = parts["floor"], parts["night"]
    cells = [
        f"{of_scale(report):g}",
        f"{night['rows']:,}",
        f"{floor['seconds']:,.0f}",
        f"{night['seconds']:,.0f}",
        f"{night['seconds'] / floor['seconds']:.1f}",
        *(_later(parts.get(name), night["seconds"]) for name in MOST_OF_NIGHT),
        f"{night['peak_memory_mb']:,.0f}",
        f"{night['written'] / floor['parquet_bytes']:.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def _later(part: Mapping[str, Any] | None, night_seconds: float) -> str:
    return f"{part['seconds']:,.0f} s, {part['seconds'] / night_seconds:.1%}" if part else "not measured"


if __name__ == "__main__":
    README.write_text(with_night(README.read_text(encoding="utf-8"), read_reports()), encoding="utf-8")
