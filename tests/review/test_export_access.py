"""Exports by role: whose rows, masked or not; and XLSX that holds text as text."""

import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from review.accounts.models import READERS, UNMASKERS, Role
from review.case_life.refusals import NotAllowedError
from review.export import ExportError, export_flags
from review.models import AuditEntry
from review.publishing import publish_night
from review.walls.scope import as_account
from tests.review.made_nights import FIRST, SUMMARY, flag, table
from tests.review.people import person, stranger

pytestmark = pytest.mark.usefixtures("database")
NUMBER = "529901199001011234"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def published(**other: Any) -> None:
    publish_night(FIRST, table(flag("H1", **other)), SUMMARY)


def cells(content: bytes) -> list[tuple[str, str]]:
    """Type and text of every cell of an XLSX's only sheet."""
    with ZipFile(io.BytesIO(content)) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    assert root.find(f".//{SHEET}f") is None, "a formula"
    return [(cell.get("t", "n"), "".join(cell.itertext())) for cell in root.iter(f"{SHEET}c")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_exports_its_division_masked_and_unmasked_with_a_reason_if_it_may(role: Role, kind: str) -> None:
    published()
    for account, rows in ((person(role), 1), (stranger(role), 0)):
        file = io.BytesIO()
        with as_account(account):
            if role not in READERS:
                with pytest.raises(NotAllowedError):
                    export_flags(file, account=account, kind=kind)
                continue
            assert export_flags(file, account=account, kind=kind).rows == rows
            assert NUMBER not in readable(file, kind)
            whole = io.BytesIO()
            if role in UNMASKERS:
                export_flags(whole, account=account, kind=kind, unmasked_because="入户核查")
                assert (NUMBER in readable(whole, kind)) == bool(rows)
            else:
                with pytest.raises(NotAllowedError):
                    export_flags(whole, account=account, kind=kind, unmasked_because="入户核查")
                assert whole.getvalue() == b""
    manifests = AuditEntry.objects.filter(action="flags.exported")
    assert manifests.count() == (4 if role in UNMASKERS else 2 if role in READERS else 0)
    assert {entry.detail.get("because") for entry in manifests.filter(detail__masked=False)} <= {"入户核查"}


def readable(file: io.BytesIO, kind: str) -> str:
    return file.getvalue().decode() if kind == "csv" else str(cells(file.getvalue()))


def test_unmasked_without_a_reason_is_refused() -> None:
    published()
    with pytest.raises(ExportError):
        export_flags(io.BytesIO(), account=person("county"), unmasked_because="  ")


@pytest.mark.parametrize("hostile", ["=1+1", "@SUM(A1)", "+86", "http://example.org", "529901199001011234"])
def test_a_workbook_keeps_every_word_as_text(hostile: str, tmp_path: Path) -> None:
    published(member_name=hostile, period="05")
    out = tmp_path / "flags.xlsx"
    with as_account(county := person("county")):
        export_flags(out, account=county, kind="xlsx", unmasked_because="核查")
    found = cells(out.read_bytes())
    assert ("inlineStr", hostile) in found
    assert ("inlineStr", NUMBER) in found
    assert ("inlineStr", "05") in found
    assert ("n", "1234.5") in found


def test_an_empty_workbook_still_has_its_titles() -> None:
    file = io.BytesIO()
    assert export_flags(file, actor="officer", kind="xlsx").rows == 0
    assert ("inlineStr", "案件编号") in cells(file.getvalue())
