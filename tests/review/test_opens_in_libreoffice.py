"""Exports as an office opens them: what LibreOffice holds after reading CSV and XLSX is what was written."""

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from review.accounts.models import Role
from review.export import export_flags
from review.publishing import publish_night
from review.walls.scope import as_account
from tests.review.made_nights import FIRST, SUMMARY, flag, table
from tests.review.people import person

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: soffice is not on the path"),
]
NUMBER = "529901199001011234"
HOUSEHOLD = "520102000000000017"
NAME = "阿依古丽·买买提"
HOSTILE = {
    "H-1": "=1+1",
    "H-2": "@SUM(A1:A9)",
    "H-3": "+86 851",
    "H-4": '=HYPERLINK("http://example.org","x")',
    "H-5": "＝1+1",
    "H-6": "-2+3",
}
SPREADSHEET = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
# Comma, quotation mark, UTF-8, from line 1: what the import dialogue proposes for a file with a byte order mark.
AS_PROPOSED = "--infilter=CSV:44,34,76,1,,0,false,true,false"


@pytest.fixture(scope="module")
def opened(sqlite_address: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[ElementTree.Element]]:
    """The cells of an unmasked export as LibreOffice holds them, by kind of file."""
    from review.configure import configure
    from tests.review.made_nights import empty_tables

    configure(sqlite_address)
    empty_tables()
    hostile = [flag(household, member_name=words, reason_zh=words) for household, words in HOSTILE.items()]
    publish_night(FIRST, table(flag(HOUSEHOLD, member_name=NAME, period="05"), *hostile), SUMMARY)
    folder = tmp_path_factory.mktemp("office")
    county = person(Role.COUNTY)
    for kind in ("csv", "xlsx"):
        with as_account(county):
            export_flags(folder / f"{kind}.{kind}", account=county, kind=kind, unmasked_because="核查")
    for kind, options in (("csv", [AS_PROPOSED]), ("xlsx", [])):
        _convert(folder / f"{kind}.{kind}", options)
    return {kind: _cells(folder / f"{kind}.fods") for kind in ("csv", "xlsx")}


def _convert(file: Path, options: list[str]) -> None:
    """With a profile of its own, so that nobody's LibreOffice is disturbed or asked."""
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", *options, "--convert-to", "fods", "--outdir", str(file.parent)]
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, timeout=180, check=False)
    assert (file.parent / f"{file.stem}.fods").exists(), done.stderr


def _cells(file: Path) -> list[ElementTree.Element]:
    return list(ElementTree.parse(file).getroot().iter(f"{SPREADSHEET}table-cell"))  # noqa: S314 - our own file


def texts(cells: list[ElementTree.Element]) -> list[tuple[str, str]]:
    """Type and text of each cell; the mark that keeps digits text is trimmed, as the eye does."""
    return [(cell.get(f"{OFFICE_NAMES}value-type", ""), "".join(cell.itertext()).strip()) for cell in cells]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("long", [NUMBER, HOUSEHOLD, "05"])
def test_long_numbers_and_leading_zeros_keep_their_digits(
    opened: dict[str, list[ElementTree.Element]], kind: str, long: str
) -> None:
    assert ("string", long) in texts(opened[kind])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_chinese_is_intact(opened: dict[str, list[ElementTree.Element]], kind: str) -> None:
    found = [text for _type, text in texts(opened[kind])]
    assert {NAME, "案件编号"} <= set(found)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_runs(opened: dict[str, list[ElementTree.Element]], kind: str) -> None:
    assert [cell for cell in opened[kind] if cell.get(f"{SPREADSHEET}formula")] == []
    found = {re.sub(r"^'", "", text) for _type, text in texts(opened[kind])}
    assert set(HOSTILE.values()) <= found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_amounts_are_numbers(opened: dict[str, list[ElementTree.Element]], kind: str) -> None:
    values = {cell.get(f"{OFFICE_NAMES}value") for cell in opened[kind]}
    assert "1234.5" in values
