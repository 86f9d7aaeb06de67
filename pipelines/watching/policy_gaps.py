"""The divisions on the registers in use for which a parameter that rules read has no value.

There a limit is NULL, and whatever is compared with it is neither over nor under: the rule is off, and nobody says so.
"""

from datetime import date

from engines.embedded import connect
from engines.lake import Lake
from pipelines.deliveries.as_of import choose, create_view
from pipelines.deliveries.receipts import ReceiptStore
from rules.book import RuleBook
from schemas.catalogue import Catalogue
from schemas.listed import listed_sql, registers_of

NAMED = 3
"""So many divisions of a parameter are named; how many more there are is said."""


def policy_gaps(lake: Lake, catalogue: Catalogue, book: RuleBook, day: date) -> list[str]:
    """Every parameter read by a rule that has no value on ``day`` for a division on a register, with what to do."""
    divisions = divisions_listed(lake, catalogue, day)
    read = sorted({name for rule in book.rules for name in rule.parameters})
    told = []
    for name in read:
        in_force = tuple(book.policy[name].in_force(day))
        if without := [division for division in divisions if not division.startswith(in_force)]:
            more = f" and {len(without) - NAMED} more" if len(without) > NAMED else ""
            told.append(
                f"policy {name}: no value on {day} for {', '.join(without[:NAMED])}{more}, which the registers list: "
                f"add one to {name}.yaml; without it every rule that reads it is off there"
            )
    return told


def divisions_listed(lake: Lake, catalogue: Catalogue, day: date) -> list[str]:
    """The divisions of the people on the registers in use, in order; none where nothing was delivered yet."""
    if not lake.root.exists():
        return []
    receipt_store, registers = ReceiptStore(lake), registers_of(catalogue)
    with connect(lake.root / "spill") as connection:
        for register in registers:
            create_view(connection, lake, register, choose(register, receipt_store, as_of=day, known_by=day))
        listed = listed_sql(registers, ("division",))
        rows = connection.execute(f"SELECT DISTINCT division FROM ({listed}) ORDER BY division").fetchall()
    return [division for (division,) in rows]
