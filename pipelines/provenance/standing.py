"""Running a night again: which rules run, and which flags of it stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.provenance.made_of import Provenance
from rules.book import RuleBook
from rules.rule import Direction


class BackfillError(ValueError):
    """A backfill asked for wrongly. Nothing was changed; the message says what to give."""

    exit_code = 4


@dataclass(frozen=True)
class Again:
    """What of a night runs again (``book``), and what it is made of that stands (None: it was never run)."""

    book: RuleBook
    standing: Provenance | None

    @classmethod
    def of(
        cls,
        day: date,
        book: RuleBook,
        rules: tuple[str, ...],
        known: Provenance | None,
        withdrawn: Collection[str] = (),
    ) -> Self:
        """Run ``rules`` of the book (all, if empty) on a night ``known`` to be made so.

        A control rule that has drawn its sample does not draw again, unless all rules run and it drew from what was
        ``withdrawn`` since; flags of a rule the book no longer has go with it.
        Raises BackfillError for some rules of a night that was never run.
        """
        if known and not rules:
            known = known.but_drawn_from(withdrawn)
        if known is None and rules:
            raise BackfillError(f"{day} was never run: run it in full before some of its rules, without --rules")
        asked = book.only(rules) if rules else book
        drawn = known.rules.keys() if known else ()
        runs = [one.id for one in asked.rules if one.direction is not Direction.CONTROL or one.id not in drawn]
        if known is None:
            return cls(asked.only(runs), None)
        stand = {name for name in known.rules if name not in runs and (rules or book.find(name))}
        return cls(asked.only(runs), known.only(stand))

    def but_failed(self, failed: Collection[str], known: Provenance | None) -> Self:
        """The same without the rules that could not be run: what the night is ``known`` to have of them stands."""
        if not failed:
            return self
        runs = [rule.id for rule in self.book.rules if rule.id not in failed]
        had = {name for name in known.rules if name in failed} if known else set()
        stand = had | (self.standing.rules.keys() if self.standing else set())
        return type(self)(self.book.only(runs), known.only(stand) if known and stand else self.standing)

    def standing_flags(self, kept: pa.Table) -> pa.Table:
        """Of the night's flags as the lake keeps them, those that stand."""
        return kept.filter(self._stands(kept))

    def replaced_flags(self, kept: pa.Table) -> pa.Table:
        """Those that do not."""
        return kept.filter(pc.invert(self._stands(kept)))

    def _stands(self, kept: pa.Table) -> pa.ChunkedArray:
        return pc.is_in(kept["rule"], pa.array(list(self.standing.rules) if self.standing else [], pa.string()))
