"""``hedui rules --check`` and the page of documentation: the book holds, and what does not hold is named."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.check import check_rules, unread_types
from rules.declaration import RuleBookError
from rules.page import rule_book_page, short_matrix, with_matrix
from rules.policy import load_policy
from rules.rule import HERE, Rule, load_rules
from schemas.catalogue import load_catalogue

NIGHT = date(2020, 10, 31)
CAR = next(rule for rule in load_rules() if rule.id == "vehicle_owned")
PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
README = Path(__file__).parents[2] / "README.md"


@pytest.mark.slow
def test_the_book_holds() -> None:
    assert check_rules(load_rules(), load_policy(), load_catalogue(), NIGHT) == []


def test_a_type_the_catalogue_has_not_is_named() -> None:
    contracts = [contract for contract in load_catalogue() if contract.name != "motor_vehicle"]
    problems = check_rules([CAR], load_policy(), contracts, NIGHT)
    assert problems == ["rule vehicle_owned: reads: there is no type motor_vehicle in the catalogue: correct the name"]


def test_a_parameter_without_a_file_is_named() -> None:
    policy = load_policy()
    without = replace(policy, parameters={k: v for k, v in policy.parameters.items() if k != "exempt_vehicle_kinds"})
    (problem,) = check_rules([CAR], without, load_catalogue(), NIGHT)
    assert "vehicle_owned: parameters: there is no policy file exempt_vehicle_kinds.yaml" in problem


@pytest.mark.slow
def test_a_type_that_no_rule_reads_yet_is_named_and_no_mistake() -> None:
    rules = [rule for rule in load_rules() if "exit_entry" not in rule.reads]
    assert check_rules([CAR], load_policy(), load_catalogue(), NIGHT) == []
    assert unread_types([CAR], load_catalogue()) != []
    assert unread_types(rules, load_catalogue()) == ["exit_entry"]
    assert unread_types(load_rules(), load_catalogue()) == []


def test_a_type_whose_records_speak_of_nobody_is_named_where_a_rule_reads_its_links() -> None:
    anonymous = [
        contract.model_copy(update={"identity": ()} if contract.name == "motor_vehicle" else {})
        for contract in load_catalogue()
    ]
    (problem,) = check_rules([CAR], load_policy(), anonymous, NIGHT)
    assert (
        "shared view vehicle_held: reads linked_motor_vehicle, but the type motor_vehicle declares no identity"
        in problem
    )


def edited_book(folder: Path, file: str, old: str, new: str) -> tuple[Rule, ...]:
    """The rules of a copy of the book, with one text replaced in a file."""
    shutil.copytree(HERE, folder / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / "rules" / file).read_text("utf-8")
    assert old in text
    (folder / "rules" / file).write_text(text.replace(old, new), "utf-8")
    return load_rules(folder / "rules")


def with_readers(book: tuple[Rule, ...]) -> list[Rule]:
    """The rules that read bills, and some that do not: to bind the whole book takes seconds."""
    beside = {"vehicle_owned", "deceased_recipient"}
    return [rule for rule in book if rule.id in beside or "recent_bill" in {view.id for view in rule.views}]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bill.out_of_pocket", "bill.out_of_purse"),
        ("bill.out_of_pocket", "bill.out_of_pocket + bill.settled_on AS out_of_pocket"),
        ("due((bill.settled_on", "dew((bill.settled_on"),
    ],
    ids=["a column that is not there", "a wrong type", "a macro that is not there"],
)
def test_a_mistake_in_a_shared_view_is_named_once_with_who_reads_it(tmp_path: Path, old: str, new: str) -> None:
    rules = with_readers(edited_book(tmp_path, "shared/recent_bill.sql", old, new))
    (problem,) = check_rules(rules, load_policy(), load_catalogue(), NIGHT)
    assert problem.startswith("shared view recent_bill: the SQL does not fit what it reads: ")
    assert problem.endswith(
        "medical_hardship, single_person_unsupported, supplement_missing, unprotected_poor read it "
        "and could not be looked at"
    )


@pytest.mark.slow
def test_a_column_that_a_shared_view_no_longer_has_is_named_where_others_read_it(tmp_path: Path) -> None:
    book = edited_book(tmp_path, "shared/recent_bill.sql", "bill.serious_illness", "bill.serious_illness AS grave")
    rules = with_readers(book)
    problems = check_rules(rules, load_policy(), load_catalogue(), NIGHT)
    assert problems
    assert all("serious_illness" in problem for problem in problems)


def test_views_that_read_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    circle = "FROM linked_medical_expense AS bill\nANTI JOIN unprotected_place USING (household_id)"
    with pytest.raises(RuleBookError, match=r"unprotected_place reads recent_bill|recent_bill reads unprotected_place"):
        edited_book(tmp_path, "shared/recent_bill.sql", "FROM linked_medical_expense AS bill", circle)


def test_a_column_yielded_in_another_kind_is_named() -> None:
    """It would be converted row by row on the night, and the first that cannot be would end the rule."""
    words = CAR.model_copy(update={"sql": CAR.sql.replace("monthly_amount AS amount", "plate_number AS amount")})
    (problem,) = check_rules([words], load_policy(), load_catalogue(), NIGHT)
    assert problem == "rule vehicle_owned: yields amount as VARCHAR, and it is to be a number: convert it"


@pytest.mark.slow
def test_every_mistake_of_the_book_is_named_at_once() -> None:
    broken = CAR.model_copy(update={"sql": CAR.sql.replace("registered_on > decided_on", "coloured_on > decided_on")})
    other = broken.model_copy(update={"id": "another"})
    first, second = check_rules([broken, other], load_policy(), load_catalogue(), NIGHT)
    assert first.startswith("rule vehicle_owned: ")
    assert second.startswith("rule another: ")


def test_a_column_that_is_not_there_is_named() -> None:
    broken = CAR.model_copy(update={"sql": CAR.sql.replace("registered_on > decided_on", "coloured_on > decided_on")})
    (problem,) = check_rules([broken], load_policy(), load_catalogue(), NIGHT)
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
