"""What of the rows in use was read by another contract than today's, and would come out otherwise if read again."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from engines.lake import Lake
from pipelines.deliveries.as_of import choose
from pipelines.deliveries.kept_contracts import kept_contract, version_of
from pipelines.deliveries.receipts import ReceiptStore
from schemas.catalogue import Catalogue, ContractError
from schemas.column import Column
from schemas.contract import Contract


@dataclass(frozen=True)
class Grown:
    """A type whose rows in use were read by another contract."""

    type_name: str
    deliveries: tuple[str, ...]
    """Those of them in use."""
    differs: tuple[str, ...]
    """What is otherwise today."""


def contracts_grown(lake: Lake, catalogue: Catalogue, today: date) -> list[Grown]:
    """The types whose deliveries in use were read by a contract that reads otherwise than today's."""
    receipt_store, found = ReceiptStore(lake), []
    for contract in catalogue:
        versions = {one.delivery_id: one.contract_version for one in receipt_store.of_type(contract.name)}
        by_version: dict[str, list[str]] = defaultdict(list)
        for delivery in choose(contract, receipt_store, as_of=today, known_by=today).deliveries:
            by_version[versions.get(delivery, "")].append(delivery)
        by_version.pop(version_of(contract), None)
        differing = {version: _differs(lake, contract, version) for version in by_version}
        deliveries = [one for version, said in differing.items() if said for one in by_version[version]]
        if deliveries:
            said = dict.fromkeys(what for of_version in differing.values() for what in of_version)
            found.append(Grown(contract.name, tuple(deliveries), tuple(said)))
    return found


def _differs(lake: Lake, today: Contract, version: str) -> list[str]:
    """What of a contract reads a file otherwise than it did in this version."""
    try:
        then = kept_contract(lake, today.name, version)
    except ContractError:
        return ["a contract that the lake does not keep"]
    before, now = ({one.name: one for one in contract.columns} for contract in (then, today))
    said = [f"column {name} added" for name in now if name not in before]
    said += [f"column {name} dropped" for name in before if name not in now]
    said += [f"column {name} changed" for name in now if name in before and _reads(now[name]) != _reads(before[name])]
    said += ["key changed"] if today.key != then.key else []
    said += ["row rules changed"] if today.row_rules != then.row_rules else []
    return said


def _reads(column: Column) -> dict[str, Any]:
    """What of a column decides how its cells are read."""
    return column.model_dump(exclude={"en"})
