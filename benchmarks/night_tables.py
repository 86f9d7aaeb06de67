"""The results of the night's benchmark as Markdown and as a picture: `python -m benchmarks.night_tables FILE.json ...`.

With several files, of several scales, it also says how the cost of a row grows.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MB = 1_000_000
NAMES = {
    "floor": "the floor",
    "night": "the first full night",
    "next": "the following night",
    "again": "the same, nothing new",
}
MOST_TIMES_FLOOR = 3.0
MOST_MEMORY_MB = 6 * 1024
MOST_TIMES_PARQUET = 2.0
MOST_OF_NIGHT = {"next": 0.15, "again": 0.03}
"""What a night is asked to keep to."""
COLUMNS = ("", "rows", "seconds", "times the floor", "of the full night", "rows a second", "peak MB", "written MB")
FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimSun, sans-serif"


def as_table(report: Mapping[str, Any]) -> str:
    """One line a part, one table of the stages, and what holds."""
    parts = report["parts"]
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    lines += [_part(name, parts) for name in NAMES if name in parts]
    stages = list(dict.fromkeys(stage for part in parts.values() for stage in part["stages"]))
    if stages:
        lines += ["", f"| seconds (peak MB) | {' | '.join(stages)} |", "|---" * (len(stages) + 1) + "|"]
        lines += [_stages(name, parts[name], stages) for name in NAMES if name in parts]
    if "same" in report:
        lines += ["", "| threads | memory limit | seconds | peak MB | flags | hash |", "|---" * 6 + "|"]
        lines += [_same(one) for one in report["same"]]
    lines += ["", *(_held(name, one) for name, one in report["holds"].items())]
    return "\n".join(lines)


def _part(name: str, parts: Mapping[str, Any]) -> str:
    part = parts[name]
    floor, night = (parts.get(one, {}).get("seconds") for one in ("floor", "night"))
    cells = [
        NAMES[name],
        f"{part['rows']:,}",
        f"{part['seconds']:,.1f}",
        f"{part['seconds'] / floor:.2f}" if floor else "",
        f"{part['seconds'] / night:.1%}" if night and name in MOST_OF_NIGHT else "",
        f"{part['rows_a_second']:,}",
        f"{part['peak_memory_mb']:,.0f}",
        f"{part['written'] / MB:,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _stages(name: str, part: Mapping[str, Any], stages: Sequence[str]) -> str:
    cells = [NAMES[name]]
    for stage in stages:
        cost = part["stages"].get(stage)
        cells.append(f"{cost['seconds']:,.1f} ({cost['peak_memory_mb']:,.0f})" if cost else "")
    return f"| {' | '.join(cells)} |"


def _same(one: Mapping[str, Any]) -> str:
    return (
        f"| {one['threads']} | {one['memory']} | {one['seconds']:,.1f} | {one['peak_memory_mb']:,.0f} "
        f"| {one['flags_count']:,} | {one['flags_hash'][:12]} |"
    )


def _held(name: str, one: Mapping[str, Any]) -> str:
    return f"- {'holds' if one['holds'] else 'does not hold'}: {name}: {one['measured']} (at most {one['most']})"


def what_holds(report: Mapping[str, Any]) -> dict[str, Any]:
    """Which of the limits above were kept, of those this run can speak of."""
    parts = report["parts"]
    night, floor = parts.get("night"), parts.get("floor")
    held: dict[str, Any] = {}
    if night:
        held["peak memory of the full night, MB"] = _limit(night["peak_memory_mb"], MOST_MEMORY_MB)
    if night and floor:
        held["full night, times the floor"] = _limit(night["seconds"] / floor["seconds"], MOST_TIMES_FLOOR)
        times = night["written"] / floor["parquet_bytes"]
        held["written in the full night, times the Parquet of the inputs"] = _limit(times, MOST_TIMES_PARQUET)
    for name, most in MOST_OF_NIGHT.items():
        if night and name in parts:
            held[f"{NAMES[name]}, of the full night"] = _limit(parts[name]["seconds"] / night["seconds"], most)
    if "same" in report:
        differing = len({one["flags_hash"] for one in report["same"]})
        held["different sets of flags under other limits"] = _limit(differing, 1)
    return held


def _limit(measured: float, most: float) -> dict[str, Any]:
    return {"measured": round(measured, 3), "most": most, "holds": measured <= most}


def of_scale(report: Mapping[str, Any]) -> float:
    """The part of the province a run was made with."""
    return float(report["conditions"]["scale"])


def growth(reports: Sequence[Mapping[str, Any]]) -> list[str]:
    """Seconds and megabytes a million rows of the full night at each scale, and against the smallest."""
    nights = sorted(
        ((of_scale(one), one["parts"]["night"]) for one in reports if "night" in one["parts"]),
        key=lambda pair: pair[0],
    )
    lines = ["| scale | rows | seconds | seconds a million rows | against the smallest | peak MB |", "|---" * 6 + "|"]
    for scale, night in nights:
        each, first = (one["seconds"] / one["rows"] * 1e6 for one in (night, nights[0][1]))
        lines.append(
            f"| {scale:g} | {night['rows']:,} | {night['seconds']:,.1f} | {each:.2f} | {each / first:.2f} "
            f"| {night['peak_memory_mb']:,.0f} |"
        )
    return lines


def draw(report: Mapping[str, Any]) -> str:
    """The picture as SVG text: seconds by stage of each part, and beside them the peak of memory."""
    import altair
    import vl_convert

    parts = {name: report["parts"][name] for name in NAMES if name in report["parts"]}
    order = [NAMES[name] for name in parts]
    stages = list(dict.fromkeys(stage for part in parts.values() for stage in part["stages"]))
    values = [
        {"part": NAMES[name], "stage": stage, "seconds": cost["seconds"], "order": stages.index(stage)}
        for name, part in parts.items()
        for stage, cost in part["stages"].items()
    ]
    rows = altair.Y("part:N", sort=order, title=None, axis=altair.Axis(labelLimit=240))
    seconds = (
        altair.Chart(altair.InlineData(values=values))
        .mark_bar()
        .encode(
            y=rows,
            x=altair.X("seconds:Q", title="seconds"),
            color=altair.Color("stage:N", sort=stages, title=None, scale=altair.Scale(scheme="tableau10")),
            order="order:Q",
        )
        .properties(width=420, height=altair.Step(32))
    )
    peaks = [{"part": NAMES[name], "peak": part["peak_memory_mb"]} for name, part in parts.items()]
    memory = (
        altair.Chart(altair.InlineData(values=peaks))
        .mark_bar(color="#44607a")
        .encode(y=altair.Y("part:N", sort=order, title=None, axis=None), x=altair.X("peak:Q", title="peak MB"))
        .properties(width=180, height=altair.Step(32))
    )
    title = f"A night at scale {report['conditions']['scale']:g} ({report['conditions']['threads']} threads)"
    chart = altair.hconcat(seconds, memory, title=title).configure(font=FONTS).configure_view(stroke=None)
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


def main(*files: str) -> None:
    """Print the tables of the files."""
    reports = [json.loads(Path(file).read_text(encoding="utf-8")) for file in files]
    for report in reports:
        print(f"## Scale {report['conditions']['scale']:g}\n\n{as_table(report)}\n")
    if len(reports) > 1:
        print("\n".join(growth(reports)))


if __name__ == "__main__":
    main(*sys.argv[1:])
