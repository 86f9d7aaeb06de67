"""A spreadsheet of a kind no contract knows: permits to take water, with their holders."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

from matchers.identity.id_numbers import check_characters
from synth.facts import read_facts

HEADER = (
    *("取水许可证号", "取水权人姓名", "取水权人身份证号", "联系电话", "所在村代码", "取水地点", "水源类型", "是否计量"),
    *("许可状态", "发证日期", "年取水费(万元)", "经办人员", "备注"),
)
PERSONAL = (1, 2, 3, 5, 11)
"""Columns whose cells are somebody's data."""
VILLAGES = ("520102001001", "520103001001", "522601001001")


@dataclass(frozen=True)
class Permits:
    """The rows, and the file they make."""

    rows: Sequence[Sequence[str]]

    def file(self, header: Sequence[str] = HEADER, encoding: str = "gb18030") -> bytes:
        """The spreadsheet as a department exports it."""
        text = io.StringIO()
        csv.writer(text).writerows([*([header] if header else []), *self.rows])
        return text.getvalue().encode(encoding)

    @property
    def personal(self) -> set[str]:
        """Every cell that is somebody's data."""
        return {row[place] for row in self.rows for place in PERSONAL}


def permits(count: int = 120, seed: int = 1) -> Permits:
    """Invented permits."""
    drawn = random.Random(seed)  # noqa: S311
    surnames = read_facts("surnames")["surname"].to_list()[:60]
    rows = []
    for number in range(count):
        name = drawn.choice(surnames) + "".join(
            drawn.choices("芳伟英秀兰强军敏静丽艳勇杰涛明华", k=drawn.randint(1, 2))
        )
        rows.append(
            (
                f"黔水{2018 + number % 3}第{number:05}号",
                name,
                id_number(drawn),
                f"13{drawn.randint(10**8, 10**9 - 1)}",
                drawn.choice(VILLAGES),
                f"贵州省某县某镇{drawn.choice('甲乙丙丁')}村{drawn.randint(1, 9)}组{drawn.randint(1, 99)}号",
                drawn.choice(("地下水", "地表水", "泉水")),
                drawn.choice(("是", "否")),
                drawn.choice(("有效", "注销")),
                f"20{drawn.randint(15, 19)}-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}",
                f"{drawn.random() * 100:.2f}",
                drawn.choice(("王芳", "李建国")),
                drawn.choice(("", "", f"见{name}档案")),
            )
        )
    return Permits(rows)


def id_number(drawn: random.Random) -> str:
    """A sound number of an issuing code that no county has."""
    import numpy as np

    born = f"{drawn.randint(1950, 2000)}{drawn.randint(1, 12):02}{drawn.randint(1, 28):02}"
    body = f"5299{drawn.randint(1, 88):02}{born}{drawn.randint(1, 999):03}"
    digits = np.array([[int(digit) for digit in body]])
    return body + bytes(check_characters(digits)).decode()
