"""A past night, or one flag of it, is made again as it was."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from engines.lake import Lake
from pipelines.command_line import app
from pipelines.flag import keep_flags, read_flags
from pipelines.past.compare_flags import Outcome
from pipelines.past.replay import NoSuchFlagError, ReplayedFlag, replay_flag, replay_night
from pipelines.provenance.kept_rule_books import kept_rule
from pipelines.provenance.made_of import NoSuchNightError, read_provenance
from rules.book import RuleBook, load_rule_book
from rules.declaration import RuleBookError
from schemas.catalogue import Catalogue, load_catalogue
from tests.pipelines.past.outcomes import SILENT
from tests.pipelines.two_nights import NEXT, NIGHT, Office, edited

pytestmark = pytest.mark.slow


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
    for said in ("结果一致", "优先级 ", "= severity 3 × confidence ", "first found 2020-10-", "; stands"):
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
