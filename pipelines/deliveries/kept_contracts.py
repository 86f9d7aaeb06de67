"""The contracts that past nights showed their deliveries by, kept in the lake: ``contracts/<type>/<version>.json``.

A contract changes between nights. A past night is made again by those of its own day.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from engines.lake import Lake, written_in_one_step
from schemas.catalogue import Catalogue, ContractError
from schemas.contract import Contract


def version_of(contract: Contract) -> str:
    """A hash of all the contract says (12 hex digits): rows read under another version are not the same rows."""
    return _version(contract.model_dump_json())


def keep_contracts(lake: Lake, catalogue: Catalogue) -> None:
    """Keep every contract that the lake does not have yet."""
    for contract in catalogue:
        file = _file(lake, contract.name, version_of(contract))
        if not file.exists():
            written_in_one_step(file, contract.model_dump_json().encode())


def catalogue_then(lake: Lake, today: Catalogue, versions: Mapping[str, str]) -> Catalogue:
    """Today's catalogue with these versions of its contracts, by type, and the types that it no longer has.

    A type without a version is as today. A contract that was kept before contracts could declare a register takes
    today's declaration. Raises ContractError for a version that the lake does not have.
    """
    kept = {name: kept_contract(lake, name, version) for name, version in versions.items() if version}
    then = {name: _declared(contract, today.contracts.get(name)) for name, contract in kept.items()}
    return Catalogue(today.departments, today.contracts | then)


def _declared(then: Contract, today: Contract | None) -> Contract:
    if "as_register" in then.model_fields_set or today is None:
        return then
    return then.model_copy(update={"as_register": today.as_register})


def kept_contract(lake: Lake, name: str, version: str) -> Contract:
    """A type's contract of this version. Raises ContractError where the lake does not have it as it was."""
    file = _file(lake, name, version)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if _version(text) != version:
        raise ContractError(f"{file}: the contract of {name} is not as that night had it: restore it from a backup")
    return Contract.model_validate_json(text)


def _version(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _file(lake: Lake, name: str, version: str) -> Path:
    return lake.root / "contracts" / name / f"{version}.json"
