"""Pages about the network and about what it holds of people."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jirani.core.registry import personal_data_register
from jirani.core.routes import public


@public
def about(request: HttpRequest) -> HttpResponse:
    """What the network is and how it works with what it records."""
    return render(request, "public/about.html")


@public
def personal_data(request: HttpRequest) -> HttpResponse:
    """The register: each field that holds personal data, why, and until when."""
    entries = groupby(personal_data_register(), key=lambda entry: entry.model)
    return render(request, "public/personal_data.html", {"register": [(m._meta.verbose_name, list(e)) for m, e in entries]})
