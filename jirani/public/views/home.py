"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jirani.core.routes import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """What the network is, what cities learned lately and what came of it."""
    return render(request, "public/home.html")
