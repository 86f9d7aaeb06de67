"""The whole province: the same bytes for the same arguments, and the nights as planned."""

import gzip
import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from schemas.catalogue import load_catalogue
from synth.id_numbers import check_characters
from synth.province import build
from synth.schedule import make_schedule

SAMPLE = Path("data/sample")
FIRST = date(2020, 10, 29)


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for part in ("inbox", "truth") for path in (folder / part).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("province")
    build(3000, seed=7, from_date=FIRST, nights=3, out=folder, protected_share=0.4)
    return folder


@pytest.mark.slow
def test_sample_is_what_its_readme_says_it_is_made_from(tmp_path: Path) -> None:
    build(12_000, seed=20201031, from_date=FIRST, nights=3, out=tmp_path, protected_share=0.52)
    assert hashes(tmp_path) == hashes(SAMPLE)


def test_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 6_000_000


def test_same_arguments_write_the_same_bytes(province: Path, tmp_path: Path) -> None:
    build(3000, seed=7, from_date=FIRST, nights=3, out=tmp_path, protected_share=0.4)
    assert hashes(tmp_path) == hashes(province)


def test_another_seed_writes_other_people(province: Path, tmp_path: Path) -> None:
    build(3000, seed=8, from_date=FIRST, nights=1, out=tmp_path, protected_share=0.4)
    same = hashes(tmp_path).items() & hashes(province).items()
    assert not same


def test_every_type_is_there_on_the_first_night(province: Path) -> None:
    for contract in load_catalogue():
        received = sorted(path.name for path in (province / "inbox" / contract.department / contract.name).iterdir())
        assert received, contract.name
        assert received[0] <= FIRST.isoformat(), contract.name


def test_empty_cut_and_renamed_files_are_broken_as_planned(province: Path) -> None:
    inbox = province / "inbox"
    empty = inbox / "public_security/exit_entry/2020-10-30/exit_entry_20201030_2.csv"
    assert empty.read_bytes() == b""
    cut = inbox / "public_security/death_cancellation/2020-10-31/death_cancellation_20201030_2.csv.gz"
    with pytest.raises(EOFError):
        gzip.decompress(cut.read_bytes())
    good = gzip.decompress(
        (inbox / "natural_resources/real_estate/2020-10-24/real_estate_20201024.csv.gz").read_bytes()
    )
    bad = gzip.decompress((inbox / "natural_resources/real_estate/2020-10-31/real_estate_20201031.csv.gz").read_bytes())
    agreed = load_catalogue()["real_estate"].column("owner_id")
    spellings = {agreed.header, *agreed.aliases}
    assert spellings & set(good.decode("gb18030").split("\r\n")[0].split(","))
    assert not spellings & set(bad.decode("gb18030").split("\r\n")[0].split(","))
    assert bad.count(b"\n") < 0.6 * good.count(b"\n")


def test_no_number_that_could_be_real_is_of_a_county(province: Path) -> None:
    file = province / "inbox/civil_affairs/dibao_roster/2020-10-29/dibao_roster_20201029.csv.gz"
    text = gzip.decompress(file.read_bytes()).decode()
    roster = pl.read_csv(text.encode(), infer_schema=False)
    numbers = next(roster[name] for name in roster.columns if "身份" in name or "证件" in name).drop_nulls()
    whole = numbers.filter(numbers.str.contains(r"^[2-9]\d{16}[\dX]$"))
    assert whole.len() > 0.8 * numbers.len()
    body = np.array([list(number[:17]) for number in whole.to_list()], dtype="S1").view(np.uint8)
    sound = whole.filter(pl.Series(check_characters(body) == np.array([ord(number[17]) for number in whole])))
    assert sound.len() > 0.9 * whole.len()
    assert sound.str.head(6).cast(pl.Int32).is_between(529901, 529988).all()


def test_more_nights_bring_weekly_and_monthly_files_again() -> None:
    schedule = make_schedule(load_catalogue(), FIRST, 20)
    counted = [one for one in schedule.shipments if one.counts]
    assert len([one for one in counted if one.type == "motor_vehicle"]) == 4
    assert [one.delivery_date for one in counted if one.type == "pension_benefit"][-1] == date(2020, 11, 15)
    assert all(one.received <= date(2020, 11, 17) for one in schedule.shipments)
    resent = [one for one in counted if one.type == "real_estate" and one.delivery_date == date(2020, 10, 31)]
    assert [(one.sequence, one.received) for one in resent] == [(2, date(2020, 11, 1))]


def test_late_day_shows_on_the_night_it_arrives() -> None:
    schedule = make_schedule(load_catalogue(), FIRST, 3)
    assert schedule.night_of("real_estate_transfer", FIRST) == date(2020, 10, 30)
    assert schedule.night_of("real_estate_transfer", date(2020, 1, 1)) == FIRST
    assert schedule.night_of("real_estate", date(2020, 10, 30)) is None
