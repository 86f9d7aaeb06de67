"""What a file is by its first bytes, whatever it is called; and what its sender should do where no rows are read."""

import codecs
from dataclasses import dataclass

UNITS = 4096
"""Pairs of bytes looked at for UTF-16 that does not say so."""
FEW_NULS = 0.05
"""Of UTF-16 with Chinese text, more than so many pairs are ASCII: a NUL and a character, always in one order."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is no text with its separators in ASCII. Advice is for one from which no rows are read."""

    zh: str
    en: str
    advice_zh: str = "打开后另存为 Excel 工作簿(.xlsx)或“CSV UTF-8(逗号分隔)”再交换"
    advice_en: str = "open it and save it as an Excel workbook (.xlsx) or as CSV UTF-8 (comma delimited)"


_UNPACK = (
    "解压后直接交换文件本身,需要压缩时用 zip 或 gzip",
    "send the file itself, or compress it with zip or gzip",
)
_EXPORT = ("由业务系统重新导出为 CSV 或 Excel", "export it as CSV or Excel from their system")

WORKBOOK = Kind("Excel 工作簿(xlsx)", "an Excel workbook (xlsx)")
OLD_WORKBOOK = Kind("Excel 97-2003 工作簿(xls)", "an Excel 97-2003 workbook (xls)")
BINARY_WORKBOOK = Kind("Excel 二进制工作簿(xlsb)", "a binary Excel workbook (xlsb)")
STRICT_WORKBOOK = Kind("“严格 Open XML”工作簿", "a Strict Open XML workbook")
ZIP = Kind("ZIP 压缩包", "a ZIP archive", *_UNPACK)
UTF_16 = Kind("UTF-16 文本(Excel 的“Unicode 文本”)", 'text in UTF-16 (Excel\'s "Unicode Text")')
UTF_32 = Kind("UTF-32 文本", "text in UTF-32")
BLANK = Kind("只有空行或空字符(NUL)的文件", "only blank lines or NUL bytes", *_EXPORT)
DBASE = Kind("dBASE 表(dbf)", "a dBASE table (dbf)")
WEB_PAGE = Kind("网页(HTML)", "a web page (HTML)")
XML_WORKBOOK = Kind("XML 电子表格(Excel 2003)", "an XML spreadsheet (Excel 2003)")
OPEN_DOCUMENT = Kind("OpenDocument 表格(ods)", "an OpenDocument spreadsheet (ods)")
TAR = Kind("tar 归档", "a tar archive", *_UNPACK)
_XML = Kind("XML 文件", "an XML file")
_JSON = Kind("JSON 文件", "a JSON file", *_EXPORT)
_SQL = Kind("SQL 脚本", "an SQL script", *_EXPORT)

_BY_FIRST_BYTES = {
    b"PK\x03\x04": ZIP,
    b"PK\x05\x06": Kind("空的 ZIP 压缩包", "an empty ZIP archive", *_UNPACK),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OLD_WORKBOOK,
    b"\x1f\x8b": Kind("压缩了两次的 gzip 文件", "a gzip file compressed twice", *_UNPACK),
    b"\x28\xb5\x2f\xfd": Kind("zstd 压缩文件", "a file compressed with zstd", *_UNPACK),
    b"BZh": Kind("bzip2 压缩文件", "a file compressed with bzip2", *_UNPACK),
    b"\xfd7zXZ\0": Kind("xz 压缩文件", "a file compressed with xz", *_UNPACK),
    b"7z\xbc\xaf\x27\x1c": Kind("7z 压缩包", "a 7z archive", *_UNPACK),
    b"Rar!\x1a\x07": Kind("RAR 压缩包", "a RAR archive", *_UNPACK),
    b"%PDF-": Kind("PDF 文件", "a PDF file", *_EXPORT),
    b"{\\rtf": Kind("RTF 文档", "an RTF document", *_EXPORT),
    b"PAR1": Kind("Parquet 文件", "a Parquet file", *_EXPORT),
    b"SQLite format 3\0": Kind("SQLite 数据库", "an SQLite database", *_EXPORT),
    b"\0\x01\0\0Standard ": Kind("Access 数据库", "an Access database", *_EXPORT),
    codecs.BOM_UTF32_LE: UTF_32,
    codecs.BOM_UTF32_BE: UTF_32,
    codecs.BOM_UTF16_LE: UTF_16,
    codecs.BOM_UTF16_BE: UTF_16,
}
ARCHIVES = frozenset(kind for kind in (*_BY_FIRST_BYTES.values(), TAR) if kind.advice_en == _UNPACK[1])
"""Kinds that hold files."""
_BY_FIRST_WORDS = {
    **dict.fromkeys(
        (
            b"<!doctype html",
            b"<html",
            b"<head",
            b"<meta",
            b"<body",
            b"<style",
            b"<div",
            b"<center",
            b"<form",
            b"<table",
            b"<thead",
            b"<tbody",
            b"<tr",
            b"<!--",
        ),
        WEB_PAGE,
    ),
    b"<workbook": XML_WORKBOOK,
    b"<ss:workbook": XML_WORKBOOK,
    b"<?xml": _XML,
    b"<!doctype": _XML,
    **dict.fromkeys((b"[{", b'{"', b"[[", b"{'"), _JSON),
    **dict.fromkeys(
        (b"insert into", b"create table", b"drop table", b"-- mysql", b"-- phpmyadmin", b"set names"), _SQL
    ),
    b"id;p": Kind("SYLK 表格(slk)", "a SYLK spreadsheet (slk)"),
    b"table\r\n0,1": Kind("DIF 表格", "a DIF spreadsheet"),
    b"table\n0,1": Kind("DIF 表格", "a DIF spreadsheet"),
    b"mime-version:": Kind("网页归档或邮件(mht、eml)", "a web archive or a mail (mht, eml)"),
    b"from - ": Kind("邮件", "a mail"),
    b"begin:vcard": Kind("名片(vCard)", "a vCard"),
}
_XML_BY_NAMES = {
    b"urn:schemas-microsoft-com:office:spreadsheet": XML_WORKBOOK,
    b"urn:oasis:names:tc:opendocument:xmlns:office": OPEN_DOCUMENT,
    b"http://www.w3.org/1999/xhtml": WEB_PAGE,
    b"<html": WEB_PAGE,
}
"""What an XML file is, by a name that its first bytes hold."""
NAMES_WITHIN = 1 << 14
TAR_MAGIC, TAR_PLACE = b"ustar", 257


def kind_of(start: bytes) -> Kind | None:
    """What a file with these first bytes is; None where it may be text with its separators in ASCII."""
    for first, kind in _BY_FIRST_BYTES.items():
        if start.startswith(first):
            return WORKBOOK if kind is ZIP and _holds_a_workbook(start) else kind
    if not start.strip(b"\0\r\n"):
        return BLANK
    if start[TAR_PLACE : TAR_PLACE + len(TAR_MAGIC)] == TAR_MAGIC:
        return TAR
    word = start[:200].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for first, kind in _BY_FIRST_WORDS.items():
        if word.startswith(first):
            return _xml_of(start) if kind is _XML else kind
    if _is_dbase(start):
        return DBASE
    return UTF_16 if _utf_16(start[: 2 * UNITS]) else None


def _xml_of(start: bytes) -> Kind:
    return next((kind for name, kind in _XML_BY_NAMES.items() if name in start[:NAMES_WITHIN]), _XML)


def _holds_a_workbook(start: bytes) -> bool:
    return b"[Content_Types].xml" in start or b"xl/" in start


def _is_dbase(start: bytes) -> bool:
    """Version, date of the last change or none, then lengths: a header of 32 bytes and 32 a column, with 1 or 264 more.

    And the first column has a type.
    """
    if len(start) < 64 or start[0] not in b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8c\xcb\xf5\xfb":
        return False
    header, typed = int.from_bytes(start[8:10], "little"), start[43] in b"CNDLFMGPBITYVO@+0"
    return typed and start[2] <= 12 and start[3] <= 31 and header > 64 and header % 32 in (0, 1, 8, 9)


def utf_of(start: bytes) -> str | None:
    """Which of the encodings with a NUL in every ASCII character a file with these first bytes is in, if it is."""
    for mark, encoding in _BY_MARK:
        if start.startswith(mark):
            return encoding
    return _utf_16(start[: 2 * UNITS])


_BY_MARK = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""In this order: the mark of UTF-32 begins as that of UTF-16."""


def _utf_16(start: bytes) -> str | None:
    """UTF-16 of either order, where NULs stand at every other byte alone and make text in lines or cells."""
    start = start[: len(start) & ~1]
    first, second = start[::2].count(0), start[1::2].count(0)
    if max(first, second) <= FEW_NULS * len(start) / 2 or min(first, second) * 8 > max(first, second):
        return None
    encoding = "utf-16-be" if first > second else "utf-16-le"
    text = start.decode(encoding, "replace")
    is_text = text.count("\ufffd") <= 1 and any(separator in text for separator in ",\t;|\n")
    return encoding if is_text else None
