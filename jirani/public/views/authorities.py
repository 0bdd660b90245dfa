"""Local authorities and other organisations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from jirani.core.routes import public
from jirani.members.models import LocalAuthority, Organisation


@public
def authority_list(request: HttpRequest) -> HttpResponse:
    """Those of the network and those that take part, by name."""
    return render(request, "public/authority_list.html")


@public
def authority_map(request: HttpRequest) -> HttpResponse:
    """The list's map, with the same filters."""
    return HttpResponse("", content_type="image/svg+xml")


@public
def authority_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One local authority."""
    authority = get_object_or_404(LocalAuthority, organisation__slug=slug)
    return render(request, "public/authority_detail.html", {"authority": authority})


@public
def authority_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Where it lies in its country."""
    get_object_or_404(LocalAuthority, organisation__slug=slug)
    return HttpResponse("", content_type="image/svg+xml")


@public
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation."""
    organisation = get_object_or_404(Organisation, slug=slug)
    return render(request, "public/organisation_detail.html", {"organisation": organisation})
