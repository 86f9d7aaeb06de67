"""A night run again: what stands, what is made anew, and what a backfill changes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.night import Night, run_night
from pipelines.past.backfill import BackfillError
from pipelines.past.replay import replay_night
from pipelines.provenance.made_of import read_provenance
from rules.declaration import RuleBookError
from schemas.catalogue import Catalogue
from tests.pipelines.past.outcomes import SILENT, by_rule
from tests.pipelines.two_nights import NEXT, NIGHT, Office, edited

pytestmark = pytest.mark.slow


def made(office: Office) -> dict[str, set[str]]:
    """The files that the newest night's links and flags stand in: a file is written once."""
    return {
        table: {Path(file).name for file in office.lake.files(table, "night", [NEXT.isoformat()])}
        for table in ("links", "flags")
    }


def pages(office: Office) -> dict[str, int]:
    """When each page on a delivery was written."""
    return {page.name: page.stat().st_mtime_ns for page in (office.lake.root / "docs").glob("*.html")}


def test_a_night_with_nothing_new_stands_as_it_is(office: Office) -> None:
    files, written, before = made(office), pages(office), office.contents()
    report = office.run(NEXT)
    assert (made(office), pages(office)) == (files, written)
    assert len(written) > 20
    assert report.published == dict.fromkeys(report.published, 0) | {"seen_again": len(office.flags(NEXT))}
    assert report.links["exact"] > 100
    lake, review = office.contents()
    assert [name for name in lake if not lake[name].equals(before[0][name])] == []
    assert review == before[1]


def test_what_another_program_made_does_not_stand(office: Office) -> None:
    files = made(office)
    known = read_provenance(office.lake, NEXT)
    known.model_copy(update={"program": "another"}).keep(office.lake)
    office.run(NEXT)
    assert [table for table in files if made(office)[table] & files[table]] == []
    assert read_provenance(office.lake, NEXT) == known


def test_links_stand_and_flags_do_not_when_a_rule_was_edited(office: Office, tmp_path: Path) -> None:
    files, book = made(office), edited(tmp_path, SILENT)
    office.run(NEXT, book=book)
    assert made(office)["links"] == files["links"]
    assert made(office)["flags"].isdisjoint(files["flags"])


def test_links_are_made_again_when_a_rule_asks_for_more_about_the_near_poor(office: Office, tmp_path: Path) -> None:
    files = made(office)
    asks = ("medical_hardship.sql", "  registered_poor: tells", "  registered_poor: tells\n  motor_vehicle: may tell")
    reads = (
        "medical_hardship.sql",
        "WITH cost AS (",
        "WITH car AS (FROM linked_motor_vehicle), cost AS (",
    )
    office.run(NEXT, book=edited(tmp_path, asks, reads))
    assert made(office)["links"].isdisjoint(files["links"])


def test_another_review_database_is_given_the_night_that_stands(office: Office, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    report = run_night(Night(NEXT, office.inbox, office.lake, other, NEXT))
    assert report.published["new"] == len(office.flags(NEXT))


def test_without_anything_new_a_backfill_changes_nothing(office: Office) -> None:
    before = office.contents()
    (again,) = office.backfill(NEXT, NEXT, known_by=NEXT)
    assert (again.night, again.differing) == (NEXT, [])
    lake, review = office.contents()
    assert [name for name in lake if not lake[name].equals(before[0][name])] == []
    assert review == before[1]


def test_a_policy_changed_from_a_past_date_changes_the_nights_from_that_date_on(
    office: Office, catalogue: Catalogue, tmp_path: Path
) -> None:
    old = "values:\n  - from: 2014-05-01"
    new = f"""values:
  - {{from: {NEXT}, division: "52", value: 150, reference: test}}
  - to: {NIGHT}
    from: 2014-05-01"""
    book = edited(tmp_path, ("policy/elderly_age.yaml", old, new))
    decided = office.close_cases()
    (first,) = office.backfill(NIGHT, NIGHT, known_by=NIGHT, book=book)
    (second,) = office.backfill(NEXT, NEXT, known_by=NEXT, book=book)
    assert by_rule(first) == {}
    assert by_rule(second).keys() <= {rule.id for rule in book.rules if "elderly_age" in rule.parameters}
    assert by_rule(second)["category_unsupported"].keys() == {"added"}
    review = office.review()
    added = [review[one.flag_id] for one in second.differing if one.rule == "category_unsupported"]
    assert {(flag.first_night, flag.cleared_night) for flag in added} == {(NEXT, None)}
    assert office.decisions() == decided
    assert replay_night(office.lake, catalogue, NEXT, book).differing == []


def test_only_the_rules_named_are_run_and_cleared(office: Office, catalogue: Catalogue, tmp_path: Path) -> None:
    book = edited(tmp_path, SILENT, ("deceased_recipient.sql", "HAVING", "HAVING false AND"))
    before = office.flags(NEXT)
    (again,) = office.backfill(NEXT, book=book, rules=("identity_invalid",))
    assert {rule: counts.keys() for rule, counts in by_rule(again).items()} == {"identity_invalid": {"cleared"}}
    gone = {one.flag_id for one in again.differing}
    after = office.flags(NEXT)
    assert after.keys() == before.keys() - gone
    assert all(said == before[number] for number, said in after.items() if said["rule"] != "identity_invalid")
    assert {number for number, flag in office.review().items() if number in before and flag.cleared_night} == gone
    night = replay_night(office.lake, catalogue, NEXT, book)
    assert (night.differing, {edit.name for edit in night.edited}) == ([], {"deceased_recipient"})


def test_a_night_that_was_missed_is_run_in_full(office: Office) -> None:
    missed = NEXT + timedelta(days=1)
    with pytest.raises(BackfillError, match="was never run: run it in full"):
        office.backfill(missed, missed, rules=("deceased_recipient",))
    (again,) = office.backfill(missed, missed)
    assert again.flags == len(office.flags(missed)) > 50
    assert {said["rule"] for said in office.flags(missed).values()} >= {"control_sample", "deceased_recipient"}


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ({"first": NEXT, "last": NIGHT}, "ends on 2020-10-29, before it begins"),
        ({"known_by": NIGHT}, "is before the last night"),
        ({"rules": ("cars",)}, "no rule 'cars'"),
    ],
)
def test_a_backfill_asked_for_wrongly_is_refused(original: Office, plan: dict[str, Any], says: str) -> None:
    with pytest.raises((BackfillError, RuleBookError), match=says):
        original.backfill(**plan)


def test_a_rule_that_cannot_be_run_ends_no_night_and_loses_no_flag(office: Office, tmp_path: Path) -> None:
    before, standing = office.flags(NEXT), read_provenance(office.lake, NEXT)
    ours = {number for number, said in before.items() if said["rule"] == "identity_invalid"}
    book = edited(tmp_path, ("identity_invalid.sql", "mask_name(name) ||", "mask_name(nickname) ||"))
    report = office.run(NEXT, book=book)
    assert report.failed.keys() == {"identity_invalid"}
    assert "nickname" in report.failed["identity_invalid"]
    assert office.flags(NEXT) == before
    review = office.review()
    assert {review[number].cleared_night for number in ours} == {None} != set()
    following = office.run(NEXT + timedelta(days=1), book=book)
    assert following.failed.keys() == {"identity_invalid", "control_sample"}
    review = office.review()
    assert {review[number].cleared_night for number in ours} == {None}
    office.run(NEXT)
    assert read_provenance(office.lake, NEXT) == standing
