"""Rule files: the header is checked, and the SQL reads what the header says and nothing else."""

import re
from datetime import date
from pathlib import Path

import pytest

from rules.declaration import RuleBookError
from rules.grounds import lacking
from rules.listing import HEADINGS, as_json, as_rows
from rules.policy import load_policy
from rules.rule import Provision, load_rules, read_rule, types_read
from schemas.catalogue import load_catalogue
from tests.rules.golden_world import HOUSEHOLDS

HEADER = """/*
id: a_rule
title: {zh: 规则, en: A rule}
direction: doubt
severity: 2
reads: {motor_vehicle: tells}
parameters: [exempt_vehicle_kinds]
legal_basis: {zh: 依据, en: Basis}
check_on_visit: {zh: 核查, en: Check}
can_be_wrong: {zh: 误差, en: Errors}
*/
"""
SQL = "SELECT * FROM linked_motor_vehicle WHERE vehicle_kind IN policy('exempt_vehicle_kinds', division)"
PARTS = ("rules", "pipelines", "matchers", "engines", "expectations", "review", "synth")
NEVER_NAMED = (
    "ethnicity",
    "sex",
    "former_name",
    "address",
    "phone",
    "marital_status",
    "nationality",
    "language",
    "religion",
)
"""What no law names as a ground; nor may a rule tell one place from another by a code written into it."""


def write(folder: Path, text: str, name: str = "a_rule") -> Path:
    file = folder / f"{name}.sql"
    file.write_text(text, "utf-8")
    return file


PROTECTING = {
    "unprotected_poor",
    "supplement_missing",
    "medical_hardship",
    "buffer_entitled",
    "review_overdue",
    "allowance_missing",
}
DOUBTING = {
    "deceased_recipient",
    "vehicle_owned",
    "vehicle_purchased",
    "property_over_limit",
    "property_purchased",
    "enterprise_controlled",
    "business_operated",
    "wage_income_over_standard",
    "fiscal_payroll_member",
    "housing_fund_contributor",
    "pension_undeclared",
    "unemployment_undeclared",
    "subsidy_undeclared",
    "exit_entry_frequent",
    "duplicate_dibao",
    "dibao_tekun_overlap",
    "relocated_double",
    "undeclared_spouse",
    "household_mismatch",
    "category_unsupported",
    "supplement_out_of_band",
    "single_person_unsupported",
    "exit_buffer_expired",
    "public_rental_overlap",
    "identity_conflict",
    "identity_invalid",
}


def test_the_book_has_every_rule_of_the_domain() -> None:
    wanted = dict.fromkeys(DOUBTING, "doubt") | dict.fromkeys(PROTECTING, "protect") | {"control_sample": "control"}
    assert {rule.id: rule.direction.value for rule in load_rules()}.items() >= wanted.items()


def test_rules_read_types_and_parameters_that_exist() -> None:
    assert types_read(load_rules()) <= load_catalogue().contracts.keys()
    parameters = {name for rule in load_rules() for name in rule.parameters}
    assert parameters <= load_policy().parameters.keys()


def test_every_information_type_of_the_sample_is_read() -> None:
    """A type that is in no sample yet comes before its rules."""
    sample = {folder.name for folder in Path("data/sample/inbox").glob("*/*")}
    types = {contract.name for contract in load_catalogue().information_types}
    assert types & sample - types_read(load_rules()) == set()


OF_A_HOME = {("estate_held", "address"), ("property_purchased", "address")}
"""Where a home lies tells it from another home, and says nothing of who owns it."""
TEXTS = {rule.id: rule.sql for rule in load_rules()} | {
    view.id: view.sql for rule in load_rules() for view in rule.views
}


SPEAKS_FOR = {(view, "marital_status") for view in ("divorced_on_register", "divorced_on_roster", "married_away")}
"""That somebody is divorced, or has a family of their own, is read to spare a doubt, and never to raise one."""


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("attribute", NEVER_NAMED)
def test_no_rule_asks_for_what_the_law_does_not_name(name: str, attribute: str) -> None:
    assert (name, attribute) in SPEAKS_FOR | OF_A_HOME or not re.search(rf"\b{attribute}\b", TEXTS[name])


def test_what_is_read_to_spare_a_doubt_is_read_for_nothing_else() -> None:
    against = {name for rule in load_rules() for name in rule.contradicted_by}
    read = {name for rule in load_rules() for name in rule.query.relations}
    assert {name for name, _ in SPEAKS_FOR} <= against - read


BASES = {rule.id: "".join(law.zh + law.en for law in rule.legal_basis) for rule in load_rules()}
REFERENCES = {parameter.name: "".join(one.reference for one in parameter.values) for parameter in load_policy()}


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_no_rule_names_a_place(text: str) -> None:
    """A division may be looked up in the policy or compared with another record's, never with a code of a place."""
    assert re.findall(r"'52\d*'", text) == []


@pytest.mark.parametrize("text", [*BASES.values(), *REFERENCES.values()], ids=[*BASES, *REFERENCES])
def test_no_article_is_cited_but_the_one_known(text: str) -> None:
    """Each was read (Measures of 2021, 7; Property Law, 97; Civil Code, 301); one made up would be worse than none."""
    assert set(re.findall(r"第\w+条", text)) <= {"第七条", "第九十七条", "第三百零一条"}
    assert set(re.findall(r"arts?\. \d+", text)) <= {"art. 7", "art. 97", "art. 301"}
    assert "〔" not in text


PROVISIONS = {f"{rule.id} from {law.from_}": law for rule in load_rules() for law in rule.legal_basis}


@pytest.mark.parametrize("law", PROVISIONS.values(), ids=list(PROVISIONS))
def test_a_legal_basis_is_an_article_that_is_known_or_is_marked_as_assumed(law: Provision) -> None:
    assert law.assumed or ("第七条" in law.zh and "Measures of 2021, art. 7" in law.en)


@pytest.mark.parametrize("law", PROVISIONS.values(), ids=list(PROVISIONS))
def test_a_night_cites_the_measures_of_its_day(law: Provision) -> None:
    """Of 2012 until 30 June 2021, of 2021 from 1 July 2021 on; the notice of 2022 from 20 October 2022 on."""
    if "(2021)" in law.zh or "of 2021" in law.en:
        assert law.from_ == date(2021, 7, 1)
    if "(2012)" in law.zh or "of 2012" in law.en:
        assert law.to == date(2021, 6, 30)
    if "2022" in law.zh + law.en:
        assert law.from_ == date(2022, 10, 20)


def test_that_a_provision_is_assumed_stands_on_the_page_for_lawyers_and_on_no_flag() -> None:
    assert not [name for name, law in PROVISIONS.items() if "assumed" in law.zh + law.en]
    assert "the provision is assumed" in (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def test_every_rule_has_golden_households_of_its_own() -> None:
    files = {file.stem for file in HOUSEHOLDS.glob("*.yaml")}
    assert {rule.id for rule in load_rules() if rule.direction != "control"} - files == set()


def test_a_rule_that_agrees_with_its_header_is_read(tmp_path: Path) -> None:
    rule = read_rule(write(tmp_path, HEADER + SQL + ";\n"))
    assert (rule.id, rule.reads, rule.parameters) == ("a_rule", {"motor_vehicle": "tells"}, ("exempt_vehicle_kinds",))
    assert rule.sql == SQL


def test_the_list_of_a_past_nights_header_is_read_still(tmp_path: Path) -> None:
    """The lake keeps the texts its nights were run with; a rule that does not say how ran whatever was delivered."""
    file = write(tmp_path, HEADER.replace("{motor_vehicle: tells}", "[motor_vehicle]") + SQL)
    rule = read_rule(file, of_a_past_night=True)
    assert lacking(rule.reads, {"motor_vehicle"}, ()) == ()


FARM, TWO_AND_THREE_WHEELS, AIDS, UNKNOWN = {"T", "N", "H5"}, {"M"}, {"D"}, {"X"}
CARS, LORRIES, MACHINES, TRAILERS = {"K"}, {"H1", "H2", "H3", "H4", "Q"}, {"Z", "J"}, {"B", "G"}


def test_every_kind_of_vehicle_is_decided() -> None:
    """By the classes of GA/T 16.4: farm vehicles, motorcycles, wheelchairs and the unknown are no property."""
    codes = load_catalogue()["motor_vehicle"].column("vehicle_kind").codes
    exempt = FARM | TWO_AND_THREE_WHEELS | AIDS | UNKNOWN
    decided = {
        code: [one for one in exempt | CARS | LORRIES | MACHINES | TRAILERS if code.startswith(one)] for code in codes
    }
    assert {code: classes for code, classes in decided.items() if len(classes) != 1} == {}
    for dated in load_policy()["exempt_vehicle_kinds"].values:
        assert isinstance(dated.value, tuple)
        assert set(dated.value) == {code for code, (of,) in decided.items() if of in exempt}


def test_every_status_of_a_vehicle_is_decided() -> None:
    """Transferred, stolen, deregistered, cancelled, plates void: no longer theirs. All else is."""
    codes = load_catalogue()["motor_vehicle"].column("status").codes
    theirs = set("ADGHIJKLNOQ")
    for dated in load_policy()["vehicle_gone_statuses"].values:
        assert isinstance(dated.value, tuple)
        assert (set(dated.value) | theirs, set(dated.value) & theirs) == (set(codes), set())


def test_no_sql_of_the_project_names_a_province() -> None:
    """Whose night it is, the policy says."""
    folder = Path(__file__).parents[2]
    texts = {file: file.read_text("utf-8") for part in PARTS for file in (folder / part).rglob("*.sql")}
    assert len(texts) > 50
    assert [str(file) for file, text in texts.items() if re.search(r"'5[0-4]\d*'", text)] == []


def test_any_change_of_the_file_is_a_new_version(tmp_path: Path) -> None:
    first = read_rule(write(tmp_path, HEADER + SQL))
    second = read_rule(write(tmp_path, HEADER.replace("severity: 2", "severity: 3") + SQL))
    assert first.version != second.version
    assert len(first.version) == 12


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SQL, "header: missing"),
        ("/* id: [ */" + SQL, "is not YAML"),
        (HEADER.replace("severity: 2", "severity: 4") + SQL, "severity: .*less than or equal to 3"),
        (HEADER.replace("direction: doubt", "direction: accuse") + SQL, "direction: "),
        (HEADER.replace("severity: 2", "severity: 2\naccepts: [question]") + SQL, "accepts: .*question"),
        (HEADER.replace("severity: 2", "severity: 2\naccepts: []") + SQL, "accepts: "),
        (
            HEADER.replace("severity: 2", "severity: 2\naccepts: [certain, conflict]") + SQL,
            "accepts: conflict: .*remove it",
        ),
        (HEADER.replace("legal_basis", "legal_bases") + SQL, "legal_basis: missing: add this key"),
        (HEADER.replace("{zh: 核查, en: Check}", "{zh: 核查}") + SQL, "check_on_visit.en: missing"),
        (HEADER.replace("id: a_rule", "id: b_rule") + SQL, "id: is b_rule: make it a_rule"),
        (HEADER.replace("tells}", "tells, cremation: tells}") + SQL, r"reads: \['cremation'\] are declared"),
        (HEADER + SQL.replace("WHERE", "JOIN conflict_marriage USING (person_id) WHERE"), r"reads \['marriage'\]"),
        (HEADER.replace("[exempt_vehicle_kinds]", "[]") + SQL, r"parameters: the SQL reads \['exempt_vehicle_kinds'\]"),
        (HEADER + "SELECT * FROM motor_vehicle", r"parameters: \['exempt_vehicle_kinds'\] are declared and not read"),
        (HEADER + SQL.replace("'exempt_vehicle_kinds'", "brand"), "not a literal"),
        (HEADER + "DELETE FROM motor_vehicle", "SQL: must be one SELECT"),
        (HEADER + SQL + "; " + SQL, "SQL: 2 statements"),
        (HEADER + "SELEC 1", "SQL: must be one SELECT"),
        (
            HEADER.replace("{motor_vehicle: tells}", "[motor_vehicle]") + SQL,
            r"reads: does not say how \['motor_vehicle'\]",
        ),
        (
            HEADER.replace("motor_vehicle: tells", "motor_vehicle: knows") + SQL,
            "reads.motor_vehicle: .*'absence tells'",
        ),
        (HEADER + SQL + " AND delivered('cremation')", r"asks whether \['cremation'\] were delivered"),
    ],
)
def test_a_mistake_names_file_key_and_fix(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RuleBookError, match=message) as caught:
        read_rule(write(tmp_path, text))
    assert "a_rule.sql" in str(caught.value)


def test_names_a_query_gives_itself_are_not_types(tmp_path: Path) -> None:
    text = HEADER + f"WITH mine AS ({SQL}) SELECT * FROM mine JOIN membership USING (person_id)"
    assert read_rule(write(tmp_path, text)).reads == {"motor_vehicle": "tells"}


def test_the_listing_shows_every_rule_without_its_sql() -> None:
    listed = as_json(load_rules())["rules"]
    assert [rule["id"] for rule in listed] == [rule.id for rule in load_rules()]
    assert all(rule["legal_basis"][0]["zh"] and "sql" not in rule for rule in listed)
    assert {len(row) for row in as_rows(load_rules())} == {len(HEADINGS)}
