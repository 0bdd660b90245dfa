"""Pages about the network and about what it holds of people."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jirani.core.registry import RegisterEntry, personal_data_register
from jirani.core.routes import made_once, public

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Line:
    """Fields that are kept for the same reason and for as long."""

    labels: "list[StrOrPromise]"
    why: "StrOrPromise"
    until: "StrOrPromise"


@public
@made_once()
def about(request: HttpRequest) -> HttpResponse:
    """Explain what the network is, how it works and what its words mean."""
    return render(request, "public/about.html", {"network": settings.NETWORK_NAME})


@public
@made_once()
def personal_data(request: HttpRequest) -> HttpResponse:
    """The register: each field that holds personal data, why, and until when."""
    by_heading = groupby(personal_data_register(), key=lambda entry: str(entry.heading))
    register = [(heading, _lines(entries)) for heading, entries in by_heading]
    return render(request, "public/personal_data.html", {"register": register})


def _lines(entries: Iterator[RegisterEntry]) -> list[Line]:
    """A model's fields, those with the same reason and end in one line."""
    found: dict[tuple[str, str], Line] = {}
    for entry in entries:
        line = found.setdefault((str(entry.why), str(entry.until)), Line([], entry.why, entry.until))
        if entry.name not in line.labels:
            line.labels.append(entry.name)
    return list(found.values())
