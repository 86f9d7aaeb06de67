"""Write a department's delivery into the inbox, in the forms that departments' systems export."""

import gzip
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Literal, TypeVar

import numpy as np
import polars as pl

from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.divisions import load_divisions, load_successors
from synth.cell_forms import AmountForm, DateForm, write_amounts, write_dates, write_fixed
from synth.dirt import widened
from synth.rates import DeliveryRates, load_rates

Encoding = Literal["utf-8", "utf-8-sig", "gb18030"]
HeaderStyle = Literal["agreed", "alias", "reordered"]
Choice = TypeVar("Choice")

ROWS_AT_A_TIME = 500_000
MISSING_MARKERS = ("NULL", "-", "/")
TEN_THOUSAND = "(万元)"
PADDED = frozenset({Meaning.PERSON_NAME, Meaning.ADDRESS, Meaning.TEXT, Meaning.ORGANISATION_NAME, Meaning.SERIAL})
WIDENED = frozenset({Meaning.SERIAL, Meaning.AMOUNT, Meaning.COUNT, Meaning.PHONE})
PADS = ("", " ", "\t", "\u3000")


@dataclass(frozen=True)
class Cells:
    """How one column of one file is written."""

    column: Column
    header: str
    date_form: DateForm
    amount_form: AmountForm
    labels: bool
    """Codes as their Chinese label."""
    missing: str
    """What stands in an empty cell."""
    old_divisions: bool
    """Divisions under the codes they had before their county was merged or renamed."""


def write_delivery(
    frame: pl.DataFrame,
    contract: Contract,
    inbox: Path,
    delivery_date: date,
    received: date,
    sequence: int = 1,
    *,
    rng: np.random.Generator,
    encoding: Encoding = "utf-8",
    gzip: bool = False,
    header_style: HeaderStyle = "agreed",
    date_form: DateForm | None = None,
    amount_form: AmountForm | None = None,
    label_codes: bool | None = None,
    old_divisions: bool = False,
    drop_or_rename: Mapping[str, str | None] | None = None,
    duplicate_rows: float = 0.0,
    cut_at: float | None = None,
    rates: DeliveryRates | None = None,
) -> Path:
    """Write one delivery of one type and return its path, ``<inbox>/<department>/<type>/<received>/<file>``.

    ``frame`` has canonical columns with canonical values: dates as Date (a month as its first day), amounts in yuan,
    codes as codes; columns of the contract it lacks are left empty, and columns the contract lacks are not written.
    ``header_style``: the agreed headers, other spellings where the contract knows some, or the agreed ones in another
    order. Forms left None are drawn. ``drop_or_rename`` leaves a column out (None) or heads it otherwise.
    ``duplicate_rows`` is the share of rows that come twice. ``cut_at`` keeps that share of the bytes only, as a broken
    transfer does (0 leaves an empty file). The same arguments and generator state write the same bytes.

    Raises FileExistsError when the file is there already: a delivery is never overwritten, it gets the next sequence.
    """
    habits = rates or load_rates().deliveries
    path = delivery_path(contract, inbox, delivery_date, received, sequence, compressed=gzip)
    if path.exists():
        raise FileExistsError(f"{path}: already delivered: use the next sequence number")
    cells = draw_cells(
        contract,
        rng,
        habits,
        header_style=header_style,
        date_form=date_form,
        amount_form=amount_form,
        label_codes=label_codes,
        old_divisions=old_divisions,
        drop_or_rename=drop_or_rename,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened(path, compressed=gzip) as file:
        write_header(cells, file, encoding)
        write_rows(with_duplicates(frame, duplicate_rows, rng), cells, file, encoding, habits, rng=rng)
    if cut_at is not None:
        cut(path, cut_at)
    return path


def draw_cells(
    contract: Contract,
    rng: np.random.Generator,
    habits: DeliveryRates,
    *,
    header_style: HeaderStyle = "agreed",
    date_form: DateForm | None = None,
    amount_form: AmountForm | None = None,
    label_codes: bool | None = None,
    old_divisions: bool = False,
    drop_or_rename: Mapping[str, str | None] | None = None,
) -> list[Cells]:
    """How the columns of one file are written, in the order of the file; forms left None are drawn."""
    form = date_form or _one_of(list(DateForm), rng)
    money = amount_form or _one_of([AmountForm.PLAIN, AmountForm.GROUPED], rng)
    cells = []
    periods = {contract.period.begins, contract.period.ends} if contract.period else set()
    for column in contract.columns:
        if column.name in periods:
            # The invented departments deliver by the month.
            continue
        labels = rng.random() < habits.label_instead_of_code if label_codes is None else label_codes
        marker = _one_of(MISSING_MARKERS, rng) if rng.random() < habits.missing_marker else ""
        marker = "" if column.required or column.meaning is Meaning.ID_NUMBER else marker
        header = _header(column, header_style, rng)
        written_in = AmountForm.WAN if column.unit == "wan_yuan" or header.endswith(TEN_THOUSAND) else money
        cells.append(Cells(column, header, form, written_in, labels, marker, old_divisions))
    return _arranged(cells, header_style, drop_or_rename or {}, rng)


def cut(path: Path, share: float) -> None:
    """Keep that share of a file's bytes only."""
    os.truncate(path, int(path.stat().st_size * share))


def delivery_path(
    contract: Contract, inbox: Path, delivery_date: date, received: date, sequence: int = 1, *, compressed: bool = False
) -> Path:
    """Where a delivery lies in the inbox; ``sequence`` above 1 is a re-delivery of the same delivery date."""
    again = f"_{sequence}" if sequence > 1 else ""
    name = f"{contract.name}_{delivery_date:%Y%m%d}{again}.csv{'.gz' if compressed else ''}"
    return inbox / contract.department / contract.name / received.isoformat() / name


def _one_of(values: Sequence[Choice], rng: np.random.Generator) -> Choice:
    return values[int(rng.integers(0, len(values)))]


def _header(column: Column, style: HeaderStyle, rng: np.random.Generator) -> str:
    if style != "alias" or not column.aliases:
        return column.header
    return _one_of([column.header, *column.aliases], rng)


def _arranged(
    cells: list[Cells], style: HeaderStyle, drop_or_rename: Mapping[str, str | None], rng: np.random.Generator
) -> list[Cells]:
    known = {one.column.name for one in cells}
    if unknown := sorted(set(drop_or_rename) - known):
        raise ValueError(f"drop_or_rename: {unknown} are not columns: use some of {sorted(known)}")
    order = rng.permutation(len(cells)) if style == "reordered" else np.arange(len(cells))
    arranged = []
    for place in order:
        one = cells[int(place)]
        header = drop_or_rename.get(one.column.name, one.header)
        if header is not None:
            arranged.append(Cells(**{**vars(one), "header": header}))
    return arranged


def with_duplicates(frame: pl.DataFrame, share: float, rng: np.random.Generator) -> pl.DataFrame:
    """The frame with some rows repeated right after themselves."""
    if share <= 0 or frame.is_empty():
        return frame
    return frame[np.repeat(np.arange(frame.height), 1 + (rng.random(frame.height) < share))]


@contextmanager
def opened(path: Path, *, compressed: bool) -> Iterator[IO[bytes]]:
    """A new file to write bytes into, perhaps through gzip. Raises FileExistsError when it is there already."""
    with path.open("xb") as file:
        if not compressed:
            yield file
            return
        # No name and no time in the gzip header, so that the same rows give the same bytes.
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=3, mtime=0) as packed:
            yield packed  # type: ignore[misc]


def write_header(cells: Sequence[Cells], file: IO[bytes], encoding: Encoding) -> None:
    """Write the file's first line, after a byte order mark where the encoding has one."""
    if encoding == "utf-8-sig":
        file.write(b"\xef\xbb\xbf")
    header = pl.DataFrame({str(place): [one.header] for place, one in enumerate(cells)})
    _write_lines(header, file, encoding)


def write_rows(
    frame: pl.DataFrame,
    cells: Sequence[Cells],
    file: IO[bytes],
    encoding: Encoding,
    habits: DeliveryRates,
    *,
    rng: np.random.Generator,
) -> None:
    """Write the rows, with the slips of whoever typed them."""
    for part in frame.iter_slices(ROWS_AT_A_TIME):
        _write_lines(_as_text(part, cells, habits, rng), file, encoding)


def _write_lines(text: pl.DataFrame, file: IO[bytes], encoding: Encoding) -> None:
    # GB18030 comes from Windows programs, which end lines with CR LF.
    line_end = "\r\n" if encoding == "gb18030" else "\n"
    csv = text.write_csv(include_header=False, line_terminator=line_end)
    file.write(csv.encode("utf-8" if encoding == "utf-8-sig" else encoding))


def _as_text(
    frame: pl.DataFrame, cells: Sequence[Cells], habits: DeliveryRates, rng: np.random.Generator
) -> pl.DataFrame:
    columns = {}
    for place, one in enumerate(cells):
        name = one.column.name
        if name in frame.columns:
            text = _with_slips(_text(frame[name], one), one.column, habits, rng)
        else:
            text = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
        columns[str(place)] = text.fill_null(one.missing) if one.missing else text
    return pl.DataFrame(columns)


def _text(values: pl.Series, one: Cells) -> pl.Series:
    match one.column.meaning:
        case Meaning.DATE | Meaning.MONTH:
            return write_dates(values, one.date_form, months=one.column.meaning is Meaning.MONTH)
        case Meaning.AMOUNT:
            return write_amounts(values, one.amount_form)
        case Meaning.QUANTITY:
            return write_fixed(values, 4)
        case Meaning.COUNT:
            return values.cast(pl.Int64).cast(pl.String)
        case Meaning.CODE if one.labels:
            labels = {code: entry.zh for code, entry in one.column.codes.items()}
            return values.cast(pl.String).replace(labels)
        case Meaning.DIVISION if one.old_divisions:
            return _before_the_merger(values)
        case _:
            return values.cast(pl.String)


def _before_the_merger(codes: pl.Series) -> pl.Series:
    """Division codes with the county code that was in use before, where the county had another."""
    # A county may have had several codes; any of them leads back to it.
    former = {new[:6]: old[:6] for old, new in load_successors().items() if new[4:6] != "00"}
    known = set(load_divisions())
    frame = codes.alias("code").to_frame().with_columns(county=pl.col("code").str.head(6))
    old = pl.col("county").replace(former) + pl.col("code").str.slice(6)
    still_used = old.is_in(list(known))
    return frame.select(pl.when(still_used).then(pl.col("code")).otherwise(old).alias("code"))["code"]


def _with_slips(text: pl.Series, column: Column, habits: DeliveryRates, rng: np.random.Generator) -> pl.Series:
    """Some cells padded with blanks, some written full-width."""
    if column.meaning in PADDED:
        rows = np.flatnonzero(rng.random(len(text)) < habits.padded)
        before, after = (pl.Series(PADS).gather(rng.integers(0, len(PADS), len(rows))) for _ in range(2))
        text = text.scatter(rows, before + text.gather(rows) + after)
    if column.meaning in WIDENED:
        rows = np.flatnonzero(rng.random(len(text)) < habits.full_width_digits)
        text = text.scatter(rows, widened(text.gather(rows)))
    return text
