"""The report's rates as a picture: a dot for a rate, a line for its 95% interval, a rule for everybody's rate.

Written as SVG straight away: a general drawing library takes seconds for these few hundred dots, every night.
"""

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimSun, sans-serif"
"""Whoever looks at the picture has one of these; the SVG names fonts and holds none."""
COLOURS = {"as others": "#44607a", "higher": "#b3402e", "lower": "#2b7a4b"}
LABELS, PLOT, GAP = 250, 300, 40
"""Widths in pixels: of the names of groups, of what is drawn over the scale, and between measures."""
ROW, HEAD, FOOT = 20, 28, 40
"""Heights in pixels: of a group, of the title above its attribute, and of the scale below it."""
TICKS = 5


def draw(report: dict[str, Any]) -> str:
    """The picture as SVG text; measures side by side, attributes below each other, all over the measure's scale."""
    columns = [(measure, rows) for measure in report["measures"] if (rows := _rows(measure))]
    picture = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONTS, "font-size": "11"})
    heights = []
    for position, (measure, rows) in enumerate(columns):
        group = SubElement(picture, "g", {"transform": f"translate({position * (LABELS + PLOT + GAP)} 0)"})
        heights.append(_measure(group, measure, rows))
    width = len(columns) * (LABELS + PLOT + GAP)
    picture.set("viewBox", f"0 0 {width} {max(heights, default=0)}")
    picture.set("width", str(width))
    picture.set("height", str(max(heights, default=0)))
    return tostring(picture, encoding="unicode")


def _rows(measure: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The groups that are shown, by the name of their attribute."""
    shown = {
        f"{attribute['zh']} {attribute['en']}": [group for group in attribute["groups"] if group["shown"]]
        for attribute in measure["attributes"]
    }
    return {attribute: groups for attribute, groups in shown.items() if groups}


def _measure(parent: Element, measure: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> int:
    """Draw one measure; returns its height."""
    everybody = next(iter(rows.values()))[0]["shown"]["rate"]
    step, end = _scale(max(group["shown"]["high"] for groups in rows.values() for group in groups))
    _text(parent, 0, 16, measure["zh"], **{"font-weight": "bold", "font-size": "13"})
    _text(parent, 0, 32, measure["en"])
    top = 44
    for attribute, groups in rows.items():
        _text(parent, LABELS + PLOT / 2, top + 18, attribute, **{"text-anchor": "middle", "font-weight": "bold"})
        bottom = top + HEAD + ROW * len(groups)
        for value, said in _ticks(step, end):
            _line(parent, _along(value, end), top + HEAD, _along(value, end), bottom, "#ddd")
            _text(parent, _along(value, end), bottom + 14, said, **{"text-anchor": "middle"})
        at = _along(everybody, end)
        _line(parent, at, top + HEAD, at, bottom, "#888", **{"stroke-dasharray": "4 3"})
        for place, group in enumerate(groups):
            _group(parent, group, top + HEAD + ROW * place + ROW // 2, end)
        top = bottom + FOOT
    return top


def _group(parent: Element, group: dict[str, Any], middle: int, end: float) -> None:
    shown, colour = group["shown"], COLOURS[group["differs"] or "as others"]
    _text(parent, LABELS - 8, middle + 4, f"{group['zh']} ({shown['of']:,})", **{"text-anchor": "end"})
    _line(parent, _along(shown["low"], end), middle, _along(shown["high"], end), middle, colour)
    place = {"cx": f"{_along(shown['rate'], end):g}", "cy": str(middle)}
    SubElement(parent, "circle", place | {"r": "4", "fill": colour})


def _scale(most: float) -> tuple[float, float]:
    """A round step, and the first multiple of it that ``most`` does not exceed, in at most ``TICKS`` steps."""
    if most <= 0:
        return 0.01, 0.01
    size = 10.0 ** floor(log10(most / TICKS))
    step = next(size * times for times in (1, 2, 5, 10) if most <= size * times * TICKS)
    return step, step * ceil(round(most / step, 9))


def _ticks(step: float, end: float) -> Iterator[tuple[float, str]]:
    decimals = max(0, ceil(-log10(step * 100) - 1e-9))
    for count in range(round(end / step) + 1):
        yield count * step, f"{count * step:.{decimals}%}"


def _along(value: float, end: float) -> float:
    return round(LABELS + PLOT * value / end, 2)


def _text(parent: Element, x: float, y: float, said: str, **more: str) -> None:
    SubElement(parent, "text", {"x": f"{x:g}", "y": f"{y:g}", **more}).text = said


def _line(parent: Element, x1: float, y1: float, x2: float, y2: float, colour: str, **more: str) -> None:
    ends = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    SubElement(parent, "line", {**ends, "stroke": colour, **more})
