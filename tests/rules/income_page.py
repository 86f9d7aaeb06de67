"""Walks golden households through the computation of income, as the page docs/how_income_is_counted.md.

``python -m tests.rules.income_page`` writes the page.
"""

from pathlib import Path
from typing import Any

import duckdb

from rules.policy import load_policy
from rules.rule import load_rules
from rules.run import flag_night, prepare_night
from tests.rules.golden_world import NIGHT, Case, read_cases, world_of_night

PAGE = Path(__file__).parents[2] / "docs" / "how_income_is_counted.md"
FAMILIES = (
    "income_families.eight_months_over_the_years_standard",
    "income_judged_fairly.season_of_one_month",
    "income_judged_fairly.new_job_known_from_contributions_alone",
)
RULES = ("wage_income_over_standard", "buffer_entitled")
OPENING = """# 收入怎样核算 How income is counted

Made from golden households of `tests/households` by `python -m tests.rules.income_page`. Do not edit this page.

1. 谁算人口:名册上同住的每个人,各有理由。
   Who counts: everybody on the register who lives there, each with why.
2. 核算期:农村十二个整月,城市三个整月,至上月止。
   The period: twelve whole months in the country, three in town, up to last month.
3. 每份工作只取最好的一个证据,扣减务工成本、个人所得税和个人缴费。
   One job counts once, by its best evidence, less the cost of work, income tax and own contributions.
4. 审批或最近核查以前的收入不再追究;不会再有的收入不作疑点;医疗费、学费、残疾支出在整个核算期内扣减。
   What came in before the last decision is not held against anybody, nor is what will not come again; own medical
   costs, school fees and the cost of disability are taken off throughout the period.
5. 已知各项相加,除以人口,与同一时期同一地方每人的标准相比;从不按未知的月份推算。
   What is known is added up and divided by the heads, against the standard a head of the same period and place.
   Nothing is stretched over months that are not known.
6. 工资、养老待遇这类固定收入,核查后才出现、未申报、三个月就会超过整个核算期标准的,按最低等级询问。
   Standing income (a wage, a pension) that appeared since the last decision, was not declared, and passes the whole
   period's standard in three months, is asked about at the lowest severity, with how many months are known.
7. 新就业当即提示应予渐退,不作疑点。
   New work is told at once as a gradual exit that is due, and is no doubt.
"""


def income_page() -> str:
    """Markdown: each of ``FAMILIES`` line by line, from the shared views and the flags of its night."""
    cases = {case.id: case for case in read_cases()}
    walked = [cases[name] for name in FAMILIES]
    rules = [rule for rule in load_rules() if rule.id in RULES]
    with world_of_night(walked, NIGHT) as world:
        flags = flag_night(world, NIGHT, rules, load_policy()).to_pylist()
        prepare_night(world, NIGHT, rules, load_policy())
        told = [_walked(world, case, flags) for case in walked]
    return "\n".join([OPENING, *told]).rstrip() + "\n"


def _walked(world: duckdb.DuckDBPyConnection, case: Case, flags: list[dict[str, Any]]) -> str:
    household = f"{case.id}/H1"
    periods = world.sql("FROM accounting_period WHERE household_id = $household", params={"household": household})
    (period,) = periods.to_arrow_table().to_pylist()
    lines = world.execute(
        "SELECT zh, en, count(DISTINCT month), min(month), max(month), sum(amount) "
        "FROM income_line WHERE household_id = ? AND held GROUP BY place, zh, en ORDER BY place, zh",
        [household],
    ).fetchall()
    total = sum(amount for *_, amount in lines)
    table = [
        f"| {zh} {en} | {months} | {first:%Y-%m} … {last:%Y-%m} | {amount} |"
        for zh, en, months, first, last, amount in lines
    ]
    each = round(total / period["heads"], 2)
    says = case.content["says"].strip()
    found = [flag for flag in flags if flag["household_id"] == household]
    reasons = [f"- `{flag['rule']}`: {flag['reason_zh']}\n  {flag['reason_en']}" for flag in found]
    return "\n".join(
        [
            f"## {says}\n",
            f"人口 heads: {period['heads']} ({period['heads_zh']} / {period['heads_en']})  ",
            f"核算期 period: {period['begins']:%Y-%m} … {period['ends']:%Y-%m}, {period['months']}  ",
            f"每人标准 standard a head: {period['standard']} 元 yuan\n",
            "| 项目 line | 已知月数 months known | 月份 months | 元 yuan |",
            "|---|---|---|---|",
            *table,
            f"| **合计 together** | | | **{total}** |\n",
            f"{total} ÷ {period['heads']} = {each} 元,标准 standard {period['standard']}。\n",
            "提示 flags:\n",
            *(reasons or ["- 无 none"]),
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(income_page(), encoding="utf-8")
