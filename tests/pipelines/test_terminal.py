"""What the commands print is whole in any terminal, and a line a row where there is none."""

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from pipelines.commands import run_night
from pipelines.commands.screen import folding, screen
from tests.pipelines.test_watching import REPORT

UNKNOWN = {"type_name": "motor_vehicle", "file": "[red]x.csv", "headers": ["3: 车主电话? 最接近 nearest: 联系电话"]}


def table_of(*cells: str) -> Table:
    table = Table("type")
    for place, _ in enumerate(cells[1:]):
        table.add_column(str(place), justify="right")
    table.add_row(*cells)
    return table


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_narrow_table_folds_its_text_and_keeps_its_numbers(width: int) -> None:
    target = StringIO()
    Console(file=target, width=width).print(
        folding(table_of("unemployment_benefit_of_1999", "6,201,345", "150,818,258"))
    )
    shown = target.getvalue()
    assert "…" not in shown
    assert "6,201,345" in shown
    assert "150,818,258" in shown
    first = "".join(line.split("│")[1].strip() for line in shown.splitlines() if "│" in line)
    assert first == "unemployment_benefit_of_1999"


def test_where_there_is_no_terminal_a_row_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    console = screen()
    with console.capture() as shown:
        console.print(folding(table_of("x" * 90, "1", "2")))
    assert "x" * 90 in shown.get()


def test_a_night_names_the_headers_that_no_contract_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(width=60)
    rates: dict[str, Any] = {"rates": {}, "differing": []}
    monkeypatch.setattr(run_night, "SCREEN", console)
    with console.capture() as shown:
        run_night.show(replace(REPORT, headers_unknown=[UNKNOWN], review={"under_floor": {}}, even_handedness=rates))
    assert "unknown headers motor_vehicle ([red]x.csv): 3: 车主电话? 最接近 nearest: 联系电话" in shown.get()
    assert "…" not in shown.get()
