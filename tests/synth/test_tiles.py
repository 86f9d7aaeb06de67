"""A province made in tiles: nobody shares a number with somebody of another tile, and each file is one file."""

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.command_line import app
from schemas.catalogue import load_catalogue
from schemas.contract import Contract
from synth.people import make_people
from synth.province import build
from synth.rates import load_rates
from synth.tiles import PEOPLE_A_TILE, Tile, tiles_of
from tests.synth.test_province import hashes

FIRST = date(2020, 10, 29)
PEOPLE = 6000


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiles")
    build(PEOPLE, seed=7, from_date=FIRST, nights=3, out=folder, protected_share=0.4, people_a_tile=PEOPLE // 2)
    return folder


def delivered(file: Path) -> pl.DataFrame:
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return pl.read_csv(text.encode(), infer_schema=False)


@pytest.mark.slow
def test_tiles_write_the_same_bytes_in_one_process_as_in_two(province: Path, tmp_path: Path) -> None:
    build(PEOPLE, 7, FIRST, 3, tmp_path, protected_share=0.4, people_a_tile=PEOPLE // 2, processes=1)
    assert hashes(tmp_path) == hashes(province)


@pytest.mark.slow
@pytest.mark.parametrize("contract", list(load_catalogue()), ids=lambda one: one.name)
def test_file_of_two_tiles_has_one_header_and_unique_keys(province: Path, contract: Contract) -> None:
    files = sorted((province / "inbox" / contract.department / contract.name).rglob("*.csv*"))
    rows = delivered(files[0])
    spelled = {spelling: one.name for one in contract.columns for spelling in (one.header, *one.aliases)}
    first = rows.columns[0]
    assert first not in set(rows[first])
    rows = rows.rename({head: spelled[head] for head in rows.columns})
    # Some rows come twice, and at most once again with another slip.
    assert rows.n_unique(contract.key) >= rows.height * 0.98 - 1


@pytest.mark.slow
def test_roster_holds_the_people_of_all_tiles(province: Path) -> None:
    file = next((province / "inbox/civil_affairs/dibao_roster/2020-10-29").iterdir())
    assert delivered(file).height == pytest.approx(0.4 * PEOPLE, rel=0.05)


@pytest.mark.slow
def test_truth_covers_all_tiles(province: Path) -> None:
    links = pl.read_parquet(province / "truth/links.parquet")
    numbers = links.filter(pl.col("scheme") == "dibao")["household"].str.slice(1).cast(pl.Int64)
    assert numbers.min() < PEOPLE // 2 <= numbers.max()  # type: ignore[operator]
    flags = pl.read_parquet(province / "truth/flags.parquet")
    assert not flags.is_duplicated().any()


@pytest.mark.slow
def test_nothing_is_left_lying_about(province: Path) -> None:
    assert {path.name for path in province.iterdir()} == {"inbox", "truth"}


@pytest.mark.slow
def test_empty_and_cut_files_are_broken_as_planned(province: Path) -> None:
    assert (province / "inbox/public_security/exit_entry/2020-10-30/exit_entry_20201030_2.csv").read_bytes() == b""
    cut = province / "inbox/public_security/death_cancellation/2020-10-31/death_cancellation_20201030_2.csv.gz"
    with pytest.raises(EOFError):
        gzip.decompress(cut.read_bytes())


@pytest.mark.parametrize("of", [2, 87, 88, 176])
def test_no_two_people_of_a_province_share_a_number(of: int) -> None:
    tiles = tiles_of(300 * of, 300)
    assert [tile.of for tile in tiles] == [of] * of
    near = [0, 1, of // 2, of - 2, of - 1]
    rates = load_rates()
    people = pl.concat(
        make_people(tile.people, np.random.default_rng(tile.number), FIRST, rates, tile)
        for tile in tiles
        if tile.number in near
    )
    assert people["id_number"].is_unique().all()
    assert people["number"].is_unique().all()
    homes = people.select("household", "household_number").unique()
    assert homes["household_number"].is_unique().all()
    assert people["id_number"].str.head(6).cast(pl.Int32).is_between(529901, 529988).all()


@pytest.mark.slow
def test_everybody_of_the_whole_province_has_a_number() -> None:
    tile = tiles_of(38_500_000, PEOPLE_A_TILE)[-1]
    people = make_people(tile.people, np.random.default_rng(1), FIRST, load_rates(), tile)
    assert people["id_number"].is_unique().all()


def test_tiles_of_a_province_hold_all_its_people() -> None:
    tiles = tiles_of(38_500_000, 220_000)
    assert sum(tile.people for tile in tiles) == 38_500_000
    assert [tile.first for tile in tiles[1:]] == [tile.first + tile.people for tile in tiles[:-1]]


def test_more_people_than_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="use larger ones"):
        tiles_of(40_000_000, 220_000)
    with pytest.raises(ValueError, match="use tiles of fewer people"):
        Tile(10, number=1, of=2).running("P", 500_000, 1)


def test_running_numbers_of_tiles_do_not_meet() -> None:
    last, first = (Tile(10, number=number, of=3).running("P", used, 5) for number, used in ((0, 499_995), (1, 0)))
    assert last.max() < first.min()


@pytest.mark.parametrize("size", [[], ["--population", "1000", "--scale", "0.001"]])
def test_command_takes_either_a_population_or_a_scale(size: list[str], tmp_path: Path) -> None:
    asked = ["synth", "--seed", "7", "--from", "2020-10-29", "--nights", "1", "--out", str(tmp_path), *size]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2
    assert "--population or --scale" in result.output
