"""The catalogue as the command line shows it: as JSON for programs, as rows for people."""

from typing import Any

from schemas.catalogue import Catalogue
from schemas.contract import OWN_DEPARTMENT, Contract

HEADINGS = (
    "部门 department",
    "类型 type",
    "名称 title",
    "报送 delivery",
    "主键 key",
    "字段 columns",
    "全省行数 province rows",
)
"""What the columns of ``as_rows`` hold, in order."""


def as_json(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue as plain values that ``json.dumps`` takes.

    ``departments`` counts those that deliver to civil affairs, so not civil affairs itself; ``information_types``
    counts what they deliver. ``types`` and ``registers`` describe each contract; the registers are civil affairs' own.
    """
    return {
        "departments": len([name for name in catalogue.departments if name != OWN_DEPARTMENT]),
        "information_types": len(catalogue.information_types),
        "types": [_described(contract, catalogue) for contract in catalogue.information_types],
        "registers": [_described(contract, catalogue) for contract in catalogue.own_types],
    }


def as_rows(catalogue: Catalogue) -> list[tuple[str, ...]]:
    """One row of text a contract, under ``HEADINGS``: the information types first, then the registers."""
    return [
        (
            catalogue.departments[contract.department].title.zh,
            contract.name,
            f"{contract.title.zh} {contract.title.en}",
            f"{contract.delivery.cadence} {contract.delivery.kind}",
            ", ".join(contract.key),
            str(len(contract.columns)),
            f"{contract.province_rows:,}",
        )
        for contract in (*catalogue.information_types, *catalogue.own_types)
    ]


def _described(contract: Contract, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "name": contract.name,
        "title": contract.title.model_dump(),
        "department": contract.department,
        "department_title": catalogue.departments[contract.department].title.model_dump(),
        "delivery": contract.delivery.model_dump(mode="json"),
        "columns": len(contract.columns),
        "key": list(contract.key),
        "roles": [identity.role for identity in contract.identity],
        "row_rules": [rule.name for rule in contract.row_rules],
        "province_rows": contract.province_rows,
        "retention_days": contract.retention_days,
        "owner": contract.owner.office,
    }
