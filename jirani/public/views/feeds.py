"""What machines read, and files."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from jirani.core.routes import public


@public
def lesson_feed(request: HttpRequest) -> HttpResponse:
    """The latest lessons as an Atom feed."""
    raise Http404


@public
def lesson_export(request: HttpRequest) -> HttpResponseBase:
    """All public lessons as CSV."""
    raise Http404


@public
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a piece of evidence."""
    raise Http404
