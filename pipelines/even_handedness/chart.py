"""The report's rates as a picture: a dot for a rate, a line for its 95% interval, a rule for everybody's rate."""

from typing import Any

FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimSun, sans-serif"
"""Whoever looks at the picture has one of these; the SVG names fonts and holds none."""
COLOURS = {"as others": "#44607a", "higher": "#b3402e", "lower": "#2b7a4b"}


def draw(report: dict[str, Any]) -> str:
    """The picture as SVG text, made without browser or network; measures side by side, attributes below each other."""
    import altair
    import vl_convert

    columns = [
        altair.vconcat(*_charts(measure), title=altair.TitleParams(measure["zh"], subtitle=measure["en"]))
        for measure in report["measures"]
        if _rows(measure)
    ]
    chart = altair.hconcat(*columns, spacing=40).configure(font=FONTS).configure_view(stroke=None)
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


def _rows(measure: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "attribute": f"{attribute['zh']} {attribute['en']}",
            "group": f"{group['zh']} ({group['shown']['of']:,})",
            "rate": group["shown"]["rate"],
            "low": group["shown"]["low"],
            "high": group["shown"]["high"],
            "differs": group["differs"] or "as others",
        }
        for attribute in measure["attributes"]
        for group in attribute["groups"]
        if group["shown"]
    ]


def _charts(measure: dict[str, Any]) -> list[Any]:
    """One small chart an attribute, all over the same scale."""
    import altair

    rows = _rows(measure)
    most = max(row["high"] for row in rows)
    scale = altair.Scale(domain=[0, most], nice=True)
    everybody = altair.Chart(altair.InlineData(values=rows[:1])).mark_rule(strokeDash=[4, 3], color="#888")
    colour = altair.Color(
        "differs:N", legend=None, scale=altair.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    )
    charts = []
    for attribute in dict.fromkeys(row["attribute"] for row in rows):
        own = [row for row in rows if row["attribute"] == attribute]
        base = altair.Chart(altair.InlineData(values=own)).encode(
            y=altair.Y("group:N", sort=[row["group"] for row in own], title=None, axis=altair.Axis(labelLimit=240)),
            color=colour,
        )
        axis = altair.Axis(format="%")
        whiskers = base.mark_rule().encode(x=altair.X("low:Q", title=None, scale=scale, axis=axis), x2="high:Q")
        dots = base.mark_circle(size=50, opacity=1).encode(x=altair.X("rate:Q", scale=scale))
        whole = everybody.encode(x=altair.X("rate:Q", scale=scale))
        charts.append((whole + whiskers + dots).properties(title=attribute, width=300))
    return charts
