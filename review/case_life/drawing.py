"""The table of a case's life as a page: a picture that GitHub draws, and who takes each step."""

from django.utils import translation

from review.case_life.table import TABLE, Action
from review.models import CaseState

HEAD = """# The life of a case

Made from `review/case_life/table.py` by `python -m review.case_life`; a test holds it up to date.

"""
FOOT = """
*Adjusted* and *stopped* are proposals until the household has been notified, its objection period has passed, and the
county has recorded the rectification; they need a visit and two different named investigators. What is *legitimate*, an
*identity error*, a *wrong record* or *referred* may be closed at once. A case stands in both ledgers until the county
and the province have closed it. A night reopens a closed case, from either, only on evidence no decision has seen; one
on which a decision stands but which is not closed yet cannot be closed over such evidence.
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
