"""A delivery for an old day comes after its nights were run."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.commands.run_night import show
from pipelines.past.backfill import NightAgain
from pipelines.past.compare_flags import Outcome
from pipelines.past.replay import replay_night
from pipelines.provenance.made_of import read_provenance
from pipelines.reporting.report import NightReport
from rules.book import load_rule_book
from schemas.catalogue import Catalogue
from tests.pipelines.past.outcomes import by_rule
from tests.pipelines.two_nights import NEXT, NIGHT, Office, Reviewed, copied

pytestmark = pytest.mark.slow


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
