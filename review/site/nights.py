"""What the nights stood on: types by night, deliveries with what was set apart, and the report on even-handedness."""

from typing import Any, BinaryIO, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from review.accounts.models import READERS, Role
from review.csv_file import CsvWriter
from review.days import read_day
from review.even_handedness import read_report
from review.models import Night
from review.rule_texts import newest_titles
from review.site import charts
from review.site.access import lang, only
from review.site.titles import division_name, type_title
from review.status import TypeState, not_checkable_by_night, rules_not_run, state_of

NIGHTS_SHOWN = 14
WANTING = {
    "not_delivered": lambda: gettext("not delivered there"),
    "not_fresh": lambda: gettext("not far enough"),
    "unread_line": lambda: gettext("a line not read"),
    "unread_cell": lambda: gettext("a cell not read"),
}
"""Why a finding could not be checked, in the language that is active."""
QUALITY_ROLES = (Role.ENGINEER, Role.PROVINCE, Role.AUDITOR)


@only(*READERS)
@require_safe
def types_by_night(request: HttpRequest) -> HttpResponse:
    """One line a type, one column a night: fresh, stale, refused or missing."""
    nights = list(Night.objects.order_by("-date")[:NIGHTS_SHOWN])[::-1]
    words = {
        "fresh": gettext("fresh"),
        "stale": gettext("stale"),
        "refused": gettext("refused"),
        "missing": gettext("missing"),
    }
    known = sorted({name for night in nights for name in night.types})
    lines = []
    for name in known:
        states = [state_of(night.types.get(name, {})) for night in nights]
        # To readers a late type is a stale one, and the page says so.
        shown_states = ["stale" if state is TypeState.LATE else state.value for state in states]
        lines.append((type_title(name), [(state, words[state]) for state in shown_states]))
    context = {"nights": nights, "lines": lines, "not_run": rules_not_run_in_words(NIGHTS_SHOWN)}
    context["not_checkable"] = not_checkable_in_words()
    return render(request, "office/types_by_night.html", context)


def rules_not_run_in_words(nights: int = 1) -> list[dict[str, Any]]:
    """Rules that the newest nights did not run, and the types that were not delivered, by the names people know."""
    names = newest_titles()
    return [
        {
            "night": one.night,
            "rule": names.get(one.rule, one.rule),
            "types": [type_title(name) for name in one.types],
            "failed": one.failed,
        }
        for one in rules_not_run(nights)
    ]


def not_checkable_in_words() -> list[dict[str, Any]]:
    """What the newest night could not check: rule, county, and what was wanting with how many households."""
    names = newest_titles()
    return [
        {
            "rule": names.get(rule, rule),
            "county": division_name(f"{county:0<12}") or county,
            "wanting": [
                (type_title(wanting.partition(": ")[0]), WANTING[wanting.partition(": ")[2]](), households)
                for wanting, households in wants.items()
            ],
        }
        for _, rule, by_county in not_checkable_by_night()
        for county, wants in by_county.items()
    ]


@only(*QUALITY_ROLES)
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """The deliveries one night stood on or refused: failed expectations, and what was set apart, by rule."""
    night = _night(request)
    context = {
        "night": night,
        "nights": Night.objects.order_by("-date").values_list("date", flat=True)[: NIGHTS_SHOWN * 2],
        "deliveries": _deliveries_in_words(night) if night else [],
        "passed_over": _passed_over_in_words(night) if night else [],
    }
    return render(request, "office/deliveries.html", context)


@only(*QUALITY_ROLES)
@require_safe
def samples(request: HttpRequest) -> HttpResponse:
    """The shapes of the lines set apart, as CSV."""
    night = _night(request)
    if night is None:
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="quarantine-{night.date}.csv"'
    writer = CsvWriter(cast("BinaryIO", answer))
    writer.header(
        [
            gettext("Type"),
            gettext("Delivery"),
            gettext("Rule"),
            gettext("Column"),
            gettext("Why"),
            gettext("Rows"),
            gettext("Line"),
            gettext("Shape"),
        ]
    )
    for delivery in _deliveries_in_words(night):
        for broken in delivery["quarantine"]:
            for sample in broken["samples"]:
                writer.row(
                    [
                        delivery["name"],
                        delivery["delivery_id"],
                        broken["rule"],
                        broken["column"],
                        broken["why"],
                        broken["rows"],
                        sample["row"],
                        sample["shape"],
                    ]
                )
    return answer


@only(*READERS)
@require_safe
def even_handedness(request: HttpRequest) -> HttpResponse:
    """Whom the nights flag and how often rightly, by group; 404 as long as no night has a report."""
    report = read_report()
    if not report:
        raise Http404
    language = lang()
    measures = [
        {
            "title": measure[language],
            "parts": [_part(attribute, language) for attribute in measure["attributes"] if attribute["groups"]],
        }
        for measure in report["measures"]
    ]
    return render(request, "office/even_handedness.html", {"report": report, "measures": measures})


def _part(attribute: dict[str, Any], language: str) -> dict[str, Any]:
    groups = [group | {"name": group[language], "shown": _shown(group["shown"])} for group in attribute["groups"]]
    rows = [{"what": group["name"], **_rate(group["shown"])} for group in groups if group["shown"]]
    drawn = charts.intervals(rows, whole=False) if rows else ""
    return {"title": attribute[language], "groups": groups, "chart": drawn}


def _shown(shown: dict[str, Any] | None) -> dict[str, Any] | None:
    """A group's figures as they are read."""
    if shown is None:
        return None
    between = f"{shown['low']:.2%} – {shown['high']:.2%}"
    return shown | {"percent": f"{shown['rate']:.2%}", "between": between}


def _rate(shown: dict[str, Any]) -> dict[str, float]:
    return {name: shown[name] for name in ("rate", "low", "high")}


def _night(request: HttpRequest) -> Night | None:
    """The night asked for, or the newest."""
    asked = request.GET.get("night", "")
    day = read_day(asked)
    if asked and day is None:
        raise Http404
    nights = Night.objects.order_by("-date")
    found = nights.filter(date=day).first() if day else nights.first()
    if found is None and day:
        raise Http404
    return found


def _deliveries_in_words(night: Night) -> list[dict[str, Any]]:
    """The night's deliveries in the language that is active: those with something wrong first."""
    language = lang()
    described = [
        delivery
        | {
            "name": type_title(delivery["type"]),
            "warnings": [said[language] for said in delivery.get("warnings", [])],
            "failures": [failure[language] for failure in delivery["failures"]],
            "quarantine": [broken | {"why": broken[language]} for broken in _broken(delivery)],
        }
        for delivery in night.quality.get("deliveries", [])
    ]
    return sorted(described, key=lambda one: (not one["failures"], not one["quarantined"], one["type"]))


def _passed_over_in_words(night: Night) -> list[dict[str, str]]:
    """What lay in the inbox and was not taken in, with what to do."""
    advice = "advice_zh" if lang() == "zh" else "advice"
    return [{"file": one["file"], "advice": one[advice]} for one in night.quality.get("passed_over", [])]


def _broken(delivery: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows set apart and cells not read, by rule; a night of before cells were noted tells of rows alone."""
    return [*delivery["quarantine"], *delivery.get("cell_notes", [])]
