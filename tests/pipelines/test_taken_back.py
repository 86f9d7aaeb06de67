"""What was wrong is taken back: a wrong delivery, and what was read of one before its contract was corrected."""

import csv
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from engines.embedded import connect
from pipelines.command_line import app
from pipelines.deliveries.as_of import choose, create_view
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Withdrawal
from pipelines.past.replay import ReplayedNight, replay_night
from pipelines.requests import carry_out_requests
from pipelines.stages import Night, waiting
from pipelines.withdraw import WithdrawError, restore, withdraw
from rules.book import load_rule_book
from schemas.catalogue import load_catalogue
from tests.pipelines.intake.payment_office import touched
from tests.pipelines.two_nights import NEXT, Office, copied, two_nights

pytestmark = pytest.mark.slow
CATALOGUE = load_catalogue()
DEATHS = CATALOGUE["death_cancellation"]
WRONG = "death_cancellation_20201030_7.csv"
WITHDRAWAL = Withdrawal(day=NEXT + timedelta(days=1), by="test", reason="another county's list")


DIED = {"death_date": "2020-09-20", "cancelled_on": "2020-10-01"}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return two_nights(tmp_path_factory)


def wrong_deaths(office: Office) -> Path:
    """Five living people on the roster come as dead."""
    with connect(office.folder / "spill") as connection:
        for name in ("dibao_roster", "death_cancellation", "cremation"):
            chosen = choose(CATALOGUE[name], ReceiptStore(office.lake), as_of=NEXT, known_by=NEXT)
            create_view(connection, office.lake, CATALOGUE[name], chosen)
        dead = "FROM death_cancellation SELECT name UNION ALL FROM cremation SELECT name"
        people = connection.execute(
            "SELECT min(id_number), arg_min(name, id_number) FROM dibao_roster AS r "
            "WHERE status = 'active' AND recipient = 'yes' AND id_number_verdict = 'sound' "
            f"AND NOT EXISTS (SELECT 1 FROM ({dead}) AS dead WHERE dead.name = r.name) "
            "GROUP BY household_no ORDER BY household_no LIMIT 5"
        ).fetchall()
    rows = [{"certificate_no": f"D{n}", "id_number": number, "name": name} for n, (number, name) in enumerate(people)]
    path = office.inbox / "public_security" / "death_cancellation" / NEXT.isoformat() / WRONG
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow([column.header for column in DEATHS.columns])
        written.writerows([[(row | DIED).get(column.name, "") for column in DEATHS.columns] for row in rows])
    return path


def hedui(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(
        app, [*arguments, "--lake", str(office.lake.root)], env={"HEDUI_DATABASE_URL": office.database_url}
    )


@dataclass(frozen=True)
class TakenBack:
    """What became of five people who came as dead: before, with the wrong increment, and after it was withdrawn."""

    office: Office
    delivery: str
    before: dict[str, dict[str, Any]]
    wrong: dict[str, dict[str, Any]]
    said: str
    replayed: ReplayedNight
    """The wrong night, made again after the withdrawal."""
    after: dict[str, dict[str, Any]]
    settled: list[str]
    """What the night took in of the file that still lies there, and was touched."""


@pytest.fixture(scope="module")
def taken_back(original: Office, tmp_path_factory: pytest.TempPathFactory) -> TakenBack:
    office = copied(original, tmp_path_factory.mktemp("taken_back") / "office")
    before, path = office.flags(NEXT), wrong_deaths(office)
    office.run(NEXT)
    wrong = office.flags(NEXT)
    (receipt,) = (one for one in ReceiptStore(office.lake) if one.source.endswith(WRONG))
    done = hedui(office, "withdraw", WRONG, "--reason", "another county's list, see 529901199001011234")
    assert done.exit_code == 0, done.output
    replayed = replay_night(office.lake, CATALOGUE, NEXT, load_rule_book())
    touched(path)
    office.run(NEXT)
    settled = [one.status for one in ReceiptStore(office.lake) if one.source.endswith(WRONG)]
    return TakenBack(
        office, receipt.delivery_id, before, wrong, done.output, replayed, office.flags(NEXT), [*map(str, settled)]
    )


def asked_at_the_site(office: Office, receipt: Receipt) -> Any:
    """An engineer asks for it to be taken back, on the page that the night has published."""
    office.review()
    from review.delivery_list import Delivery
    from review.delivery_requests import Asked, ask
    from tests.review.people import person

    listed = Delivery.objects.get(pk=receipt.delivery_id)
    assert (listed.state, listed.in_use, listed.rows) == ("in_use", True, 5)
    return ask(person("engineer"), listed, Asked.WITHDRAW, "another county's list")


def deceased(flags: dict[str, dict[str, Any]]) -> set[str]:
    return {number for number, said in flags.items() if said["rule"] == "deceased_recipient"}


def test_five_living_people_stop_being_deceased(taken_back: TakenBack) -> None:
    told = deceased(taken_back.wrong) - deceased(taken_back.before)
    assert len(told) == 5
    assert taken_back.after == taken_back.before
    review = taken_back.office.review()
    assert {review[number].cleared_night for number in told} == {NEXT}


def test_a_night_made_of_what_was_withdrawn_comes_out_the_same(taken_back: TakenBack) -> None:
    assert taken_back.replayed.flags == len(taken_back.wrong)
    assert taken_back.replayed.differing == []


def test_the_file_in_the_inbox_is_not_taken_in_again_and_is_named(taken_back: TakenBack) -> None:
    office = taken_back.office
    assert taken_back.settled == ["accepted"]
    (receipt,) = (one for one in ReceiptStore(office.lake) if one.source.endswith(WRONG))
    assert (receipt.usable, receipt.withdrawn is not None) == (False, True)
    assert waiting(Night(NEXT, office.inbox, office.lake, office.database_url, NEXT))[0] == []
    said = hedui(office, "status").output
    assert f"death_cancellation {WRONG}" in said
    assert taken_back.delivery in said


def test_the_commands_tell_of_deliveries_what_would_be_read_again_and_what_was_set_apart(
    taken_back: TakenBack, tmp_path: Path
) -> None:
    office = taken_back.office
    listed = json.loads(hedui(office, "deliveries", "--type", "death_cancellation", "--json").output)
    told = {one["delivery"]: one for one in listed}
    assert told[taken_back.delivery]["state"] == "withdrawn"
    assert "another county's list" in told[taken_back.delivery]["why_en"]
    assert {one["state"] for number, one in told.items() if number != taken_back.delivery} == {"in_use"}
    assert taken_back.delivery in hedui(office, "deliveries", "--day", NEXT.isoformat()).output
    again = hedui(office, "reprocess", "--type", "death_cancellation", "--dry-run").output
    assert again.count("would read again") == len(listed) - 1
    assert taken_back.delivery not in again
    assert "nothing to read again" in hedui(office, "reprocess", taken_back.delivery).output
    hedui(office, "quarantine", "--csv", str(tmp_path))
    (file, *_) = sorted(tmp_path.iterdir())
    heading, *lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert heading.startswith("部门,信息类型,交换批次,文件,行号,类别,列,规则,原因")
    assert lines
    assert re.search(r"[1-9]\d{14}", "".join(line.split(",", 4)[-1] for line in lines)) is None


def test_who_took_it_back_and_why_stands_in_the_audit_log_without_numbers(taken_back: TakenBack) -> None:
    taken_back.office.review()
    from review.audit.chain import verify
    from review.models import AuditEntry

    (line,) = AuditEntry.objects.filter(action="delivery.withdrawn")
    assert line.actor.startswith("command line of ")
    assert line.detail["delivery"] == taken_back.delivery
    assert line.detail["reason"].startswith("another county's list")
    assert "199001011234" not in line.detail["reason"]
    assert verify() is None


def test_the_command_says_which_nights_to_run_again(taken_back: TakenBack) -> None:
    assert f"--from {NEXT} --to {NEXT}" in taken_back.said
    again = hedui(taken_back.office, "withdraw", taken_back.delivery, "--reason", "once more")
    assert isinstance(again.exception, WithdrawError)
    assert "was withdrawn on" in str(again.exception)


def test_a_backfill_is_as_if_it_had_not_come(original: Office, tmp_path: Path) -> None:
    """Whether it was taken back at once, or restored by mistake in between; at the site, or on the command line."""
    office = copied(original, tmp_path / "office")
    before = office.flags(NEXT)
    wrong_deaths(office)
    office.run(NEXT)
    with pytest.raises(WithdrawError, match="is not withdrawn"):
        restore(office.lake, WRONG, WITHDRAWAL, office.database_url)
    withdraw(office.lake, WRONG, WITHDRAWAL, office.database_url)
    restored = restore(office.lake, WRONG, WITHDRAWAL, office.database_url)
    assert (restored.receipts[0].usable, restored.nights) == (True, ())
    request = asked_at_the_site(office, restored.receipts[0])
    (done,) = carry_out_requests(office.lake, CATALOGUE, office.database_url)
    assert (done.done, f"--from {NEXT} --to {NEXT}" in done.en) == (True, True)
    request.refresh_from_db()
    assert (request.state, request.outcome_en) == ("done", done.en)
    assert carry_out_requests(office.lake, CATALOGUE, office.database_url) == []
    (again,) = office.backfill(NEXT)
    assert {one.rule for one in again.differing} >= {"deceased_recipient"}
    assert office.flags(NEXT) == before
