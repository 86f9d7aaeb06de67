"""The night's benchmark: the following night's extracts, what the limits say, and a run on a tiny province."""

import gzip
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.next_extract import write_next_extract
from benchmarks.night import Asked, measure
from benchmarks.night_floor import readable
from benchmarks.night_inbox import NEXT_NIGHT, comes_again, find_home, of_first_night, of_next_night
from benchmarks.night_page import README, RESULTS, read_reports, with_night
from benchmarks.night_tables import as_table, draw, growth, of_scale, what_holds
from benchmarks.watched import Sample, Watched, WorkFailedError, watch, written_to_disk
from schemas.catalogue import load_catalogue

SAMPLE = Path("data/sample/inbox")
SIZE = 20_000


@pytest.fixture
def vehicles(tmp_path: Path) -> Path:
    """An extract of vehicles as public security writes it: GB18030, CR LF."""
    lines = ["号牌号码,号牌种类,车辆品牌,住所地址", *(f"贵A{n:05},02,五菱,贵州省花溪区{n}号" for n in range(SIZE))]
    file = tmp_path / "before.csv.gz"
    file.write_bytes(gzip.compress("\r\n".join([*lines, ""]).encode("gb18030")))
    return file


def read(file: Path) -> list[str]:
    return gzip.decompress(file.read_bytes()).decode("gb18030").split("\r\n")[:-1]


def next_of(file: Path, seed: int = 1) -> list[str]:
    after = file.with_name(f"after-{seed}.csv.gz")
    rng = np.random.default_rng(seed)
    rows = write_next_extract(file, after, load_catalogue()["motor_vehicle"], "gb18030", rng)
    lines = read(after)
    assert rows == len(lines) - 1
    return lines


def test_next_extract_differs_in_one_row_of_a_hundred(vehicles: Path) -> None:
    before, after = set(read(vehicles)), set(next_of(vehicles))
    assert len(before - after) == pytest.approx(0.008 * SIZE, rel=0.25)
    assert len(after - before) == pytest.approx(0.008 * SIZE, rel=0.25)


def test_next_extract_has_the_header_and_keys_that_nobody_has_twice(vehicles: Path) -> None:
    header, *rows = next_of(vehicles)
    assert header == read(vehicles)[0]
    plates = [row.split(",")[0] for row in rows]
    assert len(set(plates)) == len(plates)


def test_next_extract_changes_addresses_and_nothing_else_of_those_who_stay(vehicles: Path) -> None:
    before = {row.split(",")[0]: row.split(",") for row in read(vehicles)[1:]}
    for row in next_of(vehicles)[1:]:
        plate, *cells = row.split(",")
        was = before.get(plate, before[plate.removesuffix("1") if plate not in before else plate])
        assert cells[:2] == was[1:3]
        assert cells[2] in {was[3], was[3] + "1"}


def test_same_seed_writes_the_same_next_extract(vehicles: Path) -> None:
    first = next_of(vehicles, seed=1)
    vehicles.with_name("after-1.csv.gz").unlink()
    assert next_of(vehicles, seed=1) == first
    assert next_of(vehicles, seed=2) != first


def test_the_full_types_due_the_following_night_come_again_and_no_other() -> None:
    again = {contract.name for contract in load_catalogue() if comes_again(contract)}
    assert again == {"dibao_roster", "tekun_roster", "motor_vehicle", "presale_contract"}


def test_files_in_gb18030_are_read_by_the_floor_from_a_twin(tmp_path: Path) -> None:
    files = [file for file in of_first_night(SAMPLE) if file.type_name in {"registered_poor", "public_rental"}]
    paths = readable(files, tmp_path / "twins")
    (twin,), (itself,) = paths["registered_poor"], paths["public_rental"]
    assert itself.startswith(str(SAMPLE))
    source = next(file.path for file in files if file.type_name == "registered_poor")
    assert gzip.decompress(Path(twin).read_bytes()).decode() == gzip.decompress(source.read_bytes()).decode("gb18030")


def part(seconds: float, **other: Any) -> dict[str, Any]:
    usual = {
        "rows": 1000,
        "seconds": seconds,
        "rows_a_second": 1,
        "peak_memory_mb": 500.0,
        "written": 15,
        "stages": {"ingest": {"seconds": seconds, "steps": 1, "peak_memory_mb": 500.0, "written": 15}},
    }
    return usual | other


def report(**parts: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"conditions": {"scale": 0.5, "threads": 2}, "parts": parts}
    return made | {"holds": what_holds(made)}


@pytest.mark.parametrize(
    ("parts", "limit", "holds"),
    [
        ({"floor": part(10), "night": part(30)}, "full night, times the floor", True),
        ({"floor": part(10), "night": part(31)}, "full night, times the floor", False),
        ({"night": part(30, peak_memory_mb=6145.0)}, "peak memory of the full night, MB", False),
        ({"night": part(100), "next": part(15)}, "the following night, of the full night", True),
        ({"night": part(100), "next": part(16)}, "the following night, of the full night", False),
        ({"night": part(100), "again": part(4)}, "the same, nothing new, of the full night", False),
    ],
)
def test_limits_of_the_issue_are_held_to_what_was_measured(parts: Any, limit: str, *, holds: bool) -> None:
    parts = {name: one | {"parquet_bytes": 10} for name, one in parts.items()}
    assert report(**parts)["holds"][limit]["holds"] is holds


def test_a_part_that_was_not_run_says_nothing() -> None:
    assert not report(floor=part(10, parquet_bytes=10))["holds"]


def test_table_and_picture_show_every_part_and_stage() -> None:
    made = report(floor=part(10, parquet_bytes=10), night=part(20))
    for shown in (as_table(made), draw(made)):
        assert "the floor" in shown
        assert "the first full night" in shown
        assert "ingest" in shown


def test_growth_is_told_against_the_smallest_scale() -> None:
    small, large = report(night=part(1)), report(night=part(4, rows=2000))
    large["conditions"] = {"scale": 1.0}
    assert "| 1 | 2,000 | 4.0 | 2000.00 | 2.00 |" in growth([large, small])[-1]


def test_memory_and_writing_are_told_by_stage() -> None:
    samples = [Sample(at, memory, written) for at, memory, written in ((1, 50, 0), (2, 70, 10), (3, 60, 30))]
    watched = Watched(3, 70, 30, {}, samples)
    assert watched.during(2.5, 3.5) == {"peak_memory_mb": 60, "written": 20}


def test_a_file_deleted_before_it_reached_the_disk_was_not_written(tmp_path: Path) -> None:
    def written_by_a_file_soon_deleted() -> int:
        before = written_to_disk(os.getpid())
        (tmp_path / "spilt").write_bytes(bytes(16 << 20))
        (tmp_path / "spilt").unlink()
        return written_to_disk(os.getpid()) - before

    # Where much waits to be written, the system may write a file out at once.
    assert min(written_by_a_file_soon_deleted() for _ in range(5)) < 8 << 20


@pytest.mark.slow
def test_work_that_fails_says_why(tmp_path: Path) -> None:
    asked = {"date": "2020-10-29", "inbox": "nowhere", "lake": tmp_path / "lake", "database": "sqlite://"}
    with pytest.raises(WorkFailedError, match=r"no inbox at .*work\.log"):
        watch("night", asked, tmp_path / "work.log")


@pytest.mark.slow
def test_tiny_province_is_measured_from_inbox_to_picture(tmp_path: Path) -> None:
    home = find_home(tmp_path, 0.0005)
    asked = Asked(home, ("inbox", "floor", "night"), 2, "2GB", postgresql=False, keep_lake=False, anew=False)
    *_, made = measure(asked)
    floor, night = made["parts"]["floor"], made["parts"]["night"]
    assert floor["rows"] == pytest.approx(night["rows"], rel=0.01)
    assert floor["rows_by_type"]["dibao_roster"] == pytest.approx(2_745_000 * home.scale, rel=0.03)
    assert floor["joined"]["household_register.self"] > 0
    assert night["published"]
    assert set(night["stages"]) >= {"ingest", "link", "flag", "publish"}
    assert night["peak_memory_mb"] > floor["stages"]["join"]["peak_memory_mb"] > 0
    assert {file.path.parent.name for file in of_next_night(home.inbox)} == {NEXT_NIGHT.isoformat()}
    assert not (home.folder / "lake").exists()
    assert "the first full night" in as_table(made)


def test_the_readme_says_of_the_night_what_the_results_say() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_night(readme, read_reports()) == readme, "run `python -m benchmarks.night_page`"
    assert RESULTS.joinpath(f"night-{of_scale(read_reports()[-1]):g}.svg").exists()
