"""Have an event's report written; show the pictures of pages."""

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.images import get_image_model
from wagtail.images.models import Rendition

from jirani.core.enums import AccessMode
from jirani.core.routes import guarded, public, signed_in
from jirani.events.models import Event
from jirani.members.models import standing_of
from jirani.translation.models import attach_translations

from .actions import write_report
from .models import EventReportPage
from .permissions import may_fetch


@signed_in
@require_http_methods(["GET", "POST"])
def report_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what will be written, then write it and lead to Wagtail's editor."""
    event = get_object_or_404(Event.objects.editable_by(request.user), slug=slug)
    if event.access != AccessMode.PUBLIC:
        attach_translations(request.LANGUAGE_CODE, event)
        return render(request, "newsroom/report_none.html", {"event": event})
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


@public
@require_safe
def image_show(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture in the size in which a page shows it, once that is published. The rest of what was uploaded is not served from here."""
    found = get_object_or_404(Rendition.objects.select_related("image"), file=f"images/{name}")
    if not may_fetch(request.user, found.image):
        raise Http404
    return _picture(found.file, "public, max-age=86400")


@guarded(lambda user: standing_of(user).editor)
@require_safe
def original_image_show(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve a picture as it was uploaded. Only for editors in Wagtail's admin, because it may reveal where and when it was taken."""
    found = get_object_or_404(get_image_model(), file=f"original_images/{name}")
    return _picture(found.file, "private, no-store")


def _picture(file: FieldFile, caching: str) -> HttpResponseBase:
    try:
        response = FileResponse(file.open("rb"))
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = caching
    return response
