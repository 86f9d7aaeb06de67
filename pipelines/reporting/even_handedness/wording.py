"""What the report calls its measures, attributes and groups, in Chinese and English."""

from schemas.catalogue import Catalogue
from schemas.divisions import name_of, padded
from schemas.listed import codes_of, registers_of
from schemas.register import People

Words = tuple[str, str]

MEASURES: dict[str, Words] = {
    "alert": (
        "预警率:在保和渐退人员中被疑点提示的",
        "Alert rate: of people who are paid, those a doubt is raised about",
    ),
    "confirmed": ("属实率:已有结论的疑点中属实的", "Confirmation rate: of doubts decided, those confirmed"),
    "control": (
        "抽查率:无提示的在保家庭(按户主)中被随机抽中的",
        "Control sample: of households without a flag (by their heads), those drawn",
    ),
    "control_found": (
        "抽查发现率:已有结论的抽查中发现问题的",
        "Found in the control sample: of those decided, with findings",
    ),
}
ATTRIBUTES: dict[str, Words] = {
    "all": ("全体", "Everybody"),
    "sex": ("性别", "Sex"),
    "age": ("年龄段", "Age band"),
    "disability": ("残疾", "Disability"),
    "ethnicity": ("民族", "Ethnicity"),
    "area": ("城乡", "Urban or rural"),
    "county": ("县(市、区)", "County"),
}
UNKNOWN: Words = ("不详", "unknown")
DISABILITY: dict[str, Words] = {
    "severe": ("重度(一、二级)", "severe (levels 1 and 2)"),
    "other": ("三、四级", "levels 3 and 4"),
    "none": ("无残疾证", "no certificate"),
}
CODED = ("sex", "ethnicity", "area")
"""Attributes that the rosters have as coded columns."""
DIFFERS: dict[str, Words] = {
    "higher": ("高于其他人,超出偶然", "higher than others, beyond chance"),
    "lower": ("低于其他人,超出偶然", "lower than others, beyond chance"),
}


def group_words(catalogue: Catalogue, attribute: str, group: str) -> Words:
    """What a group is called."""
    if group == "unknown":
        return UNKNOWN
    if attribute == "all":
        return ATTRIBUTES["all"]
    if attribute == "disability":
        return DISABILITY[group]
    if attribute == "county":
        name = name_of(padded(group)) or group
        return name, f"{name} {group}" if name != group else group
    if attribute in CODED:
        codes = (codes_of(roster, attribute) for roster in registers_of(catalogue, People.PROTECTED))
        code = next((found[group] for found in codes if group in found), None)
        return (code.zh, code.en) if code else (group, group)
    return f"{group} 岁", group
