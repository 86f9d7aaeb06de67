"""Every contract in the catalogue holds what the rest of the house relies on."""

import re
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from schemas.catalogue import load_catalogue
from schemas.column import ARROW_TYPES, Meaning
from schemas.contract import OWN_DEPARTMENT, Contract
from schemas.spellings import fold_header

CATALOGUE = load_catalogue()
CONTRACTS = [pytest.param(contract, id=contract.name) for contract in CATALOGUE]
RULES = [
    pytest.param(contract, rule.sql, id=f"{contract.name}.{rule.name}")
    for contract in CATALOGUE
    for rule in contract.row_rules
]
every_contract = pytest.mark.parametrize("contract", CONTRACTS)
every_rule = pytest.mark.parametrize(("contract", "sql"), RULES)

TRIAL_VALUES: dict[pa.DataType, list[object]] = {
    pa.date32(): [date(1950, 1, 1), date(2020, 10, 31), date(2035, 1, 1)],
    ARROW_TYPES[Meaning.AMOUNT]: [Decimal("-1.00"), Decimal("0.00"), Decimal("1000.00")],
    ARROW_TYPES[Meaning.QUANTITY]: [Decimal("-1.0000"), Decimal("50.0000"), Decimal("1000.0000")],
    pa.int64(): [-1, 0, 1],
    pa.string(): ["a", "b"],
}


def rule_schema(contract: Contract) -> pa.Schema:
    """What a row rule may speak of: the contract's columns and the day the delivery speaks for."""
    return contract.arrow_schema.append(pa.field("delivery_date", pa.date32()))


def test_the_catalogue_has_the_agreed_departments_types_and_registers() -> None:
    assert len(set(CATALOGUE.departments) - {OWN_DEPARTMENT}) >= 11
    assert len(CATALOGUE.information_types) >= 28
    assert {own.name for own in CATALOGUE.own_types} >= {
        "dibao_roster",
        "tekun_roster",
        "marriage",
        "cremation",
    }
    assert {contract.department for contract in CATALOGUE} <= set(CATALOGUE.departments)


def test_a_province_delivers_as_many_rows_as_the_benchmarks_are_made_for() -> None:
    """About 141 million; a further type adds its own."""
    total = sum(contract.province_rows for contract in CATALOGUE.information_types)
    assert 140_500_000 <= total <= 200_000_000


@every_contract
def test_it_says_whom_its_rows_speak_of(contract: Contract) -> None:
    assert contract.identity
    for identity in contract.identity:
        assert contract.column(identity.id_number).meaning is Meaning.ID_NUMBER
        assert contract.column(identity.name).meaning is Meaning.PERSON_NAME
        assert identity.id_number in contract.expectations.filled or identity.role == "seller"


@every_contract
def test_its_labels_are_in_both_languages(contract: Contract) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    titles = [contract.title, *(rule.explain for rule in contract.row_rules)]
    titles += [code for column in contract.columns for code in column.codes.values()]
    labels = [(title.zh, title.en) for title in titles] + [(column.header, column.en) for column in contract.columns]
    for zh, en in labels:
        assert chinese.search(zh), zh
        assert en.isascii(), en
        assert not en.islower(), f"{en} does not begin with a capital"


@every_contract
def test_each_of_its_headers_leads_to_one_column(contract: Contract) -> None:
    for column in contract.columns:
        for header in (column.header, *column.aliases):
            assert contract.column_under(f" {header} ") is column
    folded = [fold_header(header) for column in contract.columns for header in (column.header, *column.aliases)]
    assert len(folded) == len(set(folded))
    assert contract.column_under("没有这一列") is None


@every_contract
def test_its_lateness_and_size_suit_how_often_it_comes(contract: Contract) -> None:
    floor = {"daily": 2, "weekly": 8, "monthly": 32, "termly": 150}[contract.delivery.cadence]
    assert floor <= contract.delivery.late_after_days <= 2 * floor
    assert contract.retention_days > contract.delivery.late_after_days
    assert contract.expectations.rows.min is not None
    assert (contract.expectations.rows_against_last is not None) == (contract.delivery.kind == "full")


@every_rule
def test_a_row_rule_runs_and_an_empty_row_meets_it(contract: Contract, sql: str) -> None:
    nothing = pa.table({field.name: pa.nulls(1, field.type) for field in rule_schema(contract)})
    with duckdb.connect() as connection:
        connection.register("delivery", nothing)
        verdicts = connection.execute(f"SELECT typeof({sql}), ({sql}) FROM delivery").fetchall()
    assert verdicts in ([("BOOLEAN", None)], [("BOOLEAN", True)])


@every_rule
def test_a_row_rule_can_be_met_and_can_be_broken(contract: Contract, sql: str) -> None:
    spoken_of = [field for field in rule_schema(contract) if re.search(rf"\b{field.name}\b", sql)]
    with duckdb.connect() as connection:
        for field in spoken_of:
            values = pa.table({field.name: pa.array(TRIAL_VALUES[field.type], field.type)})
            connection.register(f"values_of_{field.name}", values)
        trials = " CROSS JOIN ".join(f"values_of_{field.name}" for field in spoken_of)
        verdicts = connection.execute(f"SELECT DISTINCT ({sql}) FROM {trials}").fetchall()
    assert set(verdicts) == {(True,), (False,)}


def test_rows_that_do_occur_meet_the_rules() -> None:
    """Reversed settlements, electric vehicles and red-letter invoices are real, so no rule may turn them away."""
    occurring: dict[str, dict[str, object]] = {
        "medical_expense": {"total": Decimal("-320.00"), "out_of_pocket": Decimal("-96.00")},
        "motor_vehicle": {"displacement": Decimal("0.0000"), "first_registered_on": date(2020, 10, 31)},
        "business_turnover": {"invoiced": Decimal("-5000.00"), "declared": Decimal("0.00")},
        "public_rental": {"started_on": date(2020, 1, 1), "ended_on": date(2023, 1, 1)},
        "disability_certificate": {"issued_on": date(2015, 5, 1), "valid_until": date(2025, 5, 1)},
        "registered_poor": {"per_head_income": Decimal("-800.00"), "household_size": 1},
    }
    for name, values in occurring.items():
        schema = rule_schema(CATALOGUE[name])
        row = {field.name: values.get(field.name) for field in schema} | {"delivery_date": date(2020, 10, 31)}
        with duckdb.connect() as connection:
            connection.register("delivery", pa.Table.from_pylist([row], schema=schema))
            for rule in CATALOGUE[name].row_rules:
                broken = connection.execute(f"SELECT count(*) FROM delivery WHERE NOT ({rule.sql})").fetchone()
                assert broken == (0,), f"{name}.{rule.name}"


def test_an_amount_is_in_the_unit_its_header_says() -> None:
    capital = CATALOGUE["enterprise_representative"].column("registered_capital")
    assert capital.unit_under("注册资本") == "wan_yuan"
    assert capital.unit_under("注册资本（元）") == "yuan"
    income = CATALOGUE["income_tax"].column("income")
    assert income.unit_under("收入额") == "yuan"
    assert income.unit_under("收入额(万元)") == "wan_yuan"
    assert income.unit_under("收入额（万元） ") == "wan_yuan"
    assert CATALOGUE["real_estate"].column("area").unit_under("建筑面积(平方米)") == "square_metre"
    assert CATALOGUE["income_tax"].column("name").unit_under("姓名") is None


def test_shared_code_lists_are_whole() -> None:
    ethnicity = CATALOGUE["household_register"].column("ethnicity").codes
    assert set(ethnicity) == {f"{number:02}" for number in range(1, 57)} | {"97", "98"}
    assert (ethnicity["01"].zh, ethnicity["06"].zh, ethnicity["56"].zh) == ("汉族", "苗族", "基诺族")
    assert CATALOGUE["dibao_roster"].column("ethnicity").codes == ethnicity
    assert set(CATALOGUE["dibao_roster"].column("recipient").codes) == {"yes", "no"}
    vehicles = CATALOGUE["motor_vehicle"].column("vehicle_kind").codes
    assert {"K33", "K31", "H31", "H21", "Q11", "M21", "M22", "N11", "T11", "D11"} <= set(vehicles)
    assert {"01", "02", "07", "08", "13", "14", "51", "52"} <= set(
        CATALOGUE["motor_vehicle"].column("plate_kind").codes
    )
    assert {"A", "B", "E", "G", "M"} <= set(CATALOGUE["motor_vehicle"].column("status").codes)
