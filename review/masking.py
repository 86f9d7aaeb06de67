"""Personal data as people may see it by default: one function a kind, used where data leaves the database."""

import re

HIDDEN = "*"
# The compound surnames still in use; a surname tells little, so all of it stays.
COMPOUND_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "司徒",
        "皇甫",
        "尉迟",
        "令狐",
        "慕容",
        "夏侯",
        "东方",
        "公孙",
        "端木",
        "轩辕",
        "长孙",
        "宇文",
        "独孤",
        "南宫",
        "申屠",
        "钟离",
        "闻人",
        "澹台",
    )
)
NAME_DOTS = "·•・．."
# Not inside a longer run of letters and digits, such as a row's hash.
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")


def mask_id_number(number: str) -> str:
    """Keep issuing division, sequence and check: 529901********1234. What is not 15 or 18 long is hidden whole."""
    if len(number) == 18:
        return number[:6] + HIDDEN * 8 + number[14:]
    if len(number) == 15:
        return number[:6] + HIDDEN * 6 + number[12:]
    return HIDDEN * len(number)


def mask_name(name: str) -> str:
    """Keep the surname (张三 to 张*, 欧阳娜娜 to 欧阳**), or of a name joined by dots the first sign (阿*·***)."""
    kept = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    if len(name) <= 1:
        return HIDDEN * len(name)
    return name[:kept] + "".join(sign if sign in NAME_DOTS else HIDDEN for sign in name[kept:])


def mask_text(text: str, *names: str) -> str:
    """A sentence with every ID number in it, and every one of ``names``, masked."""
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, mask_name(name))
    return ID_NUMBER.sub(lambda found: mask_id_number(found.group()), text)
