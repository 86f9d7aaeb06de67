"""What of a cell is the name: clerks add remarks, counts and former names to it, and programs damage it.

陆秀芳(已故), 卢合二等2人, 陆秀英1 and 王&middot;芳 are 陆秀芳, 卢合二, 陆秀英 and 王·芳; 陆秀兰(曾用名陆招弟) was
called 陆招弟 before. Of 锟斤拷 nothing can be read. Few cells are so; the others are not looked at.
"""

from __future__ import annotations

import html

import pyarrow as pa
import pyarrow.compute as pc

_OPEN, _CLOSED = r"[(（\[［【〔〖{｛<《〈]", r"[)）\]］】〕〗}｝>》〉]"
_APART = r"[-—,，、;；:：/ \x{3000}]"
_LAST = r"[、，,;；/\s]*[、，,;；/]\s*$"
_OF_A_PERSON = r"(?:已故|户主|注销|死亡|去世|本人|男|女)"
_DONE = r"已(?:故|注销|死亡|去世|销户|迁出)"
_LABEL = r"^\s*\p{Han}{0,4}(?:姓名|名字|人|户主|车主|者|法人|代表|学生)\s*[:：]\s*"
_QUOTES = "[“”\"'‘’「」『』]"
_LETTERS = r"^[A-Za-z][A-Za-z\s'’,.\-]*$"
_IN_LETTERS_TOO = r"^\s*(\p{Han}[\p{Han}·•・]+)\s*[/／|]\s*[A-Za-z][A-Za-z\s'’,.\-]*$"
_NO_NAME = (
    r"(?i)^\s*(?:无|不详|未知|暂无|没有|不明|空|无名氏?|未填写?|未登记|未提供|NULL|NONE|NAN|N/?A|[-—－/／\\.。]+)\s*$"
)
"""What stands for a name where there is none."""
_FORMERLY = r"(?:曾用名|曾用姓名|曾名|原用名|原姓名|原名|旧名|又名|别名|改名前)"
_ODD = (
    rf"[&0-9０-９①-⒇:：/／|]|{_LAST}|{_OPEN}|{_CLOSED}|{_QUOTES}|等.{{0,4}}[人户名]|{_FORMERLY}|{_APART}{_OF_A_PERSON}|{_DONE}"
    r"|[A-Za-z]['’,.\-]"
)
"""What no name has: cells without any of it are taken as they are."""
_BRACKETED = rf"{_OPEN}[^()（）]*{_CLOSED}"
_UNCLOSED = rf"([^\s]){_OPEN}.*$"
_WHOLLY_BRACKETED = rf"^\s*{_OPEN}(.*){_CLOSED}\s*$"
_OTHERS = r"等\s*[0-9０-９一二两三四五六七八九十几多]{0,3}\s*[人户名](?:口|民)?$"
_REMARK = rf"{_APART}+(?:{_OF_A_PERSON}|{_DONE})$"
_WRITTEN_ON = rf"(\p{{Han}}{{2}}){_DONE}$"
_NUMBER = r"(\p{Han})[0-9０-９①-⒇]+$"
_FORMER = rf"^.*{_FORMERLY}\s*[为是:：]?\s*([\p{{Han}}·•・]{{2,}}).*$"
_AND_FORMER = rf"[\s,，;；、:：/]*{_FORMERLY}.*$"
_UNREADABLE = r"锟斤|斤拷|拷锟|烫烫|屯屯|[\x{80}-\x{9F}]|[À-ÿŒœŠšŽžŸƒˆ˜†‡‰‹›€™].*[\x{A0}-\x{BF}ŒœŠšŽžŸƒˆ˜†‡‰‹›€™½¼¾]"
"""What text is full of that was written in one encoding and read in another (U+FFFD as GBK, UTF-8 as Windows-1252)."""


def columns_swapped(name: str, number: str) -> str:
    """SQL for whether an ID number stands in the cell of the name, and none in that of the number."""
    told, other = (f"regexp_matches(trim({cell}), '^([0-9]{{15}}|[0-9]{{17}}[0-9Xx])$')" for cell in (name, number))
    return f"{told} AND NOT coalesce({other}, FALSE)"


def names_in(cells: pa.Array) -> pa.Array:
    """The name in each cell; null where nothing can be read."""
    nothing = rf"{_NO_NAME}|{_UNREADABLE}"
    cells = pc.if_else(pc.fill_null(pc.match_substring_regex(cells, nothing), False), None, cells)
    odd = pc.fill_null(pc.match_substring_regex(cells, _ODD), False)
    if not pc.any(odd).as_py():
        return cells
    return pc.replace_with_mask(cells, odd, _name(cells.filter(odd)))


def former_names_in(cells: pa.Array) -> pa.Array:
    """The former name that each cell tells beside the name; null where it tells none."""
    telling = pc.fill_null(pc.match_substring_regex(cells, _FORMERLY), False)
    none = pa.nulls(len(cells), pa.string())
    found = pc.replace_substring_regex(cells.filter(telling), _FORMER, r"\1")
    found = pc.if_else(pc.match_substring_regex(found, _FORMERLY), None, found)
    return pc.replace_with_mask(none, telling, found)


def _name(cells: pa.Array) -> pa.Array:
    encoded = pc.match_substring(cells, "&")
    if pc.any(encoded).as_py():
        decoded = pa.array([html.unescape(one) for one in cells.filter(encoded).to_pylist()], pa.string())
        cells = pc.replace_with_mask(cells, encoded, decoded)
    in_letters = pc.match_substring_regex(cells, _LETTERS)
    cells = pc.if_else(in_letters, pc.replace_substring_regex(cells, r"['’,.\-]", ""), cells)
    bare = pc.replace_substring_regex(cells, _WHOLLY_BRACKETED, r"\1")
    for pattern, kept in (
        (_QUOTES, ""),
        (_LABEL, ""),
        (_IN_LETTERS_TOO, r"\1"),
        (_LAST, ""),
        (_BRACKETED, ""),
        (_UNCLOSED, r"\1"),
        (_AND_FORMER, ""),
        (_REMARK, ""),
        (_WRITTEN_ON, r"\1"),
        (_OTHERS, ""),
        (_NUMBER, r"\1"),
    ):
        bare = pc.replace_substring_regex(bare, pattern, kept)
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(bare), ""), cells, bare)
