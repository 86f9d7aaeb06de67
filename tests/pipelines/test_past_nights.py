"""Past nights: replayed as they were, and run again with what is known now."""

import json
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from engines.lake import Lake
from pipelines.command_line import app
from pipelines.commands.run_night import show
from pipelines.flag import keep_flags, read_flags
from pipelines.night import Night, run_night
from pipelines.past.backfill import BackfillError, NightAgain
from pipelines.past.compare_flags import Outcome, outcomes_by_rule
from pipelines.past.replay import NoSuchFlagError, ReplayedFlag, replay_flag, replay_night
from pipelines.provenance.kept_rule_books import kept_rule
from pipelines.provenance.made_of import NoSuchNightError, read_provenance
from pipelines.reporting.report import NightReport
from rules.book import RuleBook, load_rule_book
from rules.declaration import RuleBookError
from schemas.catalogue import Catalogue, load_catalogue
from tests.pipelines.two_nights import NEXT, NIGHT, Office, Reviewed, copied, edited, two_nights

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return two_nights(tmp_path_factory)


@pytest.fixture
def office(original: Office, tmp_path: Path) -> Office:
    """A copy of the lake and the review, to change."""
    return copied(original, tmp_path / "office")


@pytest.fixture(scope="module")
def lake(original: Office) -> Lake:
    return original.lake


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


SILENT = ("identity_invalid.sql", "WHERE verdict IN", "WHERE false AND verdict IN")
"""An edit that leaves the rule with nearly nothing to say."""


def first_of(lake: Lake, rule: str) -> str:
    flags = read_flags(lake, NEXT).to_pylist()
    return next(str(flag["flag_id"]) for flag in flags if flag["rule"] == rule)


def replayed(lake: Lake, catalogue: Catalogue, rule: str, book: RuleBook) -> ReplayedFlag:
    return replay_flag(lake, catalogue, first_of(lake, rule), book)


@pytest.mark.parametrize("rule", ["deceased_recipient", "unprotected_poor", "control_sample"])
def test_a_flag_comes_out_the_same(lake: Lake, catalogue: Catalogue, rule: str) -> None:
    found = replayed(lake, catalogue, rule, load_rule_book())
    assert (found.night, found.outcome, found.differs, found.edited, found.today) == (NEXT, "same", (), [], None)


def test_a_flag_is_known_by_how_its_number_begins(lake: Lake, catalogue: Catalogue) -> None:
    number = first_of(lake, "deceased_recipient")
    assert replay_flag(lake, catalogue, number[:12], load_rule_book()).flag["flag_id"] == number
    with pytest.raises(NoSuchFlagError, match="too short"):
        replay_flag(lake, catalogue, number[:2], load_rule_book())
    with pytest.raises(NoSuchFlagError, match="no night in this lake"):
        replay_flag(lake, catalogue, "0" * 32, load_rule_book())


def test_the_command_line_tells_a_flags_priority_and_life(original: Office, lake: Lake) -> None:
    arguments = ["replay", first_of(lake, "deceased_recipient"), "--lake", str(lake.root)]
    done = CliRunner().invoke(app, arguments, env={"HEDUI_DATABASE_URL": original.database_url})
    assert done.exit_code == 0, done.output
    for said in ("结果一致", "优先级 ", "= severity 3 × confidence ", "first found 2020-10-29; stands"):
        assert said in done.output


def test_a_rule_edited_since_is_reported_with_both_texts_and_what_today_says(
    lake: Lake, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = edited(tmp_path, ("identity_invalid.sql", "' 在名册上无可用身份号码'", "' 无可用身份号码'"))
    found = replayed(lake, catalogue, "identity_invalid", book)
    assert found.outcome is Outcome.SAME
    (edit,) = found.edited
    versions = load_rule_book()["identity_invalid"].version, book["identity_invalid"].version
    assert (edit.name, edit.kind, edit.before, edit.after) == ("identity_invalid", "rule", *versions)
    assert "-       mask_name(name) || ' 在名册上无可用身份号码' AS reason_zh" in edit.diff
    assert "+       mask_name(name) || ' 无可用身份号码' AS reason_zh" in edit.diff
    assert (found.today, found.differs_today) == (Outcome.CHANGED, ("reason",))


def test_a_rule_that_would_no_longer_find_the_flag_is_reported(
    lake: Lake, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = edited(tmp_path, SILENT)
    found = replayed(lake, catalogue, "identity_invalid", book)
    assert (found.outcome, found.today) == (Outcome.SAME, Outcome.CLEARED)


def test_an_edited_shared_view_is_an_edit_of_every_rule_that_reads_it(
    lake: Lake, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = edited(tmp_path, ("shared/paid_member.sql", "('active', 'exiting')", "('exiting', 'active')"))
    night = replay_night(lake, catalogue, NEXT, book)
    readers = {rule.id for rule in book.rules if "paid_member" in {view.id for view in rule.views}}
    assert len(readers) > 3
    assert {edit.name for edit in night.edited} == readers
    assert all("now/shared/paid_member.sql" in edit.diff for edit in night.edited)
    assert (night.differing, night.reproduced) == ([], night.flags)


def test_a_policy_changed_since_is_reported_for_the_rules_that_read_it(
    lake: Lake, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = edited(tmp_path, ("policy/elderly_age.yaml", "value: 60", "value: 61"))
    found = replayed(lake, catalogue, "unprotected_poor", book)
    assert (found.outcome, [(edit.kind, edit.name) for edit in found.edited]) == (
        Outcome.SAME,
        [("policy", "elderly_age")],
    )
    assert replayed(lake, catalogue, "deceased_recipient", book).edited == []


def test_a_flag_altered_behind_the_rules_back_does_not_come_out_the_same(office: Office, catalogue: Catalogue) -> None:
    before, book = read_flags(office.lake, NIGHT), load_rule_book()
    rows = before.to_pylist()
    altered, forged = rows[0], rows[1]
    altered["amount"] = Decimal(1)
    forged["flag_id"] = "f" * 32
    keep_flags(
        office.lake,
        pa.Table.from_pylist(rows, before.schema),
        book,
        load_catalogue(),
        read_provenance(office.lake, NIGHT),
    )
    night = replay_night(office.lake, catalogue, NIGHT, book)
    found = {one.flag_id: (one.outcome, one.differs) for one in night.differing}
    assert found[altered["flag_id"]] == (Outcome.CHANGED, ("amount",))
    assert found["f" * 32] == (Outcome.CLEARED, ())
    assert night.reproduced == night.flags - 2


def test_a_kept_text_that_was_altered_is_refused(lake: Lake, tmp_path: Path) -> None:
    rule = load_rule_book()["deceased_recipient"]
    own = Lake(tmp_path)
    folder = Path("rule_book") / "rules" / rule.version
    shutil.copytree(lake.root / folder, tmp_path / folder)
    assert kept_rule(own, rule.id, rule.version) == rule
    with (tmp_path / folder / "deceased_recipient.sql").open("a", encoding="utf-8") as file:
        file.write("-- altered\n")
    with pytest.raises(RuleBookError, match="was altered after it was kept"):
        kept_rule(own, rule.id, rule.version)


def test_a_night_the_lake_has_not_is_named(lake: Lake, catalogue: Catalogue) -> None:
    with pytest.raises(NoSuchNightError, match="no flags of 2019-01-01"):
        replay_night(lake, catalogue, date(2019, 1, 1), load_rule_book())


def by_rule(again: NightAgain) -> dict[str, dict[str, int]]:
    """What a backfill changed: by rule, how many flags came to which outcome."""
    found = outcomes_by_rule(again.differing)
    return {rule: {outcome.value: count for outcome, count in counts.items()} for rule, counts in found.items()}


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
        "SELECT 'registered_poor' AS scheme",
        "WITH car AS (FROM linked_motor_vehicle)\nSELECT 'registered_poor' AS scheme",
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


@dataclass(frozen=True)
class Late:
    """What became of the late delivery: cases closed before it came, a dry run, then one night after the other."""

    office: Office
    decided: list[dict[str, Any]]
    before: Reviewed
    newer: dict[str, dict[str, Any]]
    """The flags of the newer night before."""
    tried: NightAgain
    unchanged: bool
    """Whether the dry run left flags, links and the review as they were."""
    older: NightAgain
    between: Reviewed
    """The review when the older night alone had been run again."""
    between_newer: dict[str, dict[str, Any]]
    again: NightAgain


@pytest.fixture(scope="module")
def late(original: Office, tmp_path_factory: pytest.TempPathFactory) -> Late:
    office = copied(original, tmp_path_factory.mktemp("late") / "office")
    decided, before, newer, older = office.close_cases(), office.review(), office.flags(NEXT), office.flags(NIGHT)
    office.deliver_late()
    contents = office.contents()[1]
    (tried,) = office.backfill(last=NIGHT, inbox=office.inbox, dry_run=True)
    unchanged = (older, contents) == (office.flags(NIGHT), office.contents()[1])
    (first,) = office.backfill(last=NIGHT)
    between, between_newer = office.review(), office.flags(NEXT)
    (second,) = office.backfill(NEXT)
    return Late(office, decided, before, newer, tried, unchanged, first, between, between_newer, second)


def added(again: NightAgain) -> set[str]:
    return {one.flag_id for one in again.differing if one.outcome is Outcome.ADDED}


def standing(review: Reviewed) -> set[str]:
    """The flags that stand, without the control selections, which all do."""
    return {number for number, flag in review.items() if flag.cleared_night is None and flag.direction != "control"}


def but_controls(flags: dict[str, dict[str, Any]]) -> set[str]:
    return {number for number, said in flags.items() if said["direction"] != "control"}


def test_a_dry_run_says_what_a_late_delivery_would_change_and_changes_nothing(late: Late) -> None:
    assert by_rule(late.tried)["vehicle_owned"]["added"] > 20
    assert (late.tried.published, late.unchanged) == (None, True)
    assert late.tried.differing == late.older.differing


def test_an_older_night_run_again_leaves_the_newer_one_as_it_was(late: Late) -> None:
    assert late.between_newer == late.newer
    assert standing(late.between) == but_controls(late.newer)
    assert {late.between[number].cleared_night for number in added(late.older)} == {NEXT}
    assert {late.between[number].case.state for number in late.before} == {"closed_by_county"}
    words = ("reason_zh", "evidence_hash", "amount", "first_night", "cleared_night")
    for number, was in late.before.items():
        assert [getattr(late.between[number], name) for name in words] == [getattr(was, name) for name in words]


def test_a_late_delivery_for_an_old_day_adds_what_it_shows(late: Late, catalogue: Catalogue) -> None:
    after = late.office.review()
    assert standing(after) == but_controls(late.office.flags(NEXT)) >= added(late.again)
    assert {after[number].cleared_night for number in added(late.again)} == {None}
    assert {after[number].first_night for number in added(late.again) & added(late.older)} == {NIGHT}
    assert replay_night(late.office.lake, catalogue, NEXT, load_rule_book()).differing == []


def test_no_decision_changes_and_only_what_is_new_reopens(late: Late) -> None:
    after = late.office.review()
    assert late.office.decisions() == late.decided
    closed = {decision["case_id"] for decision in late.decided}
    seen = {(number, flag.evidence_hash) for number, flag in late.before.items()}
    unseen = {
        number
        for number, flag in after.items()
        if flag.cleared_night is None and flag.case_id in closed and (number, flag.evidence_hash) not in seen
    }
    assert unseen <= {one.flag_id for one in late.again.differing}
    reopened = {flag.case_id for flag in after.values() if flag.case_id in closed and flag.case.state == "reopened"}
    assert reopened == {after[number].case_id for number in unseen} != set()


def test_a_control_sample_once_drawn_is_not_drawn_again(late: Late) -> None:
    def drawn(flags: dict[str, dict[str, Any]]) -> set[str]:
        return {number for number, said in flags.items() if said["rule"] == "control_sample"}

    assert drawn(late.office.flags(NEXT)) == drawn(late.newer) != set()


def test_a_night_run_again_after_a_backfill_does_not_undo_it(late: Late, tmp_path: Path) -> None:
    """Nor does it draw another sample: it knows what the backfill knew."""
    office = copied(late.office, tmp_path / "office")
    office.backfill(NEXT, inbox=office.inbox)
    after, review = office.flags(NEXT), standing(office.review())
    assert added(late.again) & set(after)
    office.run(NEXT)
    assert office.flags(NEXT) == after
    assert standing(office.review()) == review


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
    assert by_rule(second)["unprotected_poor"].keys() == {"cleared"}
    review = office.review()
    cleared = [review[one.flag_id] for one in second.differing if one.rule == "unprotected_poor"]
    assert {(flag.first_night, flag.cleared_night) for flag in cleared} == {(NIGHT, NEXT)}
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


def test_a_night_says_which_rules_were_not_run_until_what_they_lack_comes(
    office: Office, late: Late, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody delivered vehicles on the night itself: that none was found would say too much."""
    told = json.loads((office.lake.root / "nights" / f"{NIGHT}.json").read_bytes())
    silent = {"vehicle_owned": ["motor_vehicle"], "vehicle_purchased": ["motor_vehicle"]}
    assert told["not_run"] == silent
    assert told["flags"].keys() == {rule.id for rule in load_rule_book().rules} - silent.keys()
    show(NightReport(**told))
    assert "not run: vehicle_owned, because motor_vehicle was not delivered" in capsys.readouterr().out
    assert read_provenance(late.office.lake, NIGHT).not_run() == {}
