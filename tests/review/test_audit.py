"""The audit log: one chain, which nobody can change, cut or empty without being found out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from typer.testing import CliRunner

from pipelines.command_line import app
from review.audit.chain import Anchor, Break, Line, append, newest, verify
from review.models import AuditEntry, AuditHead
from tests.review.made_nights import audit_unguarded

pytestmark = pytest.mark.usefixtures("database")


def five_lines() -> None:
    append(*(Line("officer", "case.decide", {"case_no": f"2020-520102-00000{n}", "amount": "1.50"}) for n in range(3)))
    append(
        Line("hedui", "night.published", {"night": "2020-10-29"}), Line("auditor", "case.unmasked", {"because": "抽查"})
    )


def by_hand(sql: str) -> None:
    with audit_unguarded(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_chain_left_alone_is_whole() -> None:
    assert verify() is None
    five_lines()
    assert verify() is None
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert verify([newest()]) is None


@pytest.mark.parametrize(
    ("tampering", "line"),
    [
        ("UPDATE review_auditentry SET actor = 'nobody' WHERE number = 3", 3),
        ("""UPDATE review_auditentry SET detail = '{"because": "other"}' WHERE number = 5""", 5),
        ("UPDATE review_auditentry SET division = '52' WHERE number = 1", 1),
        ("DELETE FROM review_auditentry WHERE number = 2", 2),
        ("DELETE FROM review_auditentry WHERE number = 1", 1),
        ("DELETE FROM review_auditentry WHERE number = 5", 5),
        ("DELETE FROM review_auditentry", 1),
    ],
)
def test_one_row_edited_or_deleted_by_hand_is_found_and_named(tampering: str, line: int) -> None:
    five_lines()
    by_hand(tampering)
    broken = verify()
    assert isinstance(broken, Break)
    assert broken.number == line


def test_a_log_cut_short_with_its_head_is_found_by_a_seal_kept_elsewhere() -> None:
    five_lines()
    kept = newest()
    by_hand("DELETE FROM review_auditentry WHERE number > 3")
    AuditHead.objects.update(number=3, seal=AuditEntry.objects.get(number=3).seal)
    assert verify() is None
    found = verify([kept])
    assert found is not None
    assert (found.number, found.what) == (4, "the log ends here, but line 5 was once there")


def test_a_log_written_anew_is_found_by_a_seal_kept_elsewhere() -> None:
    five_lines()
    assert verify([Anchor(3, "0" * 64)]) == Break(
        3, "the line is not the one that was there when its seal was kept elsewhere"
    )


@pytest.mark.parametrize(
    "change", ["UPDATE review_auditentry SET actor = 'nobody'", "DELETE FROM review_auditentry WHERE number = 1"]
)
def test_the_database_itself_refuses_to_change_a_line(change: str) -> None:
    five_lines()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert verify() is None


def test_what_is_rolled_back_leaves_no_line_and_no_gap() -> None:
    five_lines()

    def fails() -> None:
        with transaction.atomic():
            append(Line("officer", "case.decide"))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fails()
    append(Line("officer", "case.visit"))
    assert verify() is None
    assert newest().number == 6


def test_verify_on_the_command_line_names_the_broken_link(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDUI_DATABASE_URL", database)
    five_lines()
    verified: Callable[[], tuple[int, str]] = lambda: (  # noqa: E731
        (result := CliRunner().invoke(app, ["audit", "verify", "--lake", str(tmp_path)])).exit_code,
        result.output,
    )
    code, said = verified()
    assert (code, "audit log whole: 5 lines" in said) == (0, True)
    (tmp_path / "nights").mkdir()
    (tmp_path / "nights" / "2020-10-29.json").write_text('{"review": {"audit": {"number": 9, "seal": "x"}}}')
    code, said = verified()
    assert (code, "broken at line 6" in said) == (1, True)
    by_hand("UPDATE review_auditentry SET actor = 'nobody' WHERE number = 3")
    code, said = verified()
    assert (code, "broken at line 3" in said) == (1, True)
