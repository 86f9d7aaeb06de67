from datetime import date
from itertools import product

import numpy as np
import polars as pl
import pytest

from matchers.identity import id_numbers
from matchers.identity.id_faults import one_fault_candidates
from matchers.identity.names import prepare_keys
from synth.dirt import (
    COMPATIBLE_NAMES,
    EQUAL_NAMES,
    INTACT_NUMBERS,
    REPAIRABLE_NUMBERS,
    IdKind,
    NameKind,
    damage_id_numbers,
    damage_names,
    identity_of,
)
from synth.people import make_people
from synth.rates import IdNumberRates, NameRates, Rates, load_rates

PEOPLE = make_people(20_000, np.random.default_rng(3), date(2020, 10, 31), load_rates())
IDS, NAMES, FORMER = PEOPLE["id_number"], PEOPLE["name"], PEOPLE["former_name"]
RELATIVES = IDS.gather(PEOPLE["father"].fill_null(0))


def only(kind: str) -> Rates:
    """Rates by which every value that can be damaged so is."""
    ids = {name: float(name == kind) for name in IdNumberRates.model_fields}
    names = {name: float(name == kind) for name in NameRates.model_fields}
    return load_rates().model_copy(update={"id_numbers": IdNumberRates(**ids), "names": NameRates(**names)})


def damaged_ids(kind: str) -> pl.DataFrame:
    delivered, kinds = damage_id_numbers(IDS, np.random.default_rng(5), only(kind), relatives=RELATIVES)
    rows = pl.DataFrame({"own": IDS, "delivered": delivered, "kind": kinds, "relative": RELATIVES})
    assert rows.filter(pl.col("kind") == "none").select((pl.col("own") == pl.col("delivered")).all()).item()
    return rows.filter(kind=kind)


def damaged_names(kind: str) -> pl.DataFrame:
    delivered, kinds = damage_names(NAMES, np.random.default_rng(5), only(kind), FORMER)
    rows = pl.DataFrame({"own": NAMES, "delivered": delivered, "kind": kinds, "former": FORMER})
    assert rows.filter(pl.col("kind") == "none").select((pl.col("own") == pl.col("delivered")).all()).item()
    hit = rows.filter(kind=kind)
    assert hit.height > 20
    return hit


def verdicts(numbers: pl.Series) -> list[str]:
    found: list[str] = id_numbers.verdicts(id_numbers.clean(numbers.to_arrow())).cast("string").to_pylist()
    return found


@pytest.mark.parametrize("kind", [kind for kind in INTACT_NUMBERS if kind is not IdKind.NONE])
def test_width_and_case_leave_the_number_intact(kind: IdKind) -> None:
    rows = damaged_ids(kind)
    assert (rows["own"] != rows["delivered"]).all()
    assert id_numbers.clean(rows["delivered"].to_arrow()).to_pylist() == rows["own"].to_list()


@pytest.mark.parametrize("kind", REPAIRABLE_NUMBERS)
def test_a_repairable_number_is_one_fault_from_its_own_and_nobody_elses(kind: IdKind) -> None:
    rows = damaged_ids(kind)
    assert rows.height > 100
    assert "sound" not in verdicts(rows["delivered"])
    assert not set(rows["delivered"]) & set(IDS)
    if kind in (IdKind.ONE_DIGIT, IdKind.SWAPPED):
        assert set(rows["delivered"].str.len_chars()) == {18}
    proposed = pl.DataFrame(one_fault_candidates(id_numbers.clean(rows["delivered"].to_arrow())))
    own = rows["own"].gather(proposed["index"])
    assert set(proposed.filter(proposed["candidate"] == own)["index"]) == set(range(rows.height))


def test_one_digit_differs_in_one_place_and_a_swap_in_two() -> None:
    for kind, places in ((IdKind.ONE_DIGIT, 1), (IdKind.SWAPPED, 2)):
        rows = damaged_ids(kind)
        differing = [
            sum(a != b for a, b in zip(*pair, strict=True)) for pair in rows.select("own", "delivered").iter_rows()
        ]
        assert set(differing) == {places}


def test_fifteen_digits_upgrade_to_the_number_and_only_for_births_before_2000() -> None:
    rows = damaged_ids(IdKind.FIFTEEN)
    assert rows.height == (IDS.str.slice(6, 2) == "19").sum()
    assert set(verdicts(rows["delivered"])) == {"sound_15"}
    assert id_numbers.upgrade(rows["delivered"].to_arrow()).to_pylist() == rows["own"].to_list()


@pytest.mark.parametrize(
    ("kind", "seen_as"),
    [
        (IdKind.TRUNCATED, {"length"}),
        (IdKind.SCIENTIFIC, {"length", "characters"}),
        (IdKind.BLANK, {"blank"}),
        (IdKind.PLACEHOLDER, {"placeholder"}),
    ],
)
def test_a_lost_number_is_seen_to_be_none(kind: IdKind, seen_as: set[str]) -> None:
    assert set(verdicts(damaged_ids(kind)["delivered"])) <= seen_as


def test_a_relatives_number_is_sound_but_somebody_elses() -> None:
    rows = damaged_ids(IdKind.RELATIVE)
    assert (rows["delivered"] == rows["relative"]).all()
    assert (rows["delivered"] != rows["own"]).all()


def test_spared_rows_and_empty_cells_stay_as_they_are() -> None:
    spare = np.arange(len(IDS)) % 2 == 0
    delivered, kinds = damage_id_numbers(IDS, np.random.default_rng(1), only("blank"), spare=spare)
    assert delivered.is_null().to_list() == (~spare).tolist()
    assert (kinds.filter(pl.Series(spare)) == "none").all()
    nothing = pl.Series([None, None], dtype=pl.String)
    assert damage_id_numbers(nothing, np.random.default_rng(1), load_rates())[0].to_list() == [None, None]
    assert damage_names(nothing, np.random.default_rng(1), load_rates())[1].to_list() == ["none", "none"]
    names, _ = damage_names(NAMES, np.random.default_rng(1), only("masked"), spare=np.ones(len(NAMES), dtype=np.bool_))
    assert names.equals(NAMES)


def keys(names: pl.Series, column: str) -> pl.Series:
    table = pl.DataFrame(prepare_keys(names.to_arrow())).select("name", column)
    return names.alias("name").to_frame().join(table, on="name", how="left", maintain_order="left")[column]


@pytest.mark.parametrize("kind", [kind for kind in EQUAL_NAMES if kind is not NameKind.NONE])
def test_blanks_dots_and_traditional_forms_leave_the_name_equal(kind: NameKind) -> None:
    rows = damaged_names(kind)
    assert (rows["own"] != rows["delivered"]).all()
    assert keys(rows["delivered"], "normal").equals(keys(rows["own"], "normal"))


def test_a_homophone_sounds_like_the_name_and_keeps_the_surname() -> None:
    rows = damaged_names(NameKind.HOMOPHONE)
    assert (rows["own"] != rows["delivered"]).all()
    assert (rows["own"].str.head(1) == rows["delivered"].str.head(1)).all()
    assert keys(rows["delivered"], "pinyin").equals(keys(rows["own"], "pinyin"))


def test_a_look_alike_is_another_name_of_equal_length() -> None:
    rows = damaged_names(NameKind.LOOK_ALIKE)
    assert (rows["own"].str.len_chars() == rows["delivered"].str.len_chars()).all()
    assert (keys(rows["own"], "normal") != keys(rows["delivered"], "normal")).all()


def test_a_masked_name_keeps_the_surname_and_hides_the_rest() -> None:
    rows = damaged_names(NameKind.MASKED)
    assert rows["delivered"].str.contains(r"^.(\*|\*\*|\*.)$").all()
    assert (rows["own"].str.len_chars() == rows["delivered"].str.len_chars()).all()
    shown = [
        a == b for pair in rows.select("own", "delivered").iter_rows() for a, b in zip(*pair, strict=True) if b != "*"
    ]
    assert all(shown)


def test_a_rare_character_is_lost_and_nothing_else() -> None:
    rows = damaged_names(NameKind.RARE_REPLACED)
    assert (rows["own"] != rows["delivered"]).all()
    forms = rows["delivered"]
    for sign in (r"\?", r"\*", "〇", " ", "[A-Z]"):
        assert forms.str.contains(sign).any(), sign


def test_a_former_name_is_the_persons_own() -> None:
    rows = damaged_names(NameKind.FORMER_NAME)
    assert (rows["delivered"] == rows["former"]).all()


@pytest.mark.parametrize(("number", "name"), list(product(IdKind, NameKind)))
def test_what_is_promised_of_a_damaged_record(number: IdKind, name: NameKind) -> None:
    found = identity_of(pl.Series([number.value]), pl.Series([name.value])).item()
    if number in INTACT_NUMBERS and name in COMPATIBLE_NAMES:
        assert found == "sound"
    elif number is IdKind.FIFTEEN and name in COMPATIBLE_NAMES:
        assert found == "upgraded"
    elif number in REPAIRABLE_NUMBERS and name in EQUAL_NAMES:
        assert found == "repairable"
    else:
        assert found == "hidden"


def test_a_former_name_counts_where_it_is_declared() -> None:
    numbers, names = pl.Series(["none", "fifteen", "one_digit"]), pl.Series(["former_name"] * 3)
    assert identity_of(numbers, names).to_list() == ["hidden"] * 3
    assert identity_of(numbers, names, former_name_declared=True).to_list() == ["sound", "upgraded", "hidden"]


def test_the_rates_are_kept_and_the_same_seed_gives_the_same_dirt() -> None:
    rates = load_rates()
    many = pl.concat([IDS] * 10)
    delivered, kinds = damage_id_numbers(many, np.random.default_rng(9), rates)
    again, _ = damage_id_numbers(many, np.random.default_rng(9), rates)
    assert delivered.equals(again)
    shares = dict(kinds.value_counts(normalize=True).iter_rows())
    for kind in ("blank", "one_digit", "full_width", "placeholder"):
        assert shares[kind] == pytest.approx(getattr(rates.id_numbers, kind), rel=0.2)
    assert shares["none"] > 0.9
