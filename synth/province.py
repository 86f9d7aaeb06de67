"""The whole invented province: its files and the truth, of one tile or of many.

A small province is made as one. A large one is made tile by tile, in processes side by side; what a tile has to a file
is appended to it in the order of the tiles, so memory holds a tile a process whatever the size of the province.
"""

import multiprocessing
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from schemas.catalogue import load_catalogue
from synth.making import Order, TileRecords, load_shares, make_tile
from synth.shipping import begin_file, end_file, ship, ship_part
from synth.tiles import PEOPLE_A_TILE, Tile, tiles_of

AS_ONE = 1_000_000
"""People a province may have to be made as one tile."""
WRITERS = 2
TILES_A_PROCESS = 8
"""A process is then replaced by a new one: the memory of the old one is in pieces."""


def build(
    population: int,
    seed: int,
    from_date: date,
    nights: int,
    out: Path,
    protected_share: float | None = None,
    *,
    people_a_tile: int | None = None,
    part: float = 1.0,
    full_again: bool = True,
    everyday: bool = False,
    dirtier: bool = False,
    processes: int = WRITERS,
) -> None:
    """Invent a province of ``population`` people and write what arrives in the ``nights`` nights from ``from_date`` on.

    Writes ``out/inbox/<department>/<type>/<received>/...`` and ``out/truth/links.parquet`` and ``flags.parquet``
    (and ``everyday.parquet``: whom which circumstance happened to).
    ``protected_share`` is the share of the people who live in a household on dibao (by default the real one, from
    ``records/shares.yaml``). ``people_a_tile``: make it in tiles of about so many people; by default only a province
    of more than a million is. ``part``: what part of a province the people are, if not all of it. ``full_again``: full
    types come again after the first night. ``everyday``: innocent families have records that look like a doubt
    (``synth.everyday``). ``dirtier``: they are damaged at the rates of ``rates_dirtier.yaml``. The same arguments write
    the same bytes, with any number of ``processes``.
    Raises FileExistsError when ``out`` holds a delivery already.
    """
    order = Order(seed, from_date, nights, protected_share, full_again, everyday, dirtier)
    as_one = people_a_tile is None and population <= AS_ONE
    tiles = tiles_of(population, population if as_one else people_a_tile or PEOPLE_A_TILE, part)
    (out / "truth").mkdir(parents=True, exist_ok=True)
    if len(tiles) == 1:
        _build_at_once(order, tiles[0], out)
    else:
        _build_in_tiles(order, tiles, out, processes)


def build_scale(
    scale: float,
    seed: int,
    from_date: date,
    nights: int,
    out: Path,
    protected_share: float | None = None,
    *,
    full_again: bool = True,
    everyday: bool = False,
    dirtier: bool = False,
) -> None:
    """Invent a part of all Guizhou in tiles: at ``scale`` 1, 38.5 million people with 2,745,000 recipients.

    ``scale`` is above 0 and at most 1; everything else is as in ``build``.
    """
    shares = load_shares()
    share = shares["scaled_protected_share"] if protected_share is None else protected_share
    population = round(shares["province_people"] * scale)
    build(
        population,
        seed,
        from_date,
        nights,
        out,
        share,
        people_a_tile=PEOPLE_A_TILE,
        part=scale,
        full_again=full_again,
        everyday=everyday,
        dirtier=dirtier,
    )


def _build_at_once(order: Order, tile: Tile, out: Path) -> None:
    catalogue = load_catalogue()
    schedule = order.schedule(catalogue)
    made = make_tile(order, tile, catalogue, schedule)
    _write_truth(made, out / "truth")
    # Each file has its own generator, so the order in which threads write them does not matter.
    with ThreadPoolExecutor(WRITERS) as pool:
        jobs = [
            pool.submit(ship, made.records[one.type], catalogue[one.type], one, _generator(order, place), out / "inbox")
            for place, one in enumerate(schedule.shipments)
        ]
        for job in jobs:
            job.result()


def _build_in_tiles(order: Order, tiles: Sequence[Tile], out: Path, processes: int) -> None:
    catalogue = load_catalogue()
    schedule = order.schedule(catalogue)
    aside = out / "tiles"
    shutil.rmtree(aside, ignore_errors=True)
    folders = [aside / str(tile.number) for tile in tiles]
    paths: dict[int, Path] = {}
    with (
        ProcessPoolExecutor(
            processes, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=TILES_A_PROCESS
        ) as pool,
        _TruthFiles(out / "truth") as truth,
    ):
        for folder in _made_in_order(pool, order, tiles, folders, ahead=2 * processes):
            for place, one in enumerate(schedule.shipments):
                part = folder / f"{place}.part"
                if place not in paths and (part.exists() or one.fate != "good"):
                    paths[place] = begin_file(catalogue[one.type], one, _generator(order, place), out / "inbox")
                if part.exists():
                    _append(part, paths[place])
            truth.append(folder)
            shutil.rmtree(folder)
    for place, path in paths.items():
        end_file(path, schedule.shipments[place])
    aside.rmdir()


def _made_in_order(
    pool: ProcessPoolExecutor, order: Order, tiles: Sequence[Tile], folders: Sequence[Path], ahead: int
) -> Iterator[Path]:
    """The folders of the tiles as they are made, in order; at most ``ahead`` lie waiting on disk."""
    jobs = [pool.submit(_write_tile, order, *one) for one in zip(tiles[:ahead], folders, strict=False)]
    for number, folder in enumerate(folders):
        jobs[number].result()
        if number + ahead < len(tiles):
            jobs.append(pool.submit(_write_tile, order, tiles[number + ahead], folders[number + ahead]))
        yield folder


def _write_tile(order: Order, tile: Tile, folder: Path) -> None:
    """Write into ``folder`` what the tile has to each file of the schedule, and its truth."""
    catalogue = load_catalogue()
    schedule = order.schedule(catalogue)
    folder.mkdir(parents=True)
    made = make_tile(order, tile, catalogue, schedule)
    _write_truth(made, folder)
    for place, one in enumerate(schedule.shipments):
        ship_part(
            made.records[one.type],
            catalogue[one.type],
            one,
            of_file=_generator(order, place),
            of_part=_generator(order, place, tile.number),
            part=folder / f"{place}.part",
        )


def _append(part: Path, path: Path) -> None:
    with part.open("rb") as bytes_of_part, path.open("ab") as file:
        shutil.copyfileobj(bytes_of_part, file, 1 << 20)


def _write_truth(made: TileRecords, folder: Path) -> None:
    tables = {"links": made.links, "flags": made.flags, "everyday": made.everyday}
    for name, table in tables.items():
        if table is not None:
            table.write_parquet(folder / f"{name}.parquet", compression="zstd")


class _TruthFiles:
    """The files of the truth, tile after tile."""

    def __init__(self, folder: Path) -> None:
        """Write them into ``folder``."""
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._open = ExitStack()

    def __enter__(self) -> "_TruthFiles":
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the files."""
        self._open.close()

    def append(self, folder: Path) -> None:
        """Append the truth of a tile that lies in ``folder``."""
        for part in sorted(folder.glob("*.parquet")):
            table = pq.read_table(part)
            if part.stem not in self._writers:
                writer = pq.ParquetWriter(self._folder / part.name, table.schema, compression="zstd")
                self._writers[part.stem] = self._open.enter_context(writer)
            self._writers[part.stem].write_table(table.cast(self._writers[part.stem].schema))


def _generator(order: Order, place: int, *tile: int) -> np.random.Generator:
    """The random stream of the file at ``place`` of the schedule, or of a tile's part of it."""
    return np.random.default_rng([order.seed, 7, place, *(1 + number for number in tile)])
