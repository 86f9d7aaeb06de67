"""How the terminal says that a rule was not run."""

from collections.abc import Sequence

from rich.markup import escape


def not_run(rule: str, lacked: Sequence[str]) -> str:
    """That a rule was not run, because the types ``lacked`` were not delivered; for a rich console."""
    were = "was" if len(lacked) == 1 else "were"
    return f"[yellow]未运行 not run[/]: {rule}, because {', '.join(lacked)} {were} not delivered"


def could_not_run(rule: str, why: str) -> str:
    """That a rule failed, and that its flags stand; for a rich console."""
    return f"[red]未能运行 could not be run[/]: {rule}; its flags stand as they were (线索保持不变). {escape(why)}"
