"""How the terminal says that a rule was not run."""

from collections.abc import Mapping, Sequence

from rich.markup import escape


def not_run(rule: str, lacked: Sequence[str]) -> str:
    """That a rule was not run, because the types ``lacked`` were not delivered; for a rich console."""
    were = "was" if len(lacked) == 1 else "were"
    return f"[yellow]未运行 not run[/]: {rule}, because {', '.join(lacked)} {were} not delivered"


def not_checkable(rule: str, by_county: Mapping[str, Mapping[str, int]]) -> str:
    """How many households a rule could not check, by county, and for want of what; for a rich console."""
    told = "; ".join(
        f"{county} {', '.join(f'{wanting} ({households:,})' for wanting, households in wants.items())}"
        for county, wants in by_county.items()
    )
    return f"[yellow]无法核对 not checkable[/]: {rule}: {escape(told)}"


def could_not_run(rule: str, why: str) -> str:
    """That a rule failed, and that its flags stand; for a rich console."""
    return f"[red]未能运行 could not be run[/]: {rule}; its flags stand as they were (线索保持不变). {escape(why)}"
