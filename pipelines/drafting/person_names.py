"""What may be a person's name: where in doubt, it is one, so that nobody's name stands in a draft."""

from schemas.header_words import header_words, pieces_of
from schemas.masks import COMPOUND_SURNAMES, NAME_DOTS

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
LONGEST_NAME = 4


def may_be_a_name(text: str) -> bool:
    """Whether it is two to four characters that begin with a surname, or joined by a dot, and no words of headers."""
    if any(dot in text[1:-1] for dot in NAME_DOTS):
        return all(_is_han(sign) or sign in NAME_DOTS for sign in text)
    if not (2 <= len(text) <= LONGEST_NAME and all(map(_is_han, text))) or text in header_words():
        return False
    surname = text[0] in SURNAMES or text[:2] in COMPOUND_SURNAMES
    return surname and not all(piece.word for piece in pieces_of(text))


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or sign == "〇" or sign >= "\U00020000"
