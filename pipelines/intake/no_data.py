"""What somebody writes into a file that has no rows: 本月无数据, 无, 2020年10月无新增."""

import re
from collections.abc import Iterable
from unicodedata import normalize

NO_DATA = re.compile(
    r"\(?(?:[本上当该全](?:年度?|季度?|月份?|日|周|期|次|批次?|单位|部门|地区|[省市州县区镇乡])|\d{4}年(?:\d{1,2}月)?份?)?"
    r"(?:暂|均|确|经查)?(?:无|没有|未发生|未产生)(?:新增|变[化动更]|发生|产生|此类|相关|有关|任何|符合条件的?|需要?上?报送?的?)*"
    r"(?:数据|记录|人员|业务|信息|情况|内容|报送|申报|办理|事项)?\)?[。.]?"
)


def says_there_is_none(cells: Iterable[str]) -> bool:
    """Whether the only cell that holds something says that there is no data."""
    filled = ["".join(normalize("NFKC", cell).split()) for cell in cells if cell.strip()]
    return len(filled) == 1 and NO_DATA.fullmatch(filled[0]) is not None
