"""A contract that every list's header fits: by it a sample is read as a delivery is, before anybody agreed to it."""

from functools import cache
from zlib import crc32

from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.header_words import end_of
from schemas.nearest_header import known_headers
from schemas.spellings import fold_header


class AnyHeader(Contract):
    """It has a column under every header that some contract knows, or that says by its last word what it holds."""

    def column_under(self, header: str) -> Column | None:
        """Its own column, or a text column for each such header; None for what may be a title or a row's cell."""
        return super().column_under(header) or _column(fold_header(header))


def any_header(contract: Contract | None = None) -> AnyHeader:
    """The contract that knows every header, and is ``contract`` otherwise."""
    return AnyHeader.model_validate(contract.model_dump()) if contract else _nothing_else()


@cache
def _nothing_else() -> AnyHeader:
    return AnyHeader.model_validate(
        {
            "name": "sample",
            "department": "civil_affairs",
            "title": {"zh": "样本", "en": "Sample"},
            "owner": {"office": "样本"},
            "retention_days": 30,
            "province_rows": 1,
            "delivery": {"kind": "full", "cadence": "monthly", "late_after_days": 40},
            "key": ["any"],
            "columns": [{"name": "any", "header": "列", "en": "Any", "meaning": "text", "required": True}],
            "expectations": {"rows": {"min": 1}, "quarantined": 1.0},
        }
    )


@cache
def _column(folded: str) -> Column | None:
    if folded not in known_headers() and end_of(folded) is None:
        return None
    return Column(name=f"h{crc32(folded.encode())}", header=folded, en="Any", meaning=Meaning.TEXT)
