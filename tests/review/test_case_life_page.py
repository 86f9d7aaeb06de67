"""The page that draws a case's life says what the table says."""

from pathlib import Path

from review.case_life.drawing import page

PAGE = Path(__file__).parents[2] / "docs" / "case_life.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m review.case_life"
