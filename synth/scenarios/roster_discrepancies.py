"""Planted cases in which the household's sheet disagrees with another register, or asks for what nothing supports."""

from datetime import date, timedelta

import polars as pl

from synth.records.civil_affairs import STANDARD, marriage, tekun_roster
from synth.records.disabled_federation import disability_certificate
from synth.records.housing import public_rental
from synth.records.natural_resources import real_estate
from synth.records.poverty_relief import relocation
from synth.scenarios.scenario import Plant, Planting, Scenario, Scene, decided_long_ago, edit

ADULT = pl.col("age").is_between(22, 58)
HEALTHY = ADULT & pl.col("disability").is_null()
WELL = HEALTHY & (pl.col("recipient") == "yes") & (pl.col("supplement_kind") != "serious_illness")
SUPPLEMENTED = pl.col("supplement_kind") != "none"
BACHELOR = (pl.col("sex") == "1") & (pl.col("marital_status") == "single") & pl.col("age").is_between(24, 50)
NO_HOME = (pl.col("heads_home") == "") & ADULT
STUDENTS_MOST = 25
"""Up to this age nobody can tell who studies in another province."""
NOT_HEAD = ~pl.col("relation").is_in(["head", "spouse"]) & ADULT & (pl.col("recipient") == "yes") & (pl.col("size") > 2)


def _on_sheet(**values: object) -> Plant:
    """The target's line on the sheet has these values."""

    def plant(scene: Scene) -> Planting:
        return Planting(edits=(edit(scene, "dibao_roster", "member", None, **values),))

    return plant


def _on_all_lines(scene: Scene, **values: object) -> Planting:
    return Planting(edits=(edit(scene, "dibao_roster", "member", scene.household(), **values),))


def _supplement(kind: str, share: float = 0.2) -> Plant:
    """The target is paid that supplement, at a share of the standard."""
    return _on_sheet(supplement_kind=kind, supplement_amount=(STANDARD * share).round(2), recipient="yes")


def _supplement_share(share: float) -> Plant:
    return _on_sheet(supplement_amount=(STANDARD * share).round(2))


def _renewing(scene: Scene) -> Planting:
    """A disability supplement whose certificate is being renewed."""
    severe = scene.targets.with_columns(disability=pl.lit("2"))
    certificate = disability_certificate(scene.maker, severe, status="renewal")
    return Planting({"disability_certificate": certificate}, _supplement("disability")(scene).edits)


def _single_certified(scene: Scene) -> Planting:
    """Single-person protection on a severe disability certified within the last months."""
    severe = scene.targets.with_columns(disability=pl.lit("1"))
    certificate = disability_certificate(scene.maker, severe, issued_on=scene.maker.ago(scene.targets.height, 75, 45))
    alone = edit(
        scene,
        "dibao_roster",
        "member",
        None,
        single_person="yes",
        supplement_kind="disability",
        supplement_amount=(STANDARD * 0.2).round(2),
    )
    return Planting({"disability_certificate": certificate}, (alone,))


def _also_tekun(*, this_month: bool) -> Plant:
    def plant(scene: Scene) -> Planting:
        first = scene.maker.first_night
        started = first.replace(day=1) if this_month else first - timedelta(days=300)
        return Planting({"tekun_roster": tekun_roster(scene.maker, scene.targets, started_on=started)})

    return plant


def _resettled(days_ago: int, buffer_months: int) -> Plant:
    """Moved to town and given urban dibao so long ago, while still on a rural sheet."""

    def plant(scene: Scene) -> Planting:
        since: date = scene.maker.first_night - timedelta(days=days_ago)
        moved = relocation(
            scene.maker, scene.targets, urban_dibao_on=since, buffer_months=buffer_months, moved_in_on=since
        )
        return Planting({"relocation": moved})

    return plant


def _weds(*, divorced: bool) -> Plant:
    """A marriage of the last years to somebody of no protected household, perhaps with a divorce since."""

    def plant(scene: Scene) -> Planting:
        maker = scene.maker
        women = scene.everybody.filter(
            (pl.col("standing") == "free")
            & (pl.col("sex") == "2")
            & (pl.col("marital_status") == "single")
            & pl.col("age").is_between(22, 45)
        )
        wives = maker.choose(women, scene.targets.height)
        couples = scene.targets.head(wives.height).with_columns(
            wife_person=wives["person"], wife_id_number=wives["id_number"], wife_name=wives["name"]
        )
        wed = marriage(maker, couples, registered_on=maker.ago(couples.height, 1500, 800))
        if not divorced:
            return Planting({"marriage": wed})
        parted = marriage(maker, couples, kind="divorce", registered_on=maker.ago(couples.height, 700, 100))
        return Planting({"marriage": pl.concat([wed, parted])})

    return plant


def _registered_elsewhere(*, this_month: bool) -> Plant:
    """The household register has the target in another household, for long or since this month."""

    def plant(scene: Scene) -> Planting:
        first = scene.maker.first_night
        since = first.replace(day=1) if this_month else first - timedelta(days=700)
        number = "H9" + pl.col("household_number").cast(pl.String).str.zfill(8)
        return Planting(
            edits=(edit(scene, "household_register", "self", None, household_no=number, registered_on=since),)
        )

    return plant


def _exiting(days_left: int, *, relocated: bool = False) -> Plant:
    """In gradual exit, which ends so many days after the first night."""

    def plant(scene: Scene) -> Planting:
        ends = scene.maker.first_night + timedelta(days=days_left)
        done = _on_all_lines(scene, status="exiting", exit_ends_on=ends, relocated="yes" if relocated else "no")
        if not relocated:
            return done
        since: date = scene.maker.first_night - timedelta(days=200)
        return Planting(
            {"relocation": relocation(scene.maker, scene.targets, urban_dibao_on=since, buffer_months=12)}, done.edits
        )

    return plant


def _rents_and_owns(status: str) -> Plant:
    def plant(scene: Scene) -> Planting:
        ended = None if status == "active" else scene.maker.first_night - timedelta(days=90)
        rent = public_rental(scene.maker, scene.targets, status=status, ended_on=pl.lit(ended, dtype=pl.Date))
        return Planting({"public_rental": rent, "real_estate": real_estate(scene.maker, scene.targets)})

    return plant


OVERLAP, MISMATCH, UNSUPPORTED = "dibao_tekun_overlap", "household_mismatch", "category_unsupported"
EXPIRED, RENTAL, ALONE = "exit_buffer_expired", "public_rental_overlap", "single_person_unsupported"
SCENARIOS = (
    Scenario(OVERLAP, "on_both", True, pl.col("age") > 60, _also_tekun(this_month=False)),
    Scenario(
        OVERLAP, "transferred_this_month", False, pl.col("age") > 60, _also_tekun(this_month=True), this_month_only=True
    ),
    Scenario("relocated_double", "still_rural", True, ADULT & (pl.col("scheme") == "rural"), _resettled(500, 6)),
    Scenario("relocated_double", "buffer_running", False, ADULT & (pl.col("scheme") == "rural"), _resettled(70, 12)),
    Scenario("undeclared_spouse", "married", True, BACHELOR, _weds(divorced=False)),
    Scenario("undeclared_spouse", "divorced_since", False, BACHELOR, _weds(divorced=True)),
    Scenario(MISMATCH, "registered_elsewhere", False, NOT_HEAD, _registered_elsewhere(this_month=False)),
    Scenario(
        MISMATCH, "split_this_month", False, NOT_HEAD, _registered_elsewhere(this_month=True), this_month_only=True
    ),
    Scenario(UNSUPPORTED, "disability_without_certificate", True, HEALTHY, decided_long_ago(_supplement("disability"))),
    Scenario(
        UNSUPPORTED,
        "student_without_enrolment",
        True,
        HEALTHY & ~pl.col("student") & (pl.col("age") > STUDENTS_MOST),
        decided_long_ago(_supplement("student")),
    ),
    Scenario(UNSUPPORTED, "elderly_without_age", True, ADULT & (pl.col("age") < 50), _supplement("elderly")),
    Scenario(UNSUPPORTED, "certificate_in_renewal", False, HEALTHY, _renewing),
    Scenario("supplement_out_of_band", "too_high", True, SUPPLEMENTED, _supplement_share(0.6)),
    Scenario("supplement_out_of_band", "too_low", True, SUPPLEMENTED, _supplement_share(0.03)),
    Scenario(
        ALONE, "no_condition", True, WELL & (pl.col("size") > 1), decided_long_ago(_on_sheet(single_person="yes"))
    ),
    Scenario(ALONE, "newly_certified", False, WELL & (pl.col("size") > 1), _single_certified),
    Scenario(EXPIRED, "still_paid", True, ADULT, decided_long_ago(_exiting(-60)), whole_household=True),
    Scenario(EXPIRED, "still_running", False, ADULT, _exiting(60), whole_household=True),
    Scenario(
        EXPIRED,
        "relocated_longer",
        False,
        ADULT & (pl.col("scheme") == "urban"),
        _exiting(-20, relocated=True),
        whole_household=True,
    ),
    Scenario(RENTAL, "rents_and_owns", True, NO_HOME, _rents_and_owns("active"), needs_all=True, whole_household=True),
    Scenario(RENTAL, "tenancy_ended", False, NO_HOME, _rents_and_owns("ended"), needs_all=True, whole_household=True),
    Scenario("identity_invalid", "placeholder", True, ADULT, _on_sheet(id_number="111111111111111111")),
    Scenario("identity_invalid", "blank", True, ADULT, _on_sheet(id_number=pl.lit(None, dtype=pl.String))),
    Scenario(
        "identity_invalid", "infant", False, pl.col("newborn"), _on_sheet(id_number=pl.lit(None, dtype=pl.String))
    ),
)
