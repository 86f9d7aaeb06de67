"""A contract from a spreadsheet in one command: it loads at once, holds the rows, and nobody's data stands in it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from typer.testing import CliRunner, Result

from pipelines.command_line import app
from pipelines.commands import infer_contract
from pipelines.commands.infer_contract import InferenceError
from pipelines.drafting.sample import NoHeaderError
from schemas.catalogue import HERE, contract_in, load_catalogue
from schemas.column import Meaning
from schemas.contract import Contract
from tests.pipelines.drafting.permits import HEADER, Permits, permits

pytestmark = pytest.mark.slow

PERMITS = permits()
VEHICLES = load_catalogue()["motor_vehicle"]
Infer = Callable[..., Result]


@pytest.fixture
def infer(tmp_path: Path) -> Infer:
    """`hedui infer` on a file of this content."""

    def run(content: bytes, *options: str, name: str = "取水许可_202010.csv") -> Result:
        file = tmp_path / name
        file.write_bytes(content)
        return CliRunner().invoke(app, ["infer", str(file), *options])

    return run


def contract_of(done: Result) -> Contract:
    assert done.exit_code == 0, (done.output, done.exception)
    return contract_in(done.stdout, HERE / "finance" / "water_permit.yaml")


def test_a_draft_loads_at_once_and_knows_what_each_column_holds(infer: Infer) -> None:
    contract = contract_of(infer(PERMITS.file(), "--type", "water_permit", "--department", "finance"))
    meanings = {column.header: column.meaning for column in contract.columns}
    assert meanings == {
        "取水许可证号": Meaning.SERIAL,
        "取水权人姓名": Meaning.PERSON_NAME,
        "取水权人身份证号": Meaning.ID_NUMBER,
        "联系电话": Meaning.PHONE,
        "所在村代码": Meaning.DIVISION,
        "取水地点": Meaning.ADDRESS,
        "水源类型": Meaning.CODE,
        "是否计量": Meaning.CODE,
        "许可状态": Meaning.CODE,
        "发证日期": Meaning.DATE,
        "年取水费": Meaning.AMOUNT,
        "经办人员": Meaning.PERSON_NAME,
        "备注": Meaning.TEXT,
    }
    assert contract.key == (contract.columns[0].name,)
    (holder,) = contract.identity
    assert contract.column(holder.id_number).header == "取水权人身份证号"
    assert contract.column(holder.name).header == "取水权人姓名"
    assert {holder.phone, holder.address, holder.division} <= {column.name for column in contract.columns}


def test_what_the_catalogue_knows_is_called_as_it_is_there(infer: Infer) -> None:
    contract = contract_of(infer(PERMITS.file(), "--type", "water_permit"))
    assert (contract.column("phone").en, contract.column("issued_on").header) == ("Telephone", "发证日期")
    metered = next(column for column in contract.columns if column.header == "是否计量")
    assert metered.codes.keys() == {"yes", "no"}
    fee = next(column for column in contract.columns if column.header == "年取水费")
    assert (fee.aliases, fee.unit_under("年取水费(万元)")) == (("年取水费(万元)",), "wan_yuan")


def test_a_draft_says_what_would_become_of_the_sample(infer: Infer) -> None:
    assert "120 of 120 rows can be used" in infer(PERMITS.file()).stderr
    told = json.loads(infer(PERMITS.file(), "--json").stdout)
    assert (told["landed"], told["conformed"], told["rows_sharing_a_key"]) == (120, 120, 0)


@pytest.mark.parametrize(
    "options", [(), ("--json",), ("--type", "motor_vehicle"), ("--type", "dibao_roster", "--json")]
)
def test_nobody_s_data_is_in_a_draft_or_beside_it(infer: Infer, options: tuple[str, ...]) -> None:
    done = infer(PERMITS.file(), *options)
    assert done.exit_code == 0, (done.output, done.exception)
    assert [cell for cell in PERMITS.personal if cell in done.stdout or cell in done.stderr] == []


def test_rare_values_and_names_are_in_no_code_list(infer: Infer) -> None:
    rows = [list(row) for row in PERMITS.rows]
    for place, row in enumerate(rows):
        row[6] = ("王芳", "地下水")[place % 2] if place > 3 else "某人专用井"
    done = infer(Permits(rows).file(), "--type", "water_permit")
    assert "王芳" not in done.stdout + done.stderr
    assert "某人专用井" not in done.stdout + done.stderr
    assert "2 rare values in 62 rows are not told here" in done.stdout
    kinds = next(column for column in contract_of(done).columns if column.header == "水源类型")
    assert [code.zh for code in kinds.codes.values()] == ["地下水"]


@pytest.mark.parametrize("header", [(), PERMITS.rows[0]])
def test_a_file_without_a_header_is_refused_by_its_shapes(infer: Infer, header: tuple[str, ...]) -> None:
    done = infer(PERMITS.file(header))
    assert isinstance(done.exception, NoHeaderError)
    assert [cell for cell in PERMITS.personal if cell in str(done.exception)] == []


def test_what_no_delivery_could_be_is_refused_with_what_it_is(infer: Infer) -> None:
    done = infer(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    assert isinstance(done.exception, InferenceError)


def test_nothing_is_overwritten_unless_asked(infer: Infer, tmp_path: Path) -> None:
    out = tmp_path / "finance" / "water_permit.yaml"
    for options, exists in ((("--out", str(out)), False), (("--out", str(out)), True)):
        done = infer(PERMITS.file(), *options)
        assert isinstance(done.exception, InferenceError) == exists
    contract = contract_in(out.read_text(encoding="utf-8"), out)
    assert (contract.name, contract.department) == ("water_permit", "finance")
    assert infer(PERMITS.file(), "--out", str(out), "--force").exit_code == 0


def test_a_file_of_a_known_type_is_said_to_be_one(infer: Infer) -> None:
    header = [column.header for column in VEHICLES.columns[:12]] + ["备注"]
    done = infer(Permits([row[:13] for row in PERMITS.rows]).file(header))
    assert "this looks like motor_vehicle 机动车登记 (12 of 13 headers)" in done.stderr


def test_the_patch_of_a_known_type_applies_and_binds_the_headers(infer: Infer, tmp_path: Path) -> None:
    header = ["号牌号", "车主", "号码", "手机", *HEADER[4:]]
    done = infer(PERMITS.file(header), "--type", "motor_vehicle")
    assert done.exit_code == 0, (done.output, done.exception)
    place = Path("schemas/public_security/motor_vehicle.yaml")
    copy = tmp_path / place
    copy.parent.mkdir(parents=True)
    copy.write_bytes((HERE.parent / place).read_bytes())
    (tmp_path / "patch").write_text(done.stdout, encoding="utf-8")
    subprocess.run(["git", "apply", "patch"], cwd=tmp_path, check=True)
    contract = contract_in(copy.read_text(encoding="utf-8"), copy)
    # The last is headed vaguely, and told by its values: the only ID numbers of the file.
    bound = {header: column.name for header in header if (column := contract.column_under(header))}
    assert bound == {
        "号牌号": "plate_number",
        "车主": "owner_name",
        "号码": "owner_id",
        "所在村代码": "division",
        "取水地点": "address",
    }


def test_a_known_type_s_file_is_compared_column_by_column(infer: Infer) -> None:
    header = ["号牌号码", "车主姓名", "车主证件号码", "车主电话", *[column.header for column in VEHICLES.columns[7:]]]
    rows = [
        [f"贵A{place:05}", row[1], row[2], row[3], row[4], "Z9", row[9], row[9], "Q"]
        for place, row in enumerate(PERMITS.rows)
    ]
    rows = [row + [""] * (len(header) - len(row)) for row in rows]
    told = json.loads(infer(Permits(rows).file(header), "--type", "motor_vehicle", "--json").stdout)
    assert [one["header"] for one in told["matched"]][:2] == ["号牌号码", "车主姓名"]
    assert [(one["header"], one["column"]) for one in told["suggested"]] == [("车主证件号码", "owner_id")]
    assert told["unmatched"] == ["车主电话"]
    assert "号牌种类" in told["missing"]
    status = next(one for one in told["matched"] if one["column"] == "status")
    assert (status["values"], status["in_no_list"]) == ({"Q": {"Q": 120}}, {}) or status["in_no_list"] == {"Q": 120}


def test_the_rows_looked_at_are_told(infer: Infer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(infer_contract, "read_sample", lambda path, aside, _: _read(path, aside, 50))
    done = infer(PERMITS.file())
    assert "from the first 50 rows of a sample" in done.stdout
    assert "the sample was not read to its end" in done.stderr


def _read(path: Path, aside: Path, rows: int) -> object:
    from pipelines.drafting.sample import read_sample

    return read_sample(path, aside, most_rows=rows)


def test_a_workbook_with_a_title_is_drafted_as_the_same_table(infer: Infer, tmp_path: Path) -> None:
    file = tmp_path / "made.xlsx"
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "某县取水许可情况统计表")
    for place, row in enumerate((HEADER, *PERMITS.rows), 2):
        sheet.write_row(place, 0, row)
    book.close()
    done = infer(file.read_bytes(), "--type", "water_permit", name="取水许可.xlsx")
    assert contract_of(done).model_dump() == contract_of(infer(PERMITS.file(), "--type", "water_permit")).model_dump()
    assert "120 of 121 rows can be used; set apart: above_header 1" in done.stderr


def test_other_words_for_all_columns_of_a_type_are_bound_in_one_command(infer: Infer) -> None:
    header = (
        *("车牌", "牌照种类", "车型", "品牌", "车主身份证", "车主", "车主地址", "车主区划", "用途", "初次上牌日期"),
        *("过户日期", "车辆状态"),
    )
    rows = [
        (
            f"贵A{place:05}",
            "小型汽车",
            "小型轿车",
            "吉利",
            row[2],
            row[1],
            row[5],
            row[4],
            "非营运",
            row[9],
            row[9],
            "正常",
        )
        for place, row in enumerate(PERMITS.rows)
    ]
    done = infer(Permits(rows).file(header), "--type", "motor_vehicle")
    assert "120 of 120 rows can be used" in done.stderr
    assert done.stdout.count("\n+ ") == 11


FUNERALS = ("序号", "*申请人姓名", "申请人身份證號碼", "火化日期", "补贴标准（元）")
"""A list as a county fills it in: it numbers its rows, marks what must be filled in, and ends in a total."""


def test_a_total_is_no_row_of_a_sample_and_hides_no_key(infer: Infer) -> None:
    numbers = [row[HEADER.index("取水权人身份证号")] for row in PERMITS.rows[:60]]
    names = [row[HEADER.index("取水权人姓名")] for row in PERMITS.rows[:60]]
    rows = [
        (str(n + 1), name, number, "2020-10-05", "1000")
        for n, (name, number) in enumerate(zip(names, numbers, strict=True))
    ]
    text = [FUNERALS, *rows, ("合计", "", "", "", "60000")]
    content = "".join(",".join(row) + "\r\n" for row in text).encode()
    done = infer(content, "--type", "funeral_subsidy", "--department", "civil_affairs", name="殡葬补贴_202010.csv")
    contract = contract_of(done)
    assert [contract.column(name).header for name in contract.key] == ["申请人身份證號碼"]
    assert "drafted from all 60 rows" in done.stderr


def test_a_star_before_a_header_is_no_part_of_its_name(infer: Infer) -> None:
    content = PERMITS.file(encoding="utf-8").decode().replace("取水权人姓名", "*取水权人姓名(必填)").encode()
    contract = contract_of(infer(content, "--type", "water_permit", "--department", "finance"))
    column = next(one for one in contract.columns if one.header == "取水权人姓名")
    assert column.name == "qushuiquan_name"
    assert contract.column_under("*取水权人姓名(必填)") == column
