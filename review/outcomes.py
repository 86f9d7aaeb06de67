"""Reviewers' outcomes from a CSV file: every row holds, or nothing is written and every row that does not is named."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from review.accounts.models import Account
from review.audit import chain
from review.case_life.act_inputs import read_input
from review.case_life.acting import CommandLine, step
from review.case_life.acting_on_many import locked_cases
from review.case_life.refusals import NoSuchCaseError, NotAllowedError, NotNowError, RefusedError
from review.case_life.table import Action, ever_allowed
from review.models import Case, Outcome
from review.written_text import cannot_be_stored, read_number

# Chinese heading, as offices write it, and the name of the field.
COLUMNS = {
    "案件编号": "case_no",
    "版本": "version",
    "入户日期": "visited_on",
    "入户情况": "finding",
    "处理结果": "outcome",
    "核查人": "investigator",
    "第二核查人": "second_investigator",
    "说明": "note",
    "告知日期": "notified_on",
    "异议期截止": "objection_ends_on",
}
NEEDED = ("case_no", "version", "outcome")


class OutcomesError(ValueError):
    """A file that cannot be taken in as a whole. Nothing was written."""

    exit_code = 1


@dataclass(frozen=True)
class RefusedRow:
    """A row that does not hold: its line in the file, its case number, and why."""

    line: int
    case_no: str
    why: str


@dataclass(frozen=True)
class ImportResult:
    """What came of a file: the cases decided, or the rows refused (then nothing was written)."""

    rows: int
    refused: tuple[RefusedRow, ...]
    sha256: str


def import_outcomes(account: Account, file: Path, *, through: CommandLine | None = None) -> ImportResult:
    """Take in a CSV file (UTF-8 or GB18030) with the columns of ``COLUMNS``, as ``account`` would act by hand.

    A row may record a visit, decides, and may record the notice, in that order; ``version`` is the case's as the
    reviewer saw it. ``through``: the command line it comes by, which history and audit log then name. All or nothing.
    Raises OutcomesError when the file is no such table, NotAllowedError when the role does not decide.
    """
    if not account.may_act or not ever_allowed(account.role, Action.DECIDE):
        raise NotAllowedError(gettext("Your role does not do this."))
    content = file.read_bytes()
    rows = list(_rows(content))
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        refused = _import_rows(account, rows, through)
        if refused:
            transaction.set_rollback(True)
        else:
            detail: dict[str, Any] = {"rows": len(rows), "sha256": sha256}
            actor = account.username
            if through is not None:
                actor, detail["for"] = through.actor, account.username
            chain.append(chain.Line(actor, "outcomes.imported", detail, account.division))
    return ImportResult(len(rows), tuple(refused), sha256)


def _import_rows(
    account: Account, rows: list[tuple[int, dict[str, str]]], through: CommandLine | None
) -> list[RefusedRow]:
    locked = locked_cases(account, [row["case_no"] for _line, row in rows])
    refused: list[RefusedRow] = []
    lines: list[chain.Line] = []
    read_before: set[str] = set()
    for number, row in rows:
        try:
            if row["case_no"] in read_before:
                raise NotNowError(gettext("The case is in the file twice."))
            read_before.add(row["case_no"])
            if row["case_no"] not in locked:
                raise NoSuchCaseError
            lines += _take_steps(account, locked[row["case_no"]], row, through)
        except RefusedError as refusal:
            refused.append(RefusedRow(number, row["case_no"], str(refusal)))
    if not refused:
        chain.append(*lines)
    return refused


def _take_steps(account: Account, case: Case, row: Mapping[str, str], through: CommandLine | None) -> list[chain.Line]:
    """The steps of one row, each on the version the one before it made."""
    version, lines = read_number(row["version"]), []
    if version is None:
        raise NotNowError(gettext("Give the version of the case as the export shows it."))
    for action, data in _steps(row):
        acted, line = step(account, case, action, read_input(action, data), version, through=through)
        version = acted.version
        lines.append(line)
    return lines


def _steps(row: Mapping[str, str]) -> Iterator[tuple[Action, dict[str, Any]]]:
    if row["visited_on"] or row["finding"]:
        yield Action.VISIT, {"visited_on": row["visited_on"], "note": row["finding"]}
    people = {name: row[name] for name in ("investigator", "second_investigator")}
    yield Action.DECIDE, {"outcome": _outcome(row["outcome"]), "note": row["note"], **people}
    if row["notified_on"] or row["objection_ends_on"]:
        yield Action.NOTIFY, {name: row[name] for name in ("notified_on", "objection_ends_on")}


def _outcome(word: str) -> str:
    """The outcome's code; its label in the active language is accepted as well."""
    return next((one.value for one in Outcome if word in {one.value, str(one.label)}), word)


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The line number and cells of each row. Raises OutcomesError when it is no table that can be kept."""
    text = _text(content)
    if cannot_be_stored(text):
        raise OutcomesError(gettext("It contains a character that cannot be stored (a NUL, or half a character)."))
    try:
        yield from _cells(text)
    except csv.Error:
        # Its own words may quote a cell.
        words = gettext(
            "The file cannot be read as a table: a cell is far too long, or a quotation mark is never closed."
        )
        raise OutcomesError(words) from None


def _cells(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = [COLUMNS.get((heading or "").strip(), (heading or "").strip()) for heading in reader.fieldnames or []]
    missing = [name for name in NEEDED if name not in names]
    unknown = [name for name in names if name not in COLUMNS.values()]
    if missing or unknown or len(set(names)) < len(names):
        raise OutcomesError(
            f"the file's columns are {', '.join(names) or 'none'}: needed are {', '.join(NEEDED)}, "
            f"known {', '.join(COLUMNS.values())} (or in Chinese: {', '.join(COLUMNS)}), each once; nothing was written"
        )
    reader.fieldnames = names
    for row in reader:
        if None in row or None in row.values():
            raise OutcomesError(f"line {reader.line_num} has not {len(names)} cells; nothing was written")
        # A spreadsheet's own marks around text, as our exports set them.
        yield (
            reader.line_num,
            dict.fromkeys(COLUMNS.values(), "")
            | {name: value.strip().lstrip("'").strip() for name, value in row.items()},
        )


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")
