"""Nights that would be made of other rows today: a delivery was withdrawn, or came to other rows when read again."""

from collections.abc import Collection
from datetime import date

from engines.lake import Lake
from pipelines.deliveries.as_of import choose
from pipelines.deliveries.receipts import ReceiptStore
from pipelines.provenance.made_of import Provenance, find_provenance, nights_kept
from schemas.catalogue import Catalogue


def nights_made_otherwise(lake: Lake, catalogue: Catalogue, types: Collection[str]) -> list[date]:
    """The kept nights that were made of other rows of these types than stand now for what they knew, in order."""
    receipt_store = ReceiptStore(lake)
    asked = [name for name in types if name in catalogue.contracts]
    kept = (found for night in nights_kept(lake) if (found := find_provenance(lake, night)))
    return [one.night for one in kept if any(_differs(one, receipt_store, catalogue, name) for name in asked)]


def _differs(made: Provenance, receipt_store: ReceiptStore, catalogue: Catalogue, name: str) -> bool:
    now = choose(catalogue[name], receipt_store, as_of=made.night, known_by=made.known_by or made.night).deliveries
    used = {rule.inputs for rule in made.rules.values() if not rule.drawn} | {made.links}
    return any(made.inputs[key][name].deliveries != now for key in used if name in made.inputs[key])
