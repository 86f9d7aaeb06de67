"""Contracts change after their files have come and gone: what was refused is read again, and a type gains a column."""

import gzip
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.deliveries.receipts import Receipt, Status
from pipelines.past.replay import ReplayedNight, replay_night
from pipelines.progress import Progress
from pipelines.provenance.made_otherwise import nights_made_otherwise
from pipelines.reprocess import Reread, reprocess, to_read_again
from pipelines.stages import Night, take_in
from rules.book import load_rule_book
from schemas.catalogue import Catalogue, load_catalogue
from schemas.contract import Contract
from tests.pipelines.two_nights import HELD_BACK, NEXT, NIGHT, Office, copied

pytestmark = pytest.mark.slow
CATALOGUE = load_catalogue()
VEHICLES, DEATHS = CATALOGUE["motor_vehicle"], CATALOGUE["death_cancellation"]
OTHER_HEADER = "车主证件编号"


def corrected() -> Catalogue:
    """The vehicles' contract knows one more spelling of a header, and that of deaths one more column."""
    known = [
        one.model_copy(update={"aliases": (*one.aliases, OTHER_HEADER)}) if one.name == "owner_id" else one
        for one in VEHICLES.columns
    ]
    vehicles = VEHICLES.model_copy(update={"columns": tuple(known)})
    said = DEATHS.model_dump(mode="json")
    more = {"name": "hospital", "header": "医院", "en": "Hospital", "meaning": "organisation_name"}
    deaths = Contract.model_validate(said | {"columns": [*said["columns"], more]})
    return Catalogue(
        CATALOGUE.departments, CATALOGUE.contracts | {"motor_vehicle": vehicles, "death_cancellation": deaths}
    )


def deliver_vehicles_with_another_header(office: Office) -> list[Path]:
    """They came in time for the first night."""
    owner = VEHICLES.column("owner_id")
    delivered = []
    for file in sorted((office.folder / "held_back").rglob("motor_vehicle_*")):
        header, rest = decoded(file).split("\n", 1)
        renamed = [OTHER_HEADER if name in (owner.header, *owner.aliases) else name for name in header.split(",")]
        assert OTHER_HEADER in renamed
        path = office.inbox / HELD_BACK / NIGHT.isoformat() / file.name.removesuffix(".gz")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{','.join(renamed)}\n{rest}", encoding="utf-8")
        delivered.append(path)
    return delivered


def decoded(file: Path) -> str:
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


@dataclass(frozen=True)
class Corrected:
    """What became of vehicles that were refused for a header."""

    office: Office
    refused: list[Receipt]
    before: dict[str, dict[str, Any]]
    reread: list[Reread]
    otherwise: list[date]
    """The nights that were made of other rows than stand once they are read again."""
    after: dict[str, dict[str, Any]]
    """The first night's flags once a backfill has made it again."""
    replayed: ReplayedNight
    """The next night, as it was made by the contracts of before, once those of today are others."""
    following: dict[str, dict[str, Any]]
    """The flags of the next night, run by itself."""


@pytest.fixture(scope="module")
def done(original: Office, tmp_path_factory: pytest.TempPathFactory) -> Corrected:
    office = copied(original, tmp_path_factory.mktemp("corrected") / "office")
    before = office.flags(NIGHT)
    paths = deliver_vehicles_with_another_header(office)
    refused = take_in(
        Night(NIGHT, office.inbox, office.lake, office.database_url, NIGHT), Progress(), ["motor_vehicle"]
    )
    for path in paths:
        path.unlink()
    catalogue = corrected()
    asked = to_read_again(office.lake, catalogue, type_name="motor_vehicle")
    reread = list(reprocess(office.lake, catalogue, asked))
    otherwise = nights_made_otherwise(office.lake, catalogue, ["motor_vehicle", "death_cancellation"])
    office.backfill(NIGHT, NIGHT, catalogue=catalogue)
    after = office.flags(NIGHT)
    replayed = replay_night(office.lake, catalogue, NEXT, load_rule_book())
    office.run(NEXT, catalogue=catalogue)
    return Corrected(office, refused, before, reread, otherwise, after, replayed, office.flags(NEXT))


def of_vehicles(flags: dict[str, dict[str, Any]]) -> set[str]:
    return {number for number, said in flags.items() if said["rule"].startswith("vehicle_")}


def but_vehicles(flags: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    ours = of_vehicles(flags) | {number for number, said in flags.items() if said["direction"] == "control"}
    return {number: said for number, said in flags.items() if number not in ours}


def test_what_was_refused_for_a_header_is_accepted_without_its_file(done: Corrected) -> None:
    assert {receipt.status for receipt in done.refused} == {Status.REFUSED}
    assert [(one.changed, one.after and one.after.good) for one in done.reread] == [(True, True)] * len(done.refused)


def test_its_flags_come_for_the_past_night_too_and_the_next_night_keeps_them(done: Corrected) -> None:
    assert done.otherwise == [NIGHT, NEXT]
    assert of_vehicles(done.before) == set()
    found = of_vehicles(done.after)
    assert len(found) > 20
    assert found <= of_vehicles(done.following)
    review = done.office.review()
    assert {review[number].cleared_night for number in found} == {None}
    assert {review[number].first_night for number in found} == {NIGHT}


def test_a_column_more_changes_no_flag_of_rows_read_before(done: Corrected) -> None:
    assert but_vehicles(done.after).keys() == but_vehicles(done.before).keys()


def test_a_night_of_before_the_change_is_replayed_by_its_own_contracts(done: Corrected) -> None:
    assert (done.replayed.differing, done.replayed.reproduced) == ([], done.replayed.flags)
