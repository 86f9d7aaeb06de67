"""Charts drawn on the server: Vega-Lite in, SVG out, no browser and no network.

A chart stands in the page as a picture of its own (``data:``), so that nothing in it can run, and a table beside it
says the same to who cannot see it.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimSun, sans-serif"
BLUE, GREY, OCHRE = "#0b57d0", "#80868b", "#b06000"
Rows = Sequence[Mapping[str, Any]]


def stacked_bars(rows: Rows, *, kinds: Sequence[str]) -> str:
    """Lying bars: ``what`` down the side in the order given, ``count`` along, coloured by ``kind``."""
    order = list(dict.fromkeys(row["what"] for row in rows))
    encoding = {
        "y": {"field": "what", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 260}},
        "x": {"field": "count", "type": "quantitative", "title": None},
        "color": _colour(kinds),
    }
    return _picture({"data": {"values": list(rows)}, "mark": "bar", "encoding": encoding})


def months(rows: Rows, *, kinds: Sequence[str]) -> str:
    """Lines over months: ``what`` (YYYY-MM) along, ``count`` up, one line a ``kind``."""
    encoding = {
        "x": {"field": "what", "type": "ordinal", "title": None},
        "y": {"field": "count", "type": "quantitative", "title": None},
        "color": _colour(kinds),
    }
    return _picture({"data": {"values": list(rows)}, "mark": {"type": "line", "point": True}, "encoding": encoding})


def intervals(rows: Rows, *, whole: bool = True) -> str:
    """A dot for each ``rate``, a line from ``low`` to ``high``, ``what`` down the side; ``whole``: from 0 to 100%."""
    order = [row["what"] for row in rows]
    side = {"field": "what", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 260}}
    scale = {"domain": [0, 1]} if whole else {"zero": True, "nice": True}
    along = {"type": "quantitative", "title": None, "scale": scale, "axis": {"format": "%"}}
    line = {
        "mark": {"type": "rule", "color": GREY, "strokeWidth": 2},
        "encoding": {"y": side, "x": {"field": "low", **along}, "x2": {"field": "high"}},
    }
    dot = {
        "mark": {"type": "point", "filled": True, "color": BLUE, "size": 60},
        "encoding": {"y": side, "x": {"field": "rate", **along}},
    }
    return _picture({"data": {"values": list(rows)}, "layer": [line, dot]})


def _colour(kinds: Sequence[str]) -> dict[str, Any]:
    if len(kinds) == 1:
        return {"value": BLUE}
    scale: dict[str, Any] = {"domain": list(kinds)}
    if len(kinds) == 2:
        scale["range"] = [BLUE, GREY]
    return {"field": "kind", "type": "nominal", "title": None, "scale": scale, "legend": {"orient": "top"}}


def _picture(chart: dict[str, Any]) -> str:
    return _drawn(json.dumps(chart | {"width": 480, "config": {"font": FONTS, "background": "white"}}))


@lru_cache(maxsize=200)
def _drawn(chart: str) -> str:
    """Drawing takes a good part of a second, and a division's figures stay the same until something is done."""
    return "data:image/svg+xml;base64," + b64encode(_drawing()(chart).encode()).decode()


@cache
def _drawing() -> Any:
    # Loading it takes a second: only who opens the dashboard waits for that, once a process.
    import vl_convert

    return vl_convert.vegalite_to_svg
