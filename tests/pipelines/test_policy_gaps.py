"""A division on the registers for which a limit has no value is named: there the rule would be off in silence."""

from datetime import date
from pathlib import Path

import pytest

from engines.lake import Lake
from pipelines.watching import policy_gaps
from rules.book import load_rule_book
from schemas.catalogue import load_catalogue

TODAY = date(2020, 10, 31)


@pytest.mark.parametrize(("listed", "named"), [(["520102001001"], 0), (["520102001001", "530102001001"], 1)])
def test_a_parameter_without_a_value_for_a_division_on_the_register_is_named(
    listed: list[str], named: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy_gaps, "divisions_listed", lambda *_: listed)
    told = policy_gaps.policy_gaps(Lake(tmp_path), load_catalogue(), load_rule_book().only(["vehicle_owned"]), TODAY)
    assert bool(told) == bool(named)
    assert all("530102001001" in one and "520102001001" not in one and "add one to " in one for one in told)


def test_where_nothing_was_delivered_yet_nothing_is_missing(tmp_path: Path) -> None:
    assert policy_gaps.divisions_listed(Lake(tmp_path / "lake"), load_catalogue(), TODAY) == []
