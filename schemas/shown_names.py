"""Names of files, folders, sheets and parts as they may be shown: whoever named them may have named somebody.

Days, and words for what is delivered, by whom and where, are shown; of what may be a person's name, the surname alone.
"""

import re
from functools import cache

from schemas.catalogue import load_catalogue
from schemas.divisions import load_divisions
from schemas.header_words import header_words
from schemas.masks import COMPOUND_SURNAMES, HIDDEN, NAME_DOTS, mask_long_numbers

# The commonest surnames of the mainland, and those of Guizhou besides.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪"
    "陆金石戴贾韦夏邱方侯邹熊孟秦白江阎闫薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章"
    "鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶"
    "解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑"
    "郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴"
    "盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕"
    "危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由牙税"
)
WORDS = (
    "数据 明细 清单 名单 名册 花名册 信息 台账 报表 表格 汇总 统计 全量 增量 全省 全市 全县 "
    "月报 日报 周报 年报 季报 交换 共享 报送 上报 导出 抽取 下载 副本 复件 拷贝 最终版 最终 "
    "终稿 定稿 初稿 修改 修订 修正 更正 订正 重报 重传 新建 工作簿 工作表 文件 文档 说明 "
    "填表说明 字典 代码表 附件 备份 归档 历史 测试 模板 样表 照片 身份证 户口簿 证明 扫描件 "
    "压缩包 部分 批次 发放 申报 登记 补贴 补助 低保 特困 残疾 死亡 注销 婚姻 车辆 机动车 "
    "不动产 社保 医保 养老 失业 公积金 个税 税务 财政 民政 公安 教育 人社 住建 市场监管 扶贫 "
    "残联 高龄 安置 方案 金额 成员 家庭 人员 情况 单位 支付 付款 计划 花名 明细表 经办 通知 "
    "应发 实发 车管所 管理 国家 任务 包含 宣传 年度 季度 月份 农村 城市 城镇 乡镇 街道 社区 "
    "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月"
)
"""Words that files are called by."""
_HAN = "\u3400-\u9fff\u3007\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}](?:[{_HAN}]|[{re.escape(NAME_DOTS.replace('.', ''))}](?=[{_HAN}]))*")
_PLACE = re.compile(r"..{1,2}[县区市州镇乡村寨街所局厅站]")
LONGEST_WORD = 24


def shown_name(name: str) -> str:
    """The name, in which nobody can be told by a number or by a name in Chinese characters."""
    return _RUN.sub(lambda found: _shown(found[0]), mask_long_numbers(name))


def may_name_somebody(name: str) -> bool:
    """Whether something of it is not shown."""
    return shown_name(name) != name


def _shown(run: str) -> str:
    if any(dot in run for dot in NAME_DOTS):
        return run[0] + "".join(sign if sign in NAME_DOTS else HIDDEN for sign in run[1:])
    shown: list[str] = []
    outside = ""
    place = 0
    while place < len(run):
        length = next((size for size in range(LONGEST_WORD, 1, -1) if run[place : place + size] in _known()), 0)
        if not length:
            outside += run[place]
            place += 1
            continue
        shown += [_without_names(outside), run[place : place + length]]
        outside, place = "", place + length
    return "".join([*shown, _without_names(outside)])


def _without_names(text: str) -> str:
    """A text without what stands behind the first sign that may be a surname, unless all of it is a place."""
    if text in _places() or _PLACE.fullmatch(text):
        return text
    for place in range(len(text) - 1):
        if text[place] in SURNAMES:
            kept = place + (2 if text[place : place + 2] in COMPOUND_SURNAMES and place + 2 < len(text) else 1)
            return text[:kept] + HIDDEN * (len(text) - kept)
    return text


@cache
def _known() -> frozenset[str]:
    catalogue = load_catalogue()
    titles = [contract.title.zh for contract in catalogue]
    titles += [one.title.zh for one in catalogue.departments.values()]
    titles += [code.zh for contract in catalogue for column in contract.columns for code in column.codes.values()]
    headers = [
        text for contract in catalogue for column in contract.columns for text in (column.header, *column.aliases)
    ]
    places = [one.name for one in load_divisions().values()]
    words = [word.zh for word in header_words().values()]
    return frozenset(one for one in (*WORDS.split(), *titles, *headers, *places, *words) if len(one) > 1)


@cache
def _places() -> frozenset[str]:
    """Divisions as people call them, without what they are: within a longer text they may be part of a name."""
    names = (re.sub("(?:街道|办事处|自治[州县]|[省市州县区镇乡])$", "", one.name) for one in load_divisions().values())
    return frozenset(name for name in names if len(name) > 1)
