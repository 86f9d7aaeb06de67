"""What running past nights again changed; and an edit of the rule book that changes something."""

from pipelines.past.backfill import NightAgain
from pipelines.past.compare_flags import outcomes_by_rule

SILENT = ("identity_invalid.sql", "WHERE verdict IN", "WHERE false AND verdict IN")
"""An edit that leaves the rule with nearly nothing to say."""


def by_rule(again: NightAgain) -> dict[str, dict[str, int]]:
    """What a backfill changed: by rule, how many flags came to which outcome."""
    found = outcomes_by_rule(again.differing)
    return {rule: {outcome.value: count for outcome, count in counts.items()} for rule, counts in found.items()}
