"""The truth: complete for the sample, with positives and lookalikes for every rule, and honest about the dirt."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from synth.scenarios.registry import SCENARIOS

TRUTH = Path("data/sample/truth")
FIRST_RULES = (
    "deceased_recipient",
    "vehicle_owned",
    "property_over_limit",
    "enterprise_controlled",
    "fiscal_payroll_member",
    "duplicate_dibao",
    "identity_conflict",
    "unprotected_poor",
)


@pytest.fixture(scope="module")
def flags() -> pl.DataFrame:
    return pl.read_parquet(TRUTH / "flags.parquet")


@pytest.fixture(scope="module")
def links() -> pl.DataFrame:
    return pl.read_parquet(TRUTH / "links.parquet")


@pytest.mark.parametrize("rule", FIRST_RULES)
def test_rule_has_cases_to_find_and_lookalikes(flags: pl.DataFrame, rule: str) -> None:
    cases = flags.filter(pl.col("rule") == rule)
    assert cases.filter("expected").height >= 6
    assert cases.filter(~pl.col("expected")).height >= 6


def test_every_scenario_finds_people_in_the_sample(flags: pl.DataFrame) -> None:
    planted = {scenario.name for scenario in SCENARIOS}
    assert planted <= set(flags["scenario"])


def test_scenario_names_are_unique() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(names) == len(set(names))


def test_a_rule_expects_one_thing_of_a_member_and_of_a_household(flags: pl.DataFrame) -> None:
    ground = ["rule", "scheme", "household"]
    # Where a line speaks of the whole household, all of them do; otherwise each speaks of its member.
    of_all = pl.col("member").is_null().any().over(ground)
    asked = flags.with_columns(member=pl.when(of_all).then(pl.lit(None)).otherwise("member"))
    opinions = asked.group_by(*ground, "member").agg(pl.col("expected").n_unique())
    assert (opinions["expected"] == 1).all()


def test_some_identities_of_cases_are_damaged(flags: pl.DataFrame) -> None:
    assert set(flags["identity"]) == {"sound", "upgraded", "repairable", "hidden"}


def test_most_links_are_sound_and_all_grades_occur(links: pl.DataFrame) -> None:
    shares = dict(links["identity"].value_counts(normalize=True).iter_rows())
    assert shares["sound"] > 0.85
    assert set(shares) == {"sound", "upgraded", "repairable", "hidden"}


def test_every_watched_member_has_a_household_register_entry(links: pl.DataFrame, flags: pl.DataFrame) -> None:
    entered = links.filter(pl.col("type") == "household_register").select("household", "member")
    members = flags.filter(pl.col("scheme").is_in(["dibao", "tekun"]) & pl.col("member").is_not_null())
    missing = members.join(entered, on=["household", "member"], how="anti")
    assert missing.is_empty()


@pytest.mark.parametrize(
    ("scenario", "night"),
    [
        ("vehicle_owned.car", date(2020, 10, 29)),
        ("vehicle_owned.learnt_on_second_night", date(2020, 10, 30)),
        ("deceased_recipient.learnt_on_second_night", date(2020, 10, 30)),
        ("enterprise_controlled.representative_on_third_night", date(2020, 10, 31)),
    ],
)
def test_case_holds_from_the_night_its_record_shows(flags: pl.DataFrame, scenario: str, night: date) -> None:
    assert set(flags.filter(pl.col("scenario") == scenario)["night"]) == {night}


def test_case_ends_when_the_roster_changes(flags: pl.DataFrame) -> None:
    ended = flags.filter(pl.col("scenario") == "deceased_recipient.stopped_on_third_night")
    assert set(ended["until"]) == {date(2020, 10, 30)}


@pytest.mark.parametrize("column", ["type", "role", "row_key", "scheme", "household", "member", "identity", "night"])
def test_links_are_complete(links: pl.DataFrame, column: str) -> None:
    assert links[column].null_count() == 0
