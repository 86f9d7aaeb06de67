"""The report as a page that needs nothing but itself: Chinese with English beside it, its picture inside."""

from html import escape
from typing import Any

from pipelines.reporting.even_handedness.wording import DIFFERS

STYLE = """
body { font: 15px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em auto;
  max-width: 72em; color: #222; }
table { border-collapse: collapse; margin: 0 0 1.5em; } th, td { padding: .15em .9em; text-align: left; }
td.figure { text-align: right; font-variant-numeric: tabular-nums; } tr.differs { background: #fbeeea; }
small, .few { color: #777; } svg { max-width: 100%; height: auto; }
"""


def as_page(report: dict[str, Any], picture: str) -> str:
    """The page as HTML text."""
    title = f"公平性报告 Even-handedness · {report['night']}"
    measures = "".join(map(_measure, report["measures"]))
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"<h1>{escape(title)}</h1>{_reading(report)}{picture}{measures}</html>\n"
    )


def _reading(report: dict[str, Any]) -> str:
    least, share = report["least_shown"], report["false_discovery"]
    return (
        f"<p>区间为 95%(Wilson)。不足 {least} 人的组不显示,并连同至少另一组一起隐去,以免推算。"
        f"着色的组与其他人的差异超出偶然(Fisher 精确检验,Benjamini–Hochberg,错误发现率 {share:.0%}):"
        "请人查看原因,不是结论。规则读不到这里的任何内容。<br>"
        f"<small>Intervals are 95% (Wilson). Groups of fewer than {least} are not shown, nor is what would give "
        "them away. "
        f"Coloured groups differ from everybody else beyond chance (Fisher's exact test, "
        f"Benjamini–Hochberg at {share:.0%}): "
        "something for a person to look at, not a verdict; people of one household are flagged together, "
        "which makes the test a little too sure. No rule can read any of this.</small></p>"
    )


def _measure(measure: dict[str, Any]) -> str:
    tables = "".join(_attribute(attribute) for attribute in measure["attributes"] if attribute["groups"])
    return f"<h2>{escape(measure['zh'])}<br><small>{escape(measure['en'])}</small></h2>{tables}"


def _attribute(attribute: dict[str, Any]) -> str:
    head = "<tr><th>{}<th>%<th>95%<th>n<th></tr>".format(escape(f"{attribute['zh']} {attribute['en']}"))
    return f"<table>{head}{''.join(map(_group, attribute['groups']))}</table>"


def _group(group: dict[str, Any]) -> str:
    name = escape(group["zh"] if group["zh"] == group["en"] else f"{group['zh']} {group['en']}")
    shown = group["shown"]
    if shown is None:
        return f'<tr><td>{name}<td class="few" colspan="4">人数过少,不显示 too few to show</tr>'
    mark = " ".join(DIFFERS[group["differs"]]) if group["differs"] else ""
    return (
        f'<tr{" class=differs" if mark else ""}><td>{name}<td class="figure">{shown["rate"]:.2%}'
        f'<td class="figure">{shown["low"]:.2%} – {shown["high"]:.2%}'
        f'<td class="figure">{shown["count"]:,} / {shown["of"]:,}'
        f"<td>{mark}</tr>"
    )
