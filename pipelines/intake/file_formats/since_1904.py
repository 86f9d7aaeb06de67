"""Workbooks that count days from 1904, as those of old Macs do: a day written as a bare number is another day there."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipelines.intake.file_formats.joined_sheets import header_in
from pipelines.intake.file_formats.sheets import Sheet, number_text
from schemas.column import Meaning
from schemas.contract import Contract

LATER = 1462
"""Days from the one beginning to the other."""
A_DAY = re.compile(r"[1-6]\d{4}(?:\.\d+)?")
"""What is read as a count of days in a column of dates or months."""


def counted_from_1900(sheet: Sheet, contract: Contract) -> Sheet:
    """The sheet with the bare numbers in its columns of dates and months counted as in all other workbooks."""
    header = header_in(sheet, contract)
    columns = contract.columns_under(header.cells) if header else ()
    places = [place for place, one in enumerate(columns) if one and one.meaning in (Meaning.DATE, Meaning.MONTH)]

    def rows() -> Iterator[list[str]]:
        for row in sheet.rows():
            for place in places:
                if place < len(row) and A_DAY.fullmatch(row[place]):
                    row[place] = number_text(float(row[place]) + LATER)
            yield row

    return replace(sheet, rows=rows)
