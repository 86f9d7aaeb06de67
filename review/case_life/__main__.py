"""``python -m review.case_life``: write docs/case_life.md."""

from pathlib import Path

from review.configure import configure

configure("sqlite:///:memory:")

from review.case_life.drawing import page  # noqa: E402

(Path(__file__).parents[2] / "docs" / "case_life.md").write_text(page(), encoding="utf-8")
