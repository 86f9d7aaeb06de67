"""The caseworker's page on income is what the views say of its families."""

import pytest

from tests.rules.income_page import PAGE, income_page


@pytest.mark.slow
def test_the_page_walks_the_golden_households_as_they_are_counted() -> None:
    assert income_page() == PAGE.read_text(encoding="utf-8"), "run `python -m tests.rules.income_page`"
