"""Files that belong to records, given only to those who may see the record."""

from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import slugify

from jirani.commitments.models import Evidence
from jirani.core.routes import public


@public
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a piece of evidence, to keep; never shown in our own address space as a page."""
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user).exclude(file=""), pk=pk)
    try:
        opened = evidence.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened, as_attachment=True, filename=_file_name(evidence), content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _file_name(evidence: Evidence) -> str:
    """Return its title in its own language with the file's extension; on our disk it has a name that reveals nothing."""
    stem = slugify(evidence.title, allow_unicode=True)[:80] or f"evidence-{evidence.pk}"
    return stem + PurePath(str(evidence.file.name)).suffix
