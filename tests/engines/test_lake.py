"""A lake may lie under any path, or says at once that it cannot."""

import stat
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from engines.embedded import file_list
from engines.lake import Lake, LakePathError
from pipelines.lake_lock import whole_lake


@pytest.mark.parametrize(
    "name", ["湖", "a b", "a#b", "a?b", "100%", "a[b]", "[", "a*b", "o'clock", "k=v", "{x}", "+;:"]
)
def test_what_is_written_is_read_dropped_and_found_gone(tmp_path: Path, name: str) -> None:
    (tmp_path / "a?b*[").mkdir()
    lake = Lake(tmp_path / name)
    for part in ("1", "2"):
        lake.replace("t", {"part": part}, pa.table({"x": [int(part)]}))
    files = lake.files("t", "part", ["1", "2"])
    assert all(file.startswith(f"{tmp_path / name}/") for file in files)
    with duckdb.connect() as connection:
        read = connection.execute(f"SELECT x FROM read_parquet({file_list(files)}) ORDER BY x").fetchall()
    assert read == [(1,), (2,)]
    assert lake.rows("t", "part", "2") == 1
    lake.drop("t", "part", "1")
    assert lake.files("t", "part", ["1", "2"]) == [files[1]]
    assert lake.vacuum("t") == 0


@pytest.mark.parametrize("name", ["50%25", "a\\b"])
def test_a_path_that_would_be_taken_for_another_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LakePathError, match="choose a path"):
        Lake(tmp_path / name)


def test_what_is_made_while_the_lake_is_held_is_its_owner_s_alone(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with whole_lake(lake):
        lake.replace("t", {"part": "1"}, pa.table({"x": [1]}))
    made = [lake.root, *lake.root.rglob("*")]
    assert len(made) > 5
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made} == {0}
