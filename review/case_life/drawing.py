"""The table of a case's life as a page: a picture that GitHub draws, and who takes each step."""

from django.utils import translation

from review.case_life.table import TABLE, Action
from review.models import CaseState

HEAD = """# The life of a case

Made from `review/case_life/table.py` by `python -m review.case_life`. A test checks that it is up to date.

A *ledger* lists the problems that are not closed yet. There are two: the county's and the province's.

"""
FOOT = """
*Adjusted* and *stopped* reduce aid. They need a visit and two different named investigators, and remain proposals
until the household has been notified, its objection period has passed, and the county has recorded the rectification.
A case that is *legitimate*, an *identity error*, a *wrong record* or *referred* may be closed at once.

A case stays in both ledgers until the county and the province have both closed it. A night reopens a closed case
only on evidence that no decision has seen. If a case is decided and not closed yet, such evidence stops its closing.
"""


def page() -> str:
    """The page in Markdown: a mermaid state diagram and a table."""
    with translation.override("zh-hans"):
        words = {state.value: str(state.label) for state in CaseState}
        acts = {action.value: str(action.label) for action in Action}
    lines = [HEAD + "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{words[state]} {state.replace("_", " ")}" as {state}' for state in CaseState.values]
    lines += ["    [*] --> opened"]
    lines += [
        f"    {source.value} --> {row.target.value}: {acts[row.action]}" for row in TABLE for source in row.sources
    ]
    lines += ["    closed_by_province --> [*]", "```", "", "| step | from | to | roles |", "|---|---|---|---|"]
    for row in TABLE:
        sources = ", ".join(source.value for source in row.sources)
        roles = ", ".join(role.value for role in row.roles)
        lines.append(f"| {acts[row.action]} `{row.action.value}` | {sources} | {row.target.value} | {roles} |")
    return "\n".join(lines) + "\n" + FOOT
