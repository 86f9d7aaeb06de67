"""Characters that mean what another, plain one means, and those that cannot be seen and mean nothing."""

from unicodedata import category, normalize

import numpy as np

from engines.column_bytes import TABLE_SIZE, Flags, Points, identity_table

RADICALS = (
    "⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺇𠘨 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 "
    "⺑𡯂 ⺒巳 ⺓幺 ⺔彑 ⺕彐 ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 "
    "⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺪𤴔 ⺫目 ⺬示 ⺭礻 ⺮𥫗 ⺯糹 ⺰纟 ⺱罓 "
    "⺲罒 ⺳㓁 ⺴冗 ⺵𦉫 ⺶羊 ⺷𦍌 ⺸𦍋 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺽𦥑 ⺾艹 ⺿艹 ⻀艹 ⻁虎 "
    "⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻇𧢲 ⻈讠 ⻉贝 ⻊𧾷 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏邑 ⻐钅 ⻑長 "
    "⻒镸 ⻓长 ⻔门 ⻕𨸏 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻞𩙿 ⻟飠 ⻠饣 ⻡𩠐 "
    "⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 "
    "⻲亀 ⻳龟 "
)
"""The radicals of U+2E81 to U+2EF3, each with its ideograph, by the Unicode property Equivalent_Unified_Ideograph: text
copied from PDF files has them. Unicode's compatibility forms leave them as they are."""
IDEOGRAPHS = ((0x2F00, 0x2FD6), (0xF900, 0xFADA), (0x2F800, 0x2FA1E))
"""Kangxi radicals and compatibility ideographs: each is another ideograph for those who read it."""
CANNOT_BE_SEEN = (
    *((0x01, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C)),
    *((0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3)),
    *((0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
"""Control characters and what Unicode calls default ignorable: marks of direction, joiners, selectors of variants, the
byte-order mark. NUL is not among them: it is damage (`pipelines.intake.decode_cells`)."""
OTHER_BLANKS = "\t\n\v\f\r\x85\u2028\u2029\u2800"
SPACE = ord(" ")


def _plain() -> Points:
    table = identity_table()
    for first, end in IDEOGRAPHS:
        for point in range(first, end):
            plain = normalize("NFKC", chr(point))
            table[point] = ord(plain) if len(plain) == 1 else point
    for pair in RADICALS.split():
        table[ord(pair[0])] = ord(pair[1])
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F, dtype=np.uint32)
    blanks = [point for point in range(0x80, 0x3001) if category(chr(point)) == "Zs"]
    table[[*blanks, *map(ord, OTHER_BLANKS)]] = SPACE
    return table


def _invisible() -> Flags:
    table = np.zeros(TABLE_SIZE, np.bool_)
    for first, last in CANNOT_BE_SEEN:
        table[first : last + 1] = True
    return table


PLAIN = _plain()
"""Every code point's plain one: half-width, a space for every blank, an ideograph for its radical."""
INVISIBLE = _invisible()
"""True for what cannot be seen and means nothing in a cell."""
