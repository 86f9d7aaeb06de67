"""What stands among the rows of a table and is nobody's record: totals, the header once more, notes, empty rows.

Looked at is what is set apart anyway, since each of these lacks what a row must have; and a row in whose key stands
what may pass for one: a header's word, a total, a note's label. So nobody who is called 合计 loses a row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from unicodedata import normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import text_bytes
from pipelines.intake.cell_text import plain_text
from pipelines.intake.header import Header
from pipelines.intake.land import UnreadableDeliveryError
from pipelines.intake.no_data import says_there_is_none
from pipelines.intake.quarantine import BLANK_ROW, HEADER_REPEATED, NOTE_ROW, TOTAL_ROW
from pipelines.intake.quotation import Numbers, cells_of
from pipelines.intake.stated_unit import unit_stated
from schemas.column import HEADER_UNITS, Column, Meaning
from schemas.contract import Contract
from schemas.spellings import SAYS_NOTHING, fold_header, simplified

TOTAL = re.compile(
    r"(?:\D{0,12}|\d{4}年(?:\d{1,2}月)?份?)(?:合计|总计|小计|共计|累计|总数|总和|合共)(?:数|[金总]额|[人户]数)?"
    r"[:=]?(?:\([^()]*\))?(?:[\d,.]+\D{0,4})?|(?:grand|sub)?total:?",
    re.IGNORECASE,
)
"""A whole cell, half-width and without blanks."""
NUMBER = re.compile(r"[-+¥￥]?[\d,.]+%?(?:亿|万)?[^\d\W]{0,3}|[-/—]+|\ufffd=.*")
"""What may stand behind a total, also a formula that nobody calculated."""
LABELLED = re.compile(
    r"(?:\D{0,6}(?:单位|部门|机关|科室|人员?|员|时间|日期|电话|负责人|来源|盖章|签字|签名|签章|页码|备注|说明|附注|注释?|注意|"
    r"制表|填表|填报|经办|复核|审核|审批|核对|校对|主管|领导|会计|出纳)(?:\([^()]*\)|\d*)[:、.]).*"
)
"""What somebody put below a table: 填报单位:, 制表人:, 打印时间:, 备注:, 注1."""
COUNTED = re.compile(r".{0,4}共(?:有|计)?[\d,]+(?:条|行|人|户|笔|辆|套|件|页|家|个|本|名|宗|份).*|第\d+页.*|页次.*")
CLOSING = re.compile(
    r"\(?\d+rows?(?:affected|selected|inset)?.*|\(?以[上下](?:空白|无正文|为空).*|\(?[本此](?:表完|页无正文).*|[-=_*#~]{2,}.*|"
    r"(?:以上|上述|[本此]表|表中|表内)?(?:所有|全部)?(?:数据|信息|名单|内容|统计|金额)?(?:均|仅|系)?(?:截[止至]|由|来源于|来自|不含|包含)\D*"
    r"(?:\d{4}年.*|提供.*|导出.*|填报.*|汇总.*|系统.*)"
)
RULED = re.compile(r"[-=_+|*~]{2,}|:?-+:?")
"""A cell of a line that is drawn between rows, as in tables for the screen."""
TITLE = re.compile(
    r"[^\d,]*\w{4,}(?:表|册|名单|清单|明细|台账|汇总|统计|情况|一览|数据|报告|信息|记录)(?:\(.*\)|[一二三四五六七八九十\d]+)?"
)
LONGEST_TITLE = 200
"""Characters of a cell that may be a title, or head a column: longer ones are not searched, nor searched for."""
SECTION = re.compile(r"\(?[一二三四五六七八九十]+[)、.]+.*")
HEADINGS = (TITLE, SECTION)
ROW_NUMBER = re.compile(r"\d{1,7}")
SUSPECT = (
    r"[合总總小共累]\s*[计計数數和]|[\p{Han})]\d{0,2}[:、.]|^[-=_+|*#~(:]|^第\d|"
    r"^.{0,10}(?:无|没有|未发生|未产生|截止|截至|提供)"
)
"""For RE2: what is in the first cell of every total, note and drawn line."""
BEYOND_ASCII = 0x80
NOTHING = r"\s\x00\x{3000}\x{a0}\x{feff}\"'"
"""For RE2: what a cell may hold that is empty."""
LEAST_NAMED = 2


def is_total(cells: Sequence[str]) -> bool:
    """Whether the cells of a record are a total: its word first, or behind the number of the row, then numbers."""
    said = [_said(cell) for cell in cells]
    first, *others = [cell for cell in said if cell not in SAYS_NOTHING] or [""]
    if others and ROW_NUMBER.fullmatch(first) and TOTAL.fullmatch(others[0]):
        first, *others = others
    return bool(TOTAL.fullmatch(first)) and all(NUMBER.fullmatch(cell) or _is_note(cell) for cell in others)


def _said(cell: str) -> str:
    return simplified("".join(normalize("NFKC", cell).split()).strip("\0'\""))


@dataclass(frozen=True)
class OfNobody:
    """Tells what is nobody's record in one delivery."""

    contract: Contract
    header: Header

    def suspects(self, cells: pa.Array) -> pa.Array:
        """Which cells, cleaned, of the first key column may belong to no record, though they fill the key.

        Words that head columns, totals, the labels of notes, and what is drawn. Most keys are letters and digits of
        ASCII, and are told by their bytes.
        """
        content, _ = text_bytes(cells)
        if not len(content):
            return pa.array(np.zeros(len(cells), np.bool_))
        found = pc.match_substring(cells, "otal", ignore_case=True)
        if content.max() >= BEYOND_ASCII or not _LETTERS_AND_DIGITS[content].all():
            found = pc.or_(found, pc.match_substring_regex(cells, SUSPECT))
            found = pc.or_(found, pc.is_in(cells, value_set=self._heading_words))
        return found

    def of_records(self, records: pa.Array, line_numbers: Numbers) -> dict[int, str]:
        """What records that are set apart are, by their places; those that may be somebody's are left out.

        Raises UnreadableDeliveryError where the header comes again with other columns, or a note states another unit.
        """
        filled = pc.count_substring_regex(records, pattern=self._filled)
        blank = pc.match_substring_regex(records, self._blank)
        found = dict.fromkeys(np.flatnonzero(blank).tolist(), BLANK_ROW)
        suspects = pc.or_(pc.less_equal(filled, self._few), pc.match_substring_regex(records, self._told))
        places = pa.array(np.flatnonzero(pc.and_not(suspects, blank)))
        for place, record in zip(places.to_pylist(), records.take(places).to_pylist(), strict=True):
            kind = self.kind_of(self._cells(record))
            if kind:
                found[place] = kind
        headers = [place for place, kind in found.items() if kind == HEADER_REPEATED]
        for place in headers:
            # One cell right above a header is its title, whatever it says.
            before = place - 1
            if before >= 0 and line_numbers[before] == line_numbers[place] - 1 and filled[before].as_py() == 1:
                found.setdefault(before, NOTE_ROW)
        return found

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether cells are the header once more. Raises UnreadableDeliveryError where it names other columns."""
        filled = [(place, cell) for place, cell in enumerate(cells) if cell.strip()]
        named = [(place, cell, self._columns.get(fold_header(cell))) for place, cell in filled]
        known = [(place, cell, column) for place, cell, column in named if column]
        if len(known) < min(LEAST_NAMED, len(self.header.positions)) or len(known) * 2 < len(filled):
            return False
        if any(not self._stands(*one) for one in known):
            raise UnreadableDeliveryError(
                "one_table",
                "a second header",
                "文件中有两张表,第二个表头的列与第一个不同:请部门将两张表分成两个文件,或使其各列一致",
                "the file holds two tables, and the second header has other columns than the first: ask the department "
                "for a file of each, or for the same columns in both",
            )
        return True

    def _stands(self, place: int, cell: str, column: Column) -> bool:
        """Whether a column that a second header names is where the first one has it, in the same unit."""
        if self.header.positions.get(column.name) != place:
            return False
        says_unit = column.meaning is Meaning.AMOUNT and column.unit_said(cell)
        return not says_unit or column.unit_under(cell) == column.unit_under(self.header.cells[place])

    def kind_of(self, cells: Sequence[str]) -> str | None:
        """What the cells of a record are, if they are nobody's. Raises as ``of_records`` does."""
        if self.is_header(cells):
            return HEADER_REPEATED
        said = [_said(cell) for cell in cells]
        first, *others = [cell for cell in said if cell not in SAYS_NOTHING] or [""]
        if first and all(RULED.fullmatch(cell) for cell in said if cell):
            return NOTE_ROW
        if is_total(cells):
            return TOTAL_ROW
        alone = (
            not others
            and len(first) <= LONGEST_TITLE
            and (says_there_is_none([first]) or any(one.fullmatch(first) for one in HEADINGS))
        )
        if alone or (_is_note(first) and len(others) < self._few):
            self._refuse_other_unit(cells)
            return NOTE_ROW
        return None

    def _refuse_other_unit(self, cells: Sequence[str]) -> None:
        """A unit of money that a note among the rows states must be the one they are read in."""
        places = [self.header.positions.get(column.name) for column in self._amounts]
        under = {
            column.unit_under(self.header.cells[place])
            for column, place in zip(self._amounts, places, strict=True)
            if place is not None
        }
        unit = unit_stated(cells) if under else None
        if unit and under != {HEADER_UNITS[f"({unit})"]}:
            raise UnreadableDeliveryError(
                "unit_of_money",
                unit,
                f"表中的说明写明单位为“{unit}”,与读取所用的单位不同:请部门在各金额列的表头中写明(元)或(万元)",
                f"a note among the rows says that the unit is {unit}, which is not the one they are read in: ask the "
                "department for (元) or (万元) in the header of each amount",
            )

    def _cells(self, record: str) -> list[str]:
        separator = self.header.layout.separator
        octets = record.encode().replace(separator.text.encode(), separator.octet)
        return [cell.decode() for cell in cells_of(octets, separator.octet)]

    @cached_property
    def _amounts(self) -> list[Column]:
        return [column for column in self.contract.columns if column.meaning is Meaning.AMOUNT]

    @cached_property
    def _columns(self) -> dict[str, Column]:
        words = {fold_header(word): one for one in self.contract.columns for word in (one.header, *one.aliases)}
        own = {
            fold_header(self.header.cells[place]): self.contract.column(name)
            for name, place in self.header.positions.items()
        }
        return own | words

    @cached_property
    def _heading_words(self) -> pa.Array:
        words = [word for column in self.contract.columns for word in (column.header, *column.aliases)]
        theirs = [self.header.cells[place] for place in self.header.positions.values()]
        return plain_text(pa.array([*words, *theirs], pa.string())).unique()

    @property
    def _few(self) -> int:
        """How many filled cells a record has at most that is no row and no header."""
        return max(LEAST_NAMED, len(self.header.cells) * 2 // 3)

    @cached_property
    def _filled(self) -> str:
        """What every filled cell holds once: for RE2."""
        separator = _escaped(self.header.layout.separator.text)
        return rf"[^{separator}{NOTHING}][^{separator}]*"

    @cached_property
    def _blank(self) -> str:
        """All that a record holds whose cells say nothing: for RE2."""
        words = "|".join("".join(map(_escaped, word)) for word in SAYS_NOTHING if word)
        return rf"^(?:[{_escaped(self.header.layout.separator.text)}{NOTHING}]|{words})*$"

    @cached_property
    def _told(self) -> str:
        """A total first, or a word that heads a column as a cell: for RE2."""
        separator = _escaped(self.header.layout.separator.text)
        words = "|".join(
            "".join(map(_escaped, word)) for word in self._heading_words.to_pylist() if 0 < len(word) <= LONGEST_TITLE
        )
        total = rf"^[{separator}{NOTHING}]*\D{{0,12}}[合总小共累]\s*计"
        return rf"{total}|(?:^|[{separator}])[{NOTHING}]*(?:{words})[{NOTHING}]*(?:[{separator}]|$)"


def _letters_and_digits() -> npt.NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[[*b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = True
    return table


_LETTERS_AND_DIGITS = _letters_and_digits()


def _is_note(cell: str) -> bool:
    return any(pattern.fullmatch(cell) for pattern in (LABELLED, COUNTED, CLOSING))


def _escaped(text: str) -> str:
    return "".join(f"\\x{{{ord(sign):x}}}" for sign in text)
