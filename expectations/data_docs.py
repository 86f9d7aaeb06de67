"""Data Docs: static pages on the deliveries of the last night, rendered by Great Expectations from kept results.

Great Expectations' own page templates load styles and scripts from the internet, which government networks do not have.
Ours in ``pages/`` stand in for the outer page and its overview; what is inside is Great Expectations'.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from expectations.judging import great_expectations

PAGES = Path(__file__).parent / "pages"
INDEX = "index.html"


def build_data_docs(results: Iterable[dict[str, Any]], out: Path) -> None:
    """Write one page a delivery and an index to the folder ``out``, which they replace in one step.

    ``results`` are what `Verdict.results` kept of the deliveries of one night. Raises ValueError when ``out`` holds
    something else than earlier Data Docs.
    """
    if out.exists() and any(out.iterdir()) and not (out / INDEX).exists():
        raise ValueError(f"{out.name} holds other files and is left as it was: give an empty folder for Data Docs")
    deliveries = _named(sorted(results, key=lambda kept: (kept["accepted"], kept["type"], kept["delivery_date"])))
    aside = out.with_name(f".{out.name}.aside")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    view = _view()
    for page, kept in deliveries:
        (aside / page).write_text(view.render(_document(kept), delivery=kept), encoding="utf-8")
    refused = sum(not kept["accepted"] for _, kept in deliveries)
    index = view.env.get_template("index.j2").render(deliveries=deliveries, refused=refused)
    (aside / INDEX).write_text(index, encoding="utf-8")
    if out.exists():
        shutil.rmtree(out)
    aside.rename(out)


def _named(results: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Each result with the name of its page; a second delivery of the same type and date gets a number."""
    seen: dict[str, int] = {}
    named = []
    for kept in results:
        stem = f"{kept['type']}_{kept['delivery_date']}"
        seen[stem] = seen.get(stem, 0) + 1
        named.append((f"{stem}.html" if seen[stem] == 1 else f"{stem}_{seen[stem]}.html", kept))
    return named


def _view() -> Any:
    """Great Expectations' page view, with our outer pages in front of its templates."""
    great_expectations()
    from great_expectations.render.view import DefaultJinjaPageView
    from jinja2 import ChoiceLoader, FileSystemLoader

    view = DefaultJinjaPageView()
    view.env.loader = ChoiceLoader([FileSystemLoader(PAGES), view.env.loader])
    return view


def _document(kept: dict[str, Any]) -> Any:
    """The kept results of one delivery as Great Expectations renders a validation."""
    great_expectations()
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    results = [
        ExpectationValidationResult(
            success=each["success"],
            expectation_config=ExpectationConfiguration(type=checked["type"], kwargs=dict(checked["kwargs"])),
            result=dict(checked["result"]),
            exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None},
        )
        for each in kept["expectations"]
        for checked in [each["great_expectations"]]
    ]
    passed = sum(result.success for result in results)
    validation = ExpectationSuiteValidationResult(
        success=kept["accepted"],
        results=results,
        suite_name=kept["type"],
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100 * passed / len(results),
        },
        meta={"batch_spec": {"data_asset_name": f"{kept['type']} {kept['delivery_date']}"}, "run_id": None},
    )
    return ValidationResultsPageRenderer().render(validation)
