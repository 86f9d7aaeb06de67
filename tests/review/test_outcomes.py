"""Outcomes that come back as CSV: all of it, or nothing and every refused row named."""

from pathlib import Path

import pytest

from review.case_life.refusals import NotAllowedError
from review.models import AuditEntry, Case, CaseStep, Decision
from review.outcomes import OutcomesError, import_outcomes
from review.publishing import publish_night
from tests.review.clock import TODAY
from tests.review.made_nights import FIRST, SUMMARY, flag, table
from tests.review.people import person

pytestmark = pytest.mark.usefixtures("database", "today")


def cases() -> list[str]:
    publish_night(FIRST, table(flag("H1"), flag("H2"), flag("H3", division="520302001001")), SUMMARY)
    return list(Case.objects.order_by("household_id").values_list("case_no", flat=True))


def written(folder: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    file = folder / "outcomes.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_every_row_holds_and_all_are_written(tmp_path: Path, encoding: str) -> None:
    first, second, _ = cases()
    file = written(
        tmp_path,
        "案件编号,版本,入户日期,入户情况,处理结果,核查人,第二核查人,说明\n"
        f"{first},1,{TODAY},门口停着车,stopped,王一,李二,已核实\n"
        f'{second},1,,,legitimate,,,"报废，\n有证明"\n',
        encoding,
    )
    assert import_outcomes(person("county"), file).refused == ()
    assert list(Case.objects.order_by("household_id").values_list("state", flat=True)) == [
        "decided",
        "decided",
        "opened",
    ]
    assert Decision.objects.get().note == "报废，\n有证明"
    assert AuditEntry.objects.filter(action="outcomes.imported").count() == 1


def test_one_row_that_does_not_hold_refuses_the_file_and_each_such_row_is_named(tmp_path: Path) -> None:
    first, second, elsewhere = cases()
    before = AuditEntry.objects.count()
    file = written(
        tmp_path,
        "case_no,version,outcome,note\n"
        f"{first},1,legitimate,属实\n"
        f"{second},7,legitimate,属实\n"
        f"{second},1,legitimate,属实\n"
        f"{elsewhere},1,legitimate,属实\n"
        "2020-520102-999999,1,legitimate,属实\n",
    )
    taken = import_outcomes(person("county"), file)
    assert [row.line for row in taken.refused] == [3, 4, 5, 6]
    assert taken.refused[2].why == taken.refused[3].why
    assert not Decision.objects.exists()
    assert not CaseStep.objects.exists()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "row", ["1,stopped,属实", "1,fraud,属实", "one,legitimate,属实", "1,legitimate,", "1,,属实", ",legitimate,属实"]
)
def test_a_row_is_held_to_what_a_person_would_be(tmp_path: Path, row: str) -> None:
    first, *_ = cases()
    taken = import_outcomes(person("county"), written(tmp_path, f"case_no,version,outcome,note\n{first},{row}\n"))
    assert [refused.line for refused in taken.refused] == [2]


@pytest.mark.parametrize(
    "text", ["", "case_no,outcome\n", "case_no,version,outcome,amount\n", "case_no,version,outcome\na,1\n"]
)
def test_what_is_no_such_table_is_refused_whole(tmp_path: Path, text: str) -> None:
    with pytest.raises(OutcomesError):
        import_outcomes(person("county"), written(tmp_path, text))


@pytest.mark.parametrize("role", ["township", "city", "province", "auditor", "engineer", "administrator"])
def test_only_who_decides_takes_outcomes_in(tmp_path: Path, role: str) -> None:
    with pytest.raises(NotAllowedError):
        import_outcomes(person(role), written(tmp_path, "case_no,version,outcome\n"))
