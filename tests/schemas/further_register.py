"""A catalogue with one register more than the project's own: temporary aid, by columns that no other register has."""

import shutil
from pathlib import Path

from schemas.catalogue import HERE, Catalogue, load_catalogue

TEMPORARY_AID = """
name: temporary_aid
department: civil_affairs
title: {zh: 临时救助对象名册, en: Temporary aid roster}
owner: {office: 民政厅}
retention_days: 400
province_rows: 1000
delivery: {kind: full, cadence: daily, late_after_days: 2}
key: [file_no, person_key]
identity:
  - {role: aided, id_number: card, name: called, birth_date: born, division: village}
register: {scheme: temporary_aid, household: file_no, member: person_key, status: standing}
columns:
  - {name: file_no, header: 救助编号, en: File, meaning: serial, required: true}
  - {name: person_key, header: 人员号, en: Person, meaning: serial, required: true}
  - {name: card, header: 身份证号, en: ID number, meaning: id_number}
  - {name: called, header: 姓名, en: Name, meaning: person_name, required: true}
  - {name: born, header: 出生日期, en: Birth date, meaning: date}
  - {name: village, header: 所在村, en: Village, meaning: division, required: true}
  - {name: hardship, header: 困难原因, en: Hardship, meaning: text}
  - {name: standing, header: 救助状态, en: Standing, meaning: code, required: true,
     codes: {active: {zh: 救助中, en: Aided}, ended: {zh: 已结束, en: Ended}}}
expectations: {rows: {min: 1}, quarantined: 0.1}
"""


def catalogue_with_temporary_aid(folder: Path) -> Catalogue:
    """The project's catalogue and one file more, in ``folder``."""
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "reference"))
    (folder / "civil_affairs" / "temporary_aid.yaml").write_text(TEMPORARY_AID, encoding="utf-8")
    return load_catalogue(folder)
