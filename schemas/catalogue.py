"""The catalogue: every contract under ``schemas/``, loaded and checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from schemas.contract import OWN_DEPARTMENT, Contract
from schemas.declaration import LOADER, Strict, Title, problems_of

HERE = Path(__file__).parent
Model = TypeVar("Model", bound=Strict)


class ContractError(ValueError):
    """A contract, or the list of departments, that cannot be used. The message names file, key and fix."""

    exit_code = 4


class Department(Strict):
    """A department that delivers, with the folder name it has in the inbox."""

    title: Title


@dataclass(frozen=True)
class Catalogue:
    """All departments and their contracts, in the order of ``departments.yaml`` and of the file names."""

    departments: dict[str, Department]
    contracts: dict[str, Contract]

    def __iter__(self) -> Iterator[Contract]:
        return iter(self.contracts.values())

    def __getitem__(self, name: str) -> Contract:
        if name not in self.contracts:
            raise ContractError(f"no information type {name!r}: use one of {', '.join(self.contracts)}")
        return self.contracts[name]

    @property
    def information_types(self) -> list[Contract]:
        """The types other departments deliver."""
        return [contract for contract in self if not contract.is_own]

    @property
    def own_types(self) -> list[Contract]:
        """The types civil affairs holds itself."""
        return [contract for contract in self if contract.is_own]


@cache
def load_catalogue(folder: Path = HERE) -> Catalogue:
    """Read ``departments.yaml``, ``codes.yaml`` and every ``<department>/<type>.yaml`` below ``folder``.

    Raises ContractError, naming the file, the key and what to do, when any of them does not hold.
    """
    listed = _read_yaml(folder / "departments.yaml")
    departments = {name: _validated(Department, entry, folder / "departments.yaml") for name, entry in listed.items()}
    lists = _read_yaml(folder / "codes.yaml")
    contracts: dict[str, Contract] = {}
    for department in departments:
        for file in sorted((folder / department).glob("*.yaml")):
            contract = _validated(Contract, _with_shared_codes(_read_yaml(file), lists, file), file)
            _agrees_with_its_place(contract, file)
            if contract.name in contracts:
                raise ContractError(f"{file}: name: {contract.name} is declared by another department too: rename it")
            if other := _of_the_same_scheme(contract, contracts.values()):
                raise ContractError(f"{file}: register.scheme: {other} has the same scheme: give this one another name")
            contracts[contract.name] = contract
    if OWN_DEPARTMENT not in departments:
        raise ContractError(f"{folder / 'departments.yaml'}: {OWN_DEPARTMENT}: missing: civil affairs must be listed")
    for file in sorted(folder.glob("*/*.yaml")):
        if file.parent.name not in departments:
            raise ContractError(f"{file}: department: {file.parent.name} is not in departments.yaml: add it there")
    return Catalogue(departments, contracts)


def contract_in(text: str, file: Path, folder: Path = HERE) -> Contract:
    """The contract whose YAML ``text`` is or would be in ``file``, with the shared code lists of ``folder``.

    Raises ContractError, naming the file, the key and what to do, when it does not hold.
    """
    try:
        content = yaml.load(text, LOADER)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        raise ContractError(f"{file}: (whole file): is not YAML: {error}") from error
    return _validated(Contract, _with_shared_codes(content, _read_yaml(folder / "codes.yaml"), file), file)


def _with_shared_codes(content: dict[str, Any], lists: dict[str, Any], file: Path) -> dict[str, Any]:
    """``content`` with each column's ``codes: <name>`` replaced by the list of that name."""
    columns = content.get("columns")
    for column in columns if isinstance(columns, list) else []:
        named = column.get("codes") if isinstance(column, dict) else None
        if not isinstance(named, str):
            continue
        if named not in lists:
            key = f"columns.{column.get('name')}.codes"
            fix = f"use one of {', '.join(lists)}, or add it there"
            raise ContractError(f"{file}: {key}: codes.yaml has no list {named}: {fix}")
        column["codes"] = lists[named]
    return content


def _of_the_same_scheme(contract: Contract, others: Iterable[Contract]) -> str | None:
    """The name of another register of the scheme that ``contract`` declares."""
    declared = contract.as_register
    same = (one.name for one in others if declared and one.as_register and one.as_register.scheme == declared.scheme)
    return next(same, None)


def _agrees_with_its_place(contract: Contract, file: Path) -> None:
    if contract.name != file.stem:
        raise ContractError(f"{file}: name: is {contract.name}: make it {file.stem}, as the file is called")
    if contract.department != file.parent.name:
        raise ContractError(f"{file}: department: is {contract.department}: make it {file.parent.name}, as the folder")


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        with file.open(encoding="utf-8") as text:
            content = yaml.load(text, LOADER)  # noqa: S506 (a safe loader)
    except FileNotFoundError:
        raise ContractError(f"{file}: (whole file): missing: create it") from None
    except yaml.YAMLError as error:
        raise ContractError(f"{file}: (whole file): is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise ContractError(f"{file}: (whole file): is empty or not a mapping: write key: value lines")
    return content


def _validated(model: type[Model], content: Any, file: Path) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise ContractError(problems_of(error, content, file)) from None
