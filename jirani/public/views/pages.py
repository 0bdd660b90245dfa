"""Pages about the network and about what it holds of people."""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jirani.core.registry import RegisterEntry, personal_data_register
from jirani.core.routes import public

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register as the page shows it."""

    label: "StrOrPromise"
    why: "StrOrPromise"
    until: "StrOrPromise"


@public
def about(request: HttpRequest) -> HttpResponse:
    """What the network is, how it works and what its words mean."""
    return render(request, "public/about.html", {"network": settings.NETWORK_NAME})


@public
def personal_data(request: HttpRequest) -> HttpResponse:
    """The register: each field that holds personal data, why, and until when."""
    by_model = groupby(personal_data_register(), key=lambda entry: entry.model)
    register = [(model._meta.verbose_name, [_line(entry) for entry in entries]) for model, entries in by_model]
    return render(request, "public/personal_data.html", {"register": register})


def _line(entry: RegisterEntry) -> Line:
    """The field's name in the reader's language."""
    field = entry.model._meta.get_field(entry.field)
    return Line(getattr(field, "verbose_name", entry.field), entry.why, entry.until)
