"""Have an event's report written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from jirani.core.enums import AccessMode
from jirani.core.routes import signed_in
from jirani.events.models import Event
from jirani.translation.models import attach_translations

from .actions import write_report
from .models import EventReportPage


@signed_in
@require_http_methods(["GET", "POST"])
def report_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what will be written, then write it and lead to Wagtail's editor."""
    event = get_object_or_404(Event.objects.editable_by(request.user), slug=slug, access=AccessMode.PUBLIC)
    language = request.LANGUAGE_CODE
    report = EventReportPage.objects.filter(event=event, locale__language_code=language).first()
    if request.method == "POST":
        try:
            report = write_report(event, by=request.user)
        except ValueError as refused:
            messages.error(request, str(refused))
        if report is not None:
            return redirect("wagtailadmin_pages:edit", report.pk)
    attach_translations(language, event)
    lessons = event.lessons.published().filter(access=AccessMode.PUBLIC).count()
    return render(request, "newsroom/report_create.html", {"event": event, "report": report, "lessons": lessons})
