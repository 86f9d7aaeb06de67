"""``hedui rules --check`` and the page of documentation: the book holds, and what does not hold is named."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from rules.check import check_rules
from rules.page import rule_book_page, short_matrix, with_matrix
from rules.policy import load_policy
from rules.rule import load_rules
from schemas.catalogue import load_catalogue

NIGHT = date(2020, 10, 31)
CAR = next(rule for rule in load_rules() if rule.id == "vehicle_owned")
PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
README = Path(__file__).parents[2] / "README.md"


def test_the_book_holds() -> None:
    assert check_rules(load_rules(), load_policy(), load_catalogue(), NIGHT) == []


def test_a_type_the_catalogue_has_not_is_named() -> None:
    contracts = [contract for contract in load_catalogue() if contract.name != "motor_vehicle"]
    problems = check_rules([CAR], load_policy(), contracts, NIGHT, whole_book=False)
    assert problems == ["rule vehicle_owned: reads: there is no type motor_vehicle in the catalogue: correct the name"]


def test_a_parameter_without_a_file_is_named() -> None:
    policy = load_policy()
    without = replace(policy, parameters={k: v for k, v in policy.parameters.items() if k != "exempt_vehicle_kinds"})
    (problem,) = check_rules([CAR], without, load_catalogue(), NIGHT, whole_book=False)
    assert "vehicle_owned: parameters: there is no policy file exempt_vehicle_kinds.yaml" in problem


def test_a_type_that_no_rule_reads_is_named() -> None:
    rules = [rule for rule in load_rules() if "exit_entry" not in rule.reads]
    (problem,) = check_rules(rules, load_policy(), load_catalogue(), NIGHT)
    assert problem.startswith("type exit_entry: no rule reads it")


def test_a_column_that_is_not_there_is_named() -> None:
    broken = CAR.model_copy(update={"sql": CAR.sql.replace("vehicle.status", "vehicle.colour")})
    (problem,) = check_rules([broken], load_policy(), load_catalogue(), NIGHT, whole_book=False)
    assert problem.startswith("rule vehicle_owned: the SQL does not fit the views")


def test_the_page_is_the_one_the_headers_make() -> None:
    made = rule_book_page(load_rules(), load_policy(), load_catalogue())
    assert made == PAGE.read_text(encoding="utf-8"), "run `python -m rules.page`"


def test_the_page_shows_a_reader_for_every_information_type() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for contract in load_catalogue().information_types:
        (row,) = (line for line in lines if line.startswith(f"| `{contract.name}`"))
        assert row.count("`") > 2


def test_the_readme_has_the_matrix_of_rules_and_types() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_matrix(readme, load_rules(), load_catalogue()) == readme, "run `python -m rules.page`"
    assert short_matrix(load_rules(), load_catalogue()) in readme


def test_the_matrix_has_every_rule_and_a_reader_for_every_type() -> None:
    lines = short_matrix(load_rules(), load_catalogue()).splitlines()
    rows = {line.split()[0]: "".join(line.split()[1:]) for line in lines if "·" in line}
    assert rows.keys() == {rule.id for rule in load_rules()}
    assert {len(row) for row in rows.values()} == {len(list(load_catalogue()))}
    assert all("●" in row for row in rows.values())
    assert all("●" in column for column in zip(*rows.values(), strict=True))
