"""An explanation as a picture: one bar a comparison, from the total before it to the total after it."""

from __future__ import annotations

from matchers.night.explain import Explanation

_FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimSun, sans-serif"
"""Whoever shows the picture has one of these; the SVG names fonts and holds none."""


def waterfall(explanation: Explanation) -> str:
    """The picture as SVG text, made without browser or network."""
    import altair
    import vl_convert

    rows = [
        {
            "step": f"{place}. {step.title_zh} {step.level_zh}".strip(),
            "from": round(step.total - step.weight, 2),
            "to": step.total,
            "bits": f"{step.weight:+.1f}",
            "kind": "+" if step.weight >= 0 else "-",
        }
        for place, step in enumerate(explanation.steps, start=1)
    ]
    order = [str(row["step"]) for row in rows]
    base = altair.Chart(altair.InlineData(values=rows)).encode(
        y=altair.Y("step:N", sort=order, title=None, axis=altair.Axis(labelLimit=360)),
    )
    bars = base.mark_bar().encode(
        x=altair.X("from:Q", title="log2"),
        x2="to:Q",
        color=altair.Color("kind:N", legend=None, scale=altair.Scale(domain=["+", "-"], range=["#2b7a4b", "#b3402e"])),
    )
    texts = base.mark_text(align="left", dx=4).encode(x="to:Q", text="bits:N")
    chart = (bars + texts).properties(title=explanation.reason.zh, width=420).configure(font=_FONTS)
    return str(vl_convert.vegalite_to_svg(chart.to_json()))
