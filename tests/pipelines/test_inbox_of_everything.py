"""One inbox with all that departments ever sent, and what nobody should: a night that takes it in ends well."""

import gzip
import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engines.lake import Lake
from pipelines.deliveries.receipts import ReceiptStore, Status
from pipelines.flag import read_flags
from rules.book import load_rule_book
from schemas.catalogue import load_catalogue
from tests.made_once import made_once
from tests.pipelines.hostile_files import hostile
from tests.pipelines.hostile_night import MOST_MEMORY, Ended, Inbox, run_night
from tests.pipelines.sample_nights import INBOX, NIGHTS, sample_nights

pytestmark = pytest.mark.slow
NIGHT = NIGHTS[0]
AS_SENT = Path(__file__).parent / "files_as_sent"
"""Extracts of invented vehicles, cut short; the folder's name says what each is."""
LAKE = Path("湖 a#b 50% [1] k=v") / "lake"
OUTSIDE = "nobody may read this through an inbox"
OWN, WRONG, BROKEN, NO_FILES = "motor_vehicle", "marriage", "exit_entry", "cremation"
"""Types whose folders get: their own extracts, another type's, damaged ones, and what is no file."""
HOSTILE = ("farmer_cooperative", "housing_fund")
"""Types whose folders get files that were made to do harm."""
MADE_TO_DO_HARM = 100
"""Files: of every kind a few. Far more are for `tests.pipelines.campaign`."""


def all_as_sent(inbox: Inbox) -> None:
    """Every extract in its own type's folder and in another's; those in wrong places, there."""
    for file in sorted(AS_SENT.rglob("*.*")):
        if "misplaced" in file.parts:
            place = file.relative_to(AS_SENT / "misplaced" / "inbox").as_posix()
            inbox.add_at(place.replace("20240630", f"{NIGHT:%Y%m%d}").replace("2024-06-30", str(NIGHT)), b"a,b\n1,2\n")
        else:
            for type_name in (OWN, WRONG):
                shutil.copyfile(file, inbox.place(type_name, file.suffix))


def damaged(inbox: Inbox) -> None:
    header = ",".join(column.header for column in load_catalogue()[BROKEN].columns) + "\n"
    for content in (
        b"",
        header.encode("utf-16"),
        header.encode("utf-16-be"),
        header.replace("\n", "\r").encode() * 3,
        gzip.compress(header.encode()),
        f"{'x' * 200_000}\n".encode() + header.encode(),
        (header + "𠀀").encode("gb18030")[:-2],
        header.encode() + b"\xef\xbb\xbf\n",
        header.encode() + b"\xff\xfe\x00\n",
        header.encode() + b"\0" * 50_000,
        header.encode() + b'"\n' * 100,
        b"\n" * 10_000,
        b"\x7fELF" + bytes(range(256)) * 40,
    ):
        inbox.place(BROKEN).write_bytes(content)
    inbox.place(BROKEN, ".csv.gz").write_bytes(header.encode())
    inbox.place(BROKEN, ".csv.gz").write_bytes(gzip.compress(header.encode() * 1000)[:-20])


def made_to_do_harm(inbox: Inbox) -> None:
    for number in range(MADE_TO_DO_HARM):
        type_name = HOSTILE[number % len(HOSTILE)]
        made = hostile(number, load_catalogue()[type_name])
        inbox.place(type_name, made.ending).write_bytes(made.content)


def no_files(inbox: Inbox, outside: Path) -> None:
    """Folders, links, pipes and sockets under the names of deliveries; and names nobody should print."""
    (outside / "secret.csv").write_text(OUTSIDE)
    inbox.place(NO_FILES).mkdir()
    inbox.place(NO_FILES).symlink_to(outside / "secret.csv")
    inbox.place(NO_FILES).symlink_to("/dev/zero")
    inbox.place(NO_FILES).symlink_to(outside / "nowhere.csv")
    looping = inbox.place(NO_FILES)
    looping.symlink_to(looping)
    os.mkfifo(inbox.place(NO_FILES))
    os.mknod(inbox.place(NO_FILES), stat.S_IFSOCK | 0o600)
    if os.geteuid() != 0:
        inbox.place(NO_FILES).touch(mode=0)
    for name in (
        "机动车.csv".encode("gb18030"),
        b"\xff\xfe.csv",
        b"\x1b]0;x\x07\x1b[31m[red]x.csv",
        "\u202evsc.exe".encode(),
    ):
        inbox.place(NO_FILES, name=name).write_bytes(b"a\n")
    day = inbox.place(NO_FILES, name="x").parent
    inbox.added[-1] = day.with_name("2020-10-27")
    inbox.added[-1].symlink_to(outside, target_is_directory=True)


def make(folder: Path) -> None:
    """Run the night as ``hedui night`` does, in a lake under a path nobody should choose."""
    inbox, outside = Inbox(folder / "inbox", NIGHT), folder / "outside"
    outside.mkdir(parents=True)
    shutil.copytree(INBOX, inbox.root)
    all_as_sent(inbox)
    damaged(inbox)
    made_to_do_harm(inbox)
    no_files(inbox, outside)
    inbox.add_at("readme.txt", b"put here by mistake")
    inbox.add_at("taxation/income_tax_20201029.csv", b"one folder too high")
    inbox.add_at("unknown_office/income_tax/2020-10-29/income_tax_20201029.csv", b"of nobody we know")
    ended = run_night(inbox, folder / LAKE, NIGHT)
    told = {"added": ended.added, "exit_code": ended.exit_code, "printed": ended.printed, "peak": ended.peak}
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = made_once(tmp_path_factory, "inbox_of_everything", make)
    return Ended(NIGHT, Lake(folder / LAKE), **json.loads((folder / "told.json").read_text(encoding="utf-8")))


def test_the_night_ends_well(ended: Ended) -> None:
    assert ended.exit_code == 0, ended.printed


def test_the_night_takes_no_more_memory_than_it_may(ended: Ended) -> None:
    assert ended.peak < MOST_MEMORY


def test_every_harmful_file_is_settled_with_a_reason_and_no_row_lost(ended: Ended) -> None:
    receipts = [receipt for type_name in HOSTILE for receipt in ended.receipts(type_name).values()]
    passed_over = [one for one in ended.passed_over if any(f"/{type_name}/" in one for type_name in HOSTILE)]
    assert len(receipts) + len(passed_over) > 0.9 * MADE_TO_DO_HARM
    assert len({failure.expectation for receipt in receipts for failure in receipt.failures}) > 10
    assert ended.miscounted() == {}


def test_nothing_in_the_inbox_fails_for_what_nobody_thought_of(ended: Ended) -> None:
    assert len(list(ReceiptStore(ended.lake))) > 150
    assert ended.unforeseen() == {}


def test_nothing_that_is_told_says_who_the_people_are(ended: Ended) -> None:
    assert len(list((ended.lake.root / "deliveries").rglob("*.json"))) > 150
    assert ended.personal() == {}
    assert replace(ended, printed="欧阳黄鹂").personal() == {"printed": ["欧阳黄鹂"]}


def test_everything_has_its_receipt_or_is_named(ended: Ended) -> None:
    assert len(ended.added) > 100
    assert ended.silent() == []
    assert not [one for one in ended.report["passed_over"] if "arrived after" in one["advice"]]


def test_what_cannot_be_used_says_why_in_both_languages(ended: Ended) -> None:
    for type_name in (WRONG, BROKEN, NO_FILES):
        for name, receipt in ended.receipts(type_name).items():
            assert receipt.status is not Status.ACCEPTED, name
            assert all(failure.message_zh and failure.message_en for failure in receipt.failures), name
            assert receipt.failures, name
    assert len(ended.receipts(BROKEN)) == 15
    no_files = {name: one for name, one in ended.receipts(NO_FILES).items() if name.startswith(NO_FILES)}
    assert {one.failures[0].expectation for one in no_files.values()} == {"file_opened"}
    assert ended.report["types"][NO_FILES]["unreadable"]
    assert "fresh" not in next(line for line in ended.printed.splitlines() if line.strip().startswith(NO_FILES))
    assert "stale (unreadable)" in ended.printed


def test_nothing_outside_the_inbox_is_read(ended: Ended) -> None:
    kept = [path for path in ended.lake.root.rglob("*") if path.is_file() and OUTSIDE.encode() in path.read_bytes()]
    landed = list((ended.lake.root / "landed" / "civil_affairs" / NO_FILES).glob(f"*/{NO_FILES}_{NIGHT:%Y%m%d}_*.csv*"))
    assert (kept, landed) == ([], [])


def test_names_are_printed_as_text(ended: Ended) -> None:
    assert any(place.endswith(f"{NO_FILES}/{NIGHT}/机动车.csv") for place in ended.passed_over)
    assert "\\x1b]0;x\\x07\\x1b[31m[red]x.csv" in ended.printed
    assert not any(character in ended.printed for character in "\x1b\x07\u202e")


def test_the_flags_of_the_other_types_are_the_sample_s(ended: Ended, tmp_path_factory: pytest.TempPathFactory) -> None:
    sample = Lake(sample_nights(tmp_path_factory).lake)
    changed = {OWN, *HOSTILE}
    touched = {rule.id for rule in load_rule_book().rules if changed & {*rule.reads} or rule.direction == "control"}

    def found(lake: Lake) -> Iterator[tuple[str, str]]:
        return ((flag["rule"], flag["flag_id"]) for flag in read_flags(lake, NIGHT).to_pylist())

    ours, theirs = ({one for one in found(lake) if one[0] not in touched} for lake in (ended.lake, sample))
    assert len(theirs) > 50
    assert ours == theirs


def test_what_is_kept_its_owner_alone_may_read(ended: Ended) -> None:
    kept = [ended.lake.root, *ended.lake.root.rglob("*")]
    assert {path.name for path in kept} >= {"review.sqlite3", "landed", "deliveries", f"{NIGHT}.json"}
    assert [path for path in kept if path.lstat().st_mode & 0o077] == []
