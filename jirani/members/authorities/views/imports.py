"""Local authorities and memberships out of a spreadsheet: the template, a look at what would happen, the import."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.core.paging import LONG
from jirani.core.routes import guarded
from jirani.core.sheets import (
    MOST_FAULTS,
    BadSheet,
    Change,
    Outcome,
    Reading,
    bring_in_rows,
    importer,
    read_sheet,
    write_template_csv,
    write_template_xlsx,
)
from jirani.members.authorities.actions.imports import FaultyImport, bring_in
from jirani.members.forms import ConfirmForm, UploadForm
from jirani.members.permissions import coordinates
from jirani.ui.forms import form_page
from jirani.ui.text import number

KIND = "members"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@guarded(coordinates)
@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    """The template as a spreadsheet."""
    content = write_template_xlsx(importer(KIND), rtl=get_language_bidi())
    return _file(content, XLSX, "local-authorities.xlsx")


@guarded(coordinates)
@require_safe
def import_template_csv(request: HttpRequest) -> HttpResponse:
    """The template as CSV."""
    return _file(write_template_csv(importer(KIND)), "text/csv; charset=utf-8", "local-authorities.csv")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def import_create(request: HttpRequest) -> HttpResponse:
    """Upload a file and preview what it would do; then import it."""
    if request.method == "POST" and "packed" in request.POST:
        return _turn(request) if "page" in request.POST else _confirm(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            reading = read_sheet(form.cleaned_data["file"], importer(KIND).columns)
            outcome = bring_in_rows(importer(KIND), reading.rows, reading.faults, by=request.user, dry_run=True)
            packed = "" if outcome.faults else ConfirmForm.pack(KIND, reading.rows)
            return _preview(request, form, outcome, packed, reading)
        except BadSheet as error:
            form.add_error("file", str(error))
    return form_page(request, "members/authorities/import_create.html", {"form": form})


def _turn(request: HttpRequest) -> HttpResponse:
    """Another page of the preview: the rows are sent along, since nothing is kept in between."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _refused(request, form)
    outcome = bring_in_rows(importer(KIND), form.facts["rows"], by=request.user, dry_run=True)
    return _preview(request, UploadForm(), outcome, "" if outcome.faults else request.POST["packed"])


def _refused(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    messages.error(request, " ".join(str(reason) for reasons in form.errors.values() for reason in reasons))
    return redirect("members:import_create")


def _confirm(request: HttpRequest) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _refused(request, form)
    try:
        done = form.submit(bring_in, by=request.user)
    except FaultyImport as faulty:
        return _preview(request, UploadForm(), faulty.outcome, "")
    if done is None:
        messages.error(request, " ".join(str(reason) for reason in form.non_field_errors()))
        return redirect("members:import_create")
    counts = {change.value: number(done.details[change.value]) for change in Change}
    messages.success(request, _("Imported: %(added)s added, %(changed)s changed, %(unchanged)s unchanged.") % counts)
    return redirect("members:import_create")


def _preview(
    request: HttpRequest, form: UploadForm, outcome: Outcome, packed: str, reading: Reading | None = None
) -> HttpResponse:
    told = [result for result in outcome.results if result.change != Change.UNCHANGED]
    value = request.POST.get("page", "")
    first = int(value) // LONG * LONG if re.fullmatch(r"[0-9]{1,6}", value) else 0
    context = {
        "form": form,
        "reading": reading,
        "error": bool(outcome.faults),
        "faults": outcome.faults,
        "stopped": len(outcome.faults) >= MOST_FAULTS,
        "shown": told[first : first + LONG],
        "newer": str(first - LONG) if first else "",
        "older": str(first + LONG) if first + LONG < len(told) else "",
        "counts": {change.value: outcome.count(change) for change in Change},
        "confirm": ConfirmForm(initial={"packed": packed}) if packed else None,
    }
    return render(request, "members/authorities/import_preview.html", context, status=422 if outcome.faults else 200)
