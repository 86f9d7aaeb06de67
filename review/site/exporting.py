"""Flags out by the work list's filter, and outcomes back in."""

from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from review.accounts.models import READERS, Role
from review.case_life.refusals import NotAllowedError, RefusedError
from review.export import CONTENT_TYPES, ExportError, export_flags
from review.export_titles import titles
from review.filters import FilterError, WorkFilter, flags
from review.outcomes import COLUMNS, ImportResult, OutcomesError, import_outcomes
from review.site import drafts
from review.site.access import account_of, lang, only
from review.site.form_pages import posted

# More than this is counted by the export itself, not by the page that asks what it should hold.
COUNTED = 10_000
LARGEST_OUTCOMES = 5_000_000


@only(*READERS)
@require_safe
def ask_export(request: HttpRequest) -> HttpResponse:
    """What an export by this filter would hold, and the choices: kind of file, masked or with a reason."""
    try:
        return _export_form(request, WorkFilter.read(request.GET))
    except FilterError as error:
        return _export_form(request, None, str(error), 400)


@only(*READERS)
@posted
def export(request: HttpRequest) -> HttpResponseBase:
    """The file. It is written whole before the answer begins, so that a broken export is no half file."""
    wanted: WorkFilter | None = None
    kind = request.POST.get("kind", "csv")
    because = request.POST.get("because", "") if request.POST.get("unmasked") else None
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        wanted = WorkFilter.read(request.GET)
        export_flags(
            file,
            wanted,
            account=account_of(request),
            kind=kind,
            lang=lang(),
            titles=titles(),
            unmasked_because=because,
        )
    except (ExportError, FilterError, NotAllowedError) as refusal:
        file.close()
        drafts.keep(request)
        return _export_form(request, wanted, str(refusal), 403 if isinstance(refusal, NotAllowedError) else 400)
    file.seek(0)
    name = f"hedui-{timezone.localdate():%Y%m%d}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


@only(Role.COUNTY)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """Outcomes as CSV: all of it is taken in, or nothing and every refused row is named."""
    taken: ImportResult | None = None
    refusal, status = "", 200
    if request.method == "POST":
        try:
            taken = _import(request)
            status = 400 if taken.refused else 200
        except (OutcomesError, RefusedError) as error:
            refusal, status = str(error), 400
    context = {"taken": taken, "refusal": refusal, "columns": COLUMNS.items()}
    return render(request, "office/import_outcomes.html", context, status=status)


def _import(request: HttpRequest) -> ImportResult:
    given = request.FILES.get("file")
    if given is None or not given.size:
        raise OutcomesError(gettext("Choose a file with rows in it."))
    if given.size > LARGEST_OUTCOMES:
        raise OutcomesError(gettext("The file is larger than 5 MB: split it."))
    with NamedTemporaryFile(suffix=".csv") as file:
        for chunk in given.chunks():
            file.write(chunk)
        file.flush()
        return import_outcomes(account_of(request), Path(file.name))


def _export_form(request: HttpRequest, wanted: WorkFilter | None, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page; without a filter that was understood it counts nothing and only says what is wrong."""
    account = account_of(request)
    draft = drafts.take(request, "export_file")
    found = flags(account, wanted)[: COUNTED + 1].count() if wanted else 0
    context = {
        "filter_words": wanted.words() if wanted else {},
        "flags": min(found, COUNTED),
        "more": found > COUNTED,
        "may_unmask": account.may_unmask,
        "refusal": refusal,
        "query": urlencode(wanted.words()) if wanted else "",
        "understood": wanted is not None,
        "kept": draft.words() if draft else {},
    }
    return render(request, "office/export.html", context, status=status)
