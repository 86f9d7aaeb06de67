"""What is asked about a file in the inbox whose name and place do not say which delivery it is."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from schemas.contract import Contract


class Question(NamedTuple):
    """What is not clear, and what to do about it, in Chinese and English."""

    zh: str
    en: str


ON_ITS_WAY = Question(
    "临时文件(仍在上传,或正被办公软件打开):未读入;上传完成、恢复正式名称后,下一夜将读入",
    "a temporary or hidden file (still uploading, or open in an office program): it is not taken in; once it has its "
    "own name, the next night takes it in",
)
NO_TABLE = Question(
    "按扩展名不是数据表(校验文件、文档、图片等):未读入;如果是数据,请按 CSV 或 Excel 交换",
    "by its ending this is no table (a checksum, a document, a picture ...) and is not taken in: if it is data, send "
    "it as CSV or as a workbook",
)
IS_SET_ASIDE = Question(
    "名称或所在文件夹表明是备份、作废、测试、模板或说明:未读入;如需读入,请移出该文件夹或改名",
    "by its name or a folder's it is a backup, a test, a template, a note or out of use: it is not taken in; to have "
    "it taken in, move it out or rename it",
)


def _agreed(contract: Contract) -> str:
    return f"{contract.department}/{contract.name}/YYYY-MM-DD/{contract.name}_YYYYMMDD.csv"


def says_nothing(contract: Contract) -> Question:
    """Neither type nor day in the name of a file that may be no data."""
    return Question(
        f"名称既无类型也无日期:如果是数据,请命名为 {_agreed(contract)}",
        f"its name says neither a type nor a day: if it is data, call it {_agreed(contract)}",
    )


def which_type(names: Sequence[str]) -> Question:
    """The type is not said, or may be one of several."""
    listed_zh, listed = "、".join(names), ", ".join(names)
    return Question(
        f"看不出是哪一类数据:请放入 <部门>/<类型>/YYYY-MM-DD/ 文件夹,或在文件名中写明类型({listed_zh})",
        f"which type is it? Put it into the folder <department>/<type>/YYYY-MM-DD/, or say the type in its name: one "
        f"of {listed}",
    )


def two_types(names: Sequence[str]) -> Question:
    """Name and folders say different types."""
    return Question(
        f"文件名与所在文件夹所指类型不同({'、'.join(names)}):请移入正确的文件夹或改名",
        f"its name and its folders say different types ({', '.join(names)}): move or rename it",
    )


def other_department(contract: Contract, departments: Collection[str]) -> Question:
    """It lies in the folder of another department."""
    given = ", ".join(sorted(departments))
    return Question(
        f"{contract.name} 由 {contract.department} 交换,文件却在 {given} 的文件夹中:请移入 {_agreed(contract)}",
        f"{contract.name} is delivered by {contract.department}, but the file lies in a folder of {given}: move it to "
        f"{_agreed(contract)}",
    )


def which_day(contract: Contract) -> Question:
    """The day is not said."""
    return Question(
        f"没有写明数据日期(年月日):请在文件名中加上,如 {contract.name}_YYYYMMDD.csv",
        f"which day does it speak for? Say year, month and day in its name: {contract.name}_YYYYMMDD.csv",
    )


def two_days(days: Sequence[str], contract: Contract) -> Question:
    """Two days are said."""
    return Question(
        f"写有两个日期({'、'.join(days)}):请只保留数据日期,如 {contract.name}_YYYYMMDD.csv",
        f"two days are said ({', '.join(days)}): keep the one that the data speaks for, {contract.name}_YYYYMMDD.csv",
    )


def no_such_day(contract: Contract) -> Question:
    """What is said is no day."""
    return Question(
        f"日期不存在:文件夹用收到日期 YYYY-MM-DD,文件名用数据日期,如 {contract.name}_YYYYMMDD.csv",
        f"there is no such day: use real dates, a folder YYYY-MM-DD for the day it arrived, and "
        f"{contract.name}_YYYYMMDD.csv for the day it speaks for",
    )


def two_numbers(contract: Contract) -> Question:
    """Several numbers, or parts, are said."""
    name = f"{contract.name}_YYYYMMDD"
    return Question(
        f"日期后有多个数字,含义不明:第 2 次交换写 {name}_2.csv,3 部分中的第 1 部分写 {name}_1of3.csv",
        f"the numbers behind the day may mean several things: a second delivery is {name}_2.csv, part 1 of 3 "
        f"{name}_1of3.csv",
    )


def no_such_part(part: int, parts: int) -> Question:
    """A number beyond that of the parts."""
    return Question(
        f"第 {part} 部分不在约定的 {parts} 部分之内:请改名",
        f"there is no part {part} of {parts}: rename it",
    )


def of_how_many(contract: Contract, part: int) -> Question:
    """A part, without how many there are."""
    return Question(
        f"第 {part} 部分,但没有写明共几部分:请命名为 {contract.name}_YYYYMMDD_{part}of3.csv(共 3 部分时),"
        "或在合同 delivery.parts 中约定",
        f"part {part} of how many? Call it {contract.name}_YYYYMMDD_{part}of3.csv if there are 3, or agree on it in "
        "delivery.parts of the contract",
    )


LINK = Question(
    "是符号链接,不会被打开:请把数据文件本身放在此处",
    "it is a symbolic link, and links are not followed: put the file itself here",
)
NO_FILE = Question(
    "不是普通文件(管道、套接字或设备),未打开:请移走",
    "it is a pipe, a socket or a device, and it was not opened: remove it",
)
UNREADABLE_FOLDER = Question(
    "文件夹无法读取:请检查权限", "the folder cannot be read: give this user the right to read and enter it"
)


def not_yet_come(contract: Contract, written: date) -> Question:
    """It lies in no day's folder, and was written after the day by which a night counts what came."""
    return Question(
        f"不在收到日期的文件夹中,按修改时间于 {written} 收到,晚于本夜:自 {written} 起的夜间将读入;"
        f"如果更早收到,请放入 {contract.department}/{contract.name}/YYYY-MM-DD/",
        f"it is in no folder of the day it arrived, and by its time of change it came on {written}, after this night: "
        f"a night from {written} on takes it in; if it came earlier, put it into "
        f"{contract.department}/{contract.name}/YYYY-MM-DD/",
    )
