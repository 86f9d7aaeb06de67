"""Replay: a flag made again of its night's records, texts and policy; what was edited since is said."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from engines.lake import Lake
from pipelines.compare_flags import Outcome
from pipelines.flag import keep_flags, read_flags
from pipelines.kept_rule_books import kept_rule
from pipelines.night import Night, run_night
from pipelines.provenance import NoSuchNightError, read_provenance
from pipelines.replay import NoSuchFlagError, ReplayedFlag, replay_flag, replay_night
from rules.book import RuleBook, load_rule_book
from rules.declaration import RuleBookError
from rules.rule import HERE
from schemas.catalogue import Catalogue, load_catalogue
from synth.province import build

NIGHT = date(2020, 10, 29)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder = tmp_path_factory.mktemp("replay")
    build(1500, 7, NIGHT, 1, folder, 0.3)
    lake = Lake(folder / "lake")
    run_night(Night(NIGHT, folder / "inbox", lake, f"sqlite:///{folder / 'review.sqlite3'}", NIGHT))
    return lake


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def edited(folder: Path, file: str, old: str, new: str) -> RuleBook:
    """The rule book as somebody left it who replaced ``old`` by ``new`` in one file."""
    shutil.copytree(HERE, folder / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / "rules" / file).read_text(encoding="utf-8")
    assert old in text
    (folder / "rules" / file).write_text(text.replace(old, new), encoding="utf-8")
    return load_rule_book(folder / "rules")


def first_of(lake: Lake, rule: str) -> str:
    flags = read_flags(lake, NIGHT).to_pylist()
    return next(str(flag["flag_id"]) for flag in flags if flag["rule"] == rule)


def replayed(lake: Lake, catalogue: Catalogue, rule: str, book: RuleBook) -> ReplayedFlag:
    return replay_flag(lake, catalogue, first_of(lake, rule), book)


@pytest.mark.parametrize("rule", ["vehicle_owned", "wage_income_over_standard", "control_sample"])
def test_a_flag_comes_out_the_same(lake: Lake, catalogue: Catalogue, rule: str) -> None:
    found = replayed(lake, catalogue, rule, load_rule_book())
    assert (found.night, found.outcome, found.differs, found.edited, found.today) == (NIGHT, "same", (), [], None)


def test_a_flag_is_known_by_how_its_number_begins(lake: Lake, catalogue: Catalogue) -> None:
    number = first_of(lake, "vehicle_owned")
    assert replay_flag(lake, catalogue, number[:12], load_rule_book()).flag["flag_id"] == number
    with pytest.raises(NoSuchFlagError, match="too short"):
        replay_flag(lake, catalogue, number[:2], load_rule_book())
    with pytest.raises(NoSuchFlagError, match="no night in this lake"):
        replay_flag(lake, catalogue, "0" * 32, load_rule_book())


def test_a_rule_edited_since_is_reported_with_both_texts_and_what_today_says(
    lake: Lake, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = edited(tmp_path, "vehicle_owned.sql", "'家庭未申报'", "'家庭没有申报'")
    found = replayed(lake, catalogue, "vehicle_owned", book)
    assert found.outcome is Outcome.SAME
    (edit,) = found.edited
    then = load_rule_book()["vehicle_owned"].version
    assert (edit.name, edit.kind, edit.before, edit.after) == (
        "vehicle_owned",
        "rule",
        then,
        book["vehicle_owned"].version,
    )
    assert "-       || CASE WHEN told.plate IS NULL THEN '家庭未申报'" in edit.diff
    assert "+       || CASE WHEN told.plate IS NULL THEN '家庭没有申报'" in edit.diff
    assert (found.today, found.differs_today) == (Outcome.CHANGED, ("reason",))


def test_a_rule_that_would_no_longer_find_the_flag_is_reported(
    lake: Lake, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = edited(tmp_path, "vehicle_owned.sql", "vehicle.status IN ('A', 'G')", "vehicle.status IN ('Z')")
    found = replayed(lake, catalogue, "vehicle_owned", book)
    assert (found.outcome, found.today) == (Outcome.SAME, Outcome.CLEARED)


def test_an_edited_shared_view_is_an_edit_of_every_rule_that_reads_it(
    lake: Lake, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = edited(tmp_path, "shared/paid_member.sql", "('active', 'exiting')", "('exiting', 'active')")
    night = replay_night(lake, catalogue, NIGHT, book)
    readers = {rule.id for rule in book.rules if "paid_member" in {view.id for view in rule.views}}
    assert len(readers) > 3
    assert {edit.name for edit in night.edited} == readers
    assert all("now/shared/paid_member.sql" in edit.diff for edit in night.edited)
    assert (night.differing, night.reproduced) == ([], night.flags)


def test_a_policy_changed_since_is_reported_for_the_rules_that_read_it(
    lake: Lake, catalogue: Catalogue, tmp_path: Path
) -> None:
    book = edited(tmp_path, "policy/vehicle_lookback_months.yaml", "value: ", "value: 1")
    found = replayed(lake, catalogue, "vehicle_purchased", book)
    assert (found.outcome, [(edit.kind, edit.name) for edit in found.edited]) == (
        Outcome.SAME,
        [("policy", "vehicle_lookback_months")],
    )
    assert replayed(lake, catalogue, "undeclared_spouse", book).edited == []


def test_a_flag_altered_behind_the_rules_back_does_not_come_out_the_same(lake: Lake, catalogue: Catalogue) -> None:
    before, provenance = read_flags(lake, NIGHT), read_provenance(lake, NIGHT)
    book = load_rule_book()
    rows = before.to_pylist()
    altered, forged = rows[0], rows[1]
    altered["amount"] = 1
    forged["flag_id"] = "f" * 32
    try:
        keep_flags(lake, before.from_pylist(rows, schema=before.schema), book, provenance)
        night = replay_night(lake, catalogue, NIGHT, book)
        found = {one.flag_id: (one.outcome, one.differs) for one in night.differing}
        assert found[str(altered["flag_id"])] == (Outcome.CHANGED, ("amount",))
        assert found["f" * 32] == (Outcome.CLEARED, ())
        assert night.reproduced == night.flags - 2
    finally:
        keep_flags(lake, before, book, provenance)


def test_a_kept_text_that_was_altered_is_refused(lake: Lake, tmp_path: Path) -> None:
    rule = load_rule_book()["vehicle_owned"]
    own = Lake(tmp_path)
    folder = Path("rule_book") / "rules" / rule.version
    shutil.copytree(lake.root / folder, tmp_path / folder)
    assert kept_rule(own, rule.id, rule.version) == rule
    with (tmp_path / folder / "vehicle_owned.sql").open("a", encoding="utf-8") as file:
        file.write("-- altered\n")
    with pytest.raises(RuleBookError, match="was altered after it was kept"):
        kept_rule(own, rule.id, rule.version)


def test_a_night_the_lake_has_not_is_named(lake: Lake, catalogue: Catalogue) -> None:
    with pytest.raises(NoSuchNightError, match="no flags of 2019-01-01"):
        replay_night(lake, catalogue, date(2019, 1, 1), load_rule_book())
