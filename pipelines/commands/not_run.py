"""How the terminal says that a rule was not run."""

from collections.abc import Sequence


def not_run(rule: str, lacked: Sequence[str]) -> str:
    """That a rule was not run, because the types ``lacked`` were not delivered; for a rich console."""
    were = "was" if len(lacked) == 1 else "were"
    return f"[yellow]未运行 not run[/]: {rule}, because {', '.join(lacked)} {were} not delivered"
