"""The rule book as a page (``docs/rules.md``) and as a table in the README, made from headers and policy."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from string import ascii_uppercase

from rules.grounds import Effect, Manner
from rules.listing import DIRECTIONS
from rules.policy import Parameter, Policy, Value
from rules.rule import Provision, Rule, SharedView
from schemas.contract import Contract
from schemas.link_reasons import ACCEPTED

BEGIN, END = "<!-- matrix: begin, written by python -m rules.page -->", "<!-- matrix: end -->"
LETTERS = ascii_uppercase
MANNERS = {Manner.TELLS: "有则为据", Manner.ABSENCE_TELLS: "无则为据", Manner.MAY_TELL: "有则补充"}
EFFECTS = {Effect.SILENCES: "不提示", Effect.LOWERS: "降一级"}
OPENING = """# 规则手册 The rule book

Made from the headers of `rules/*.sql` and from `rules/policy/*.yaml` by `python -m rules.page`. Do not edit this page.
The system finds leads; people decide. 系统只提供线索,由人作决定。

A rule says how it reads each type. *Tells* 有则为据: a record is the ground of a flag. *Absence tells* 无则为据: that
there is no record is the ground, or a record would speak against the flag. If such a type was not delivered, the rule
is not run, and the night says so. *May tell* 有则补充: a record adds to what is found without it.
"""


def rule_book_page(rules: Sequence[Rule], policy: Policy, contracts: Iterable[Contract]) -> str:
    """Markdown: the rules, what each type is read by, the views rules share, and the parameters with their sources."""
    views = {view.id: view for rule in rules for view in rule.views}
    parts = [
        OPENING,
        "## 规则 Rules\n",
        *(_rule(rule) for rule in rules),
        "## 数据与规则 Which rules read which type\n",
        _matrix(rules, contracts),
        "## 共用视图 Shared views\n",
        *(_view(view) for view in sorted(views.values(), key=lambda view: view.id)),
        "\n## 政策参数 Parameters\n",
        *(_parameter(parameter) for parameter in policy),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _rule(rule: Rule) -> str:
    views = f"- 共用视图 shared views: {_names(view.id for view in rule.views)}\n" if rule.views else ""
    against = f"- 反证 contradicted by: {_against(rule)}\n" if rule.contradicted_by else ""
    parameters = f"- 参数 parameters: {_names(rule.parameters)}\n" if rule.parameters else ""
    accepts = f"- 比对依据 accepts links that are: {', '.join(rule.accepts)}\n" if rule.accepts != ACCEPTED else ""
    return (
        f"### {rule.title.zh} {rule.title.en}\n\n"
        f"`{rule.id}` · {DIRECTIONS[rule.direction]} · 级别 severity {rule.severity}\n\n"
        f"- 数据 reads: {_read(rule)}\n{views}{parameters}{accepts}"
        f"{against}{''.join(map(_provision, rule.legal_basis))}"
        f"- 入户核查 on the visit: {rule.check_on_visit.zh} / {rule.check_on_visit.en}\n"
        f"- 可能有误 how it can be wrong: {rule.can_be_wrong.zh} / {rule.can_be_wrong.en}\n"
    )


def _provision(provision: Provision) -> str:
    """One law the rule cites, on which nights, and whether the provision is our reading."""
    days = f" ({provision.from_ or ''} … {provision.to or ''})" if provision.from_ or provision.to else ""
    zh, en = (";条款为假定", "; the provision is assumed") if provision.assumed else ("", "")
    return f"- 依据 legal basis{days}: {provision.zh}{zh} / {provision.en}{en}\n"


def _against(rule: Rule) -> str:
    """The views of what speaks against a flag, by what comes of it."""
    told = [
        f"{zh} {effect}: {_names(named)}"
        for effect, zh in EFFECTS.items()
        if (named := [name for name, how in rule.contradicted_by.items() if how is effect])
    ]
    return "; ".join(told)


def _read(rule: Rule) -> str:
    """The types by how they are read."""
    told = [
        f"{zh} {manner}: {_names(named)}"
        for manner, zh in MANNERS.items()
        if (named := [name for name, how in rule.reads.items() if how is manner])
    ]
    return "; ".join(told)


def _matrix(rules: Sequence[Rule], contracts: Iterable[Contract]) -> str:
    rows = ["| 数据 type | 规则 read by |", "|---|---|"]
    for contract in contracts:
        readers = _names(rule.id for rule in rules if contract.name in rule.reads)
        rows.append(f"| `{contract.name}` {contract.title.zh} | {readers} |")
    return "\n".join(rows) + "\n"


def with_matrix(readme: str, rules: Sequence[Rule], contracts: Iterable[Contract]) -> str:
    """The README with the short matrix of rules and types between its two marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{short_matrix(rules, contracts)}{END}{after}"


def short_matrix(rules: Sequence[Rule], contracts: Iterable[Contract]) -> str:
    """A line a rule and a column a type: a dot where the rule reads it. Departments stand apart, listed below."""
    by_department: dict[str, list[Contract]] = {}
    for contract in contracts:
        by_department.setdefault(contract.department, []).append(contract)
    width = max(len(rule.id) for rule in rules)
    head = " ".join(f"{letter:<{len(own)}}" for letter, own in zip(LETTERS, by_department.values(), strict=False))
    lines = [f"{'':<{width}} {head}".rstrip()]
    for rule in rules:
        read = ("".join("●" if one.name in rule.reads else "·" for one in own) for own in by_department.values())
        lines.append(f"{rule.id:<{width}} {' '.join(read)}")
    told = [
        f"{letter} {department}: {', '.join(one.name for one in own)}"
        for letter, (department, own) in zip(LETTERS, by_department.items(), strict=False)
    ]
    return "\n".join(["```text", *lines, "", *told, "```"]) + "\n"


def _view(view: SharedView) -> str:
    return f"- `{view.id}`: {view.says.zh} / {view.says.en}"


def _parameter(parameter: Parameter) -> str:
    values = [
        f"  - {dated.from_} … {dated.to or ''}, {dated.division}: {_value(dated.value)}; {dated.reference}"
        for dated in parameter.values
    ]
    head = f"- `{parameter.name}` {parameter.title.zh} {parameter.title.en} ({parameter.unit})"
    return "\n".join([head, *values])


def _value(value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else _names(value)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    from pathlib import Path

    from rules.policy import load_policy
    from rules.rule import load_rules
    from schemas.catalogue import load_catalogue

    root = Path(__file__).parents[1]
    page = rule_book_page(load_rules(), load_policy(), load_catalogue())
    (root / "docs" / "rules.md").write_text(page, encoding="utf-8")
    told = with_matrix((root / "README.md").read_text(encoding="utf-8"), load_rules(), load_catalogue())
    (root / "README.md").write_text(told, encoding="utf-8")
