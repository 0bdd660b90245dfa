"""Error pages, which depend on nothing but the request, and the design page."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from jirani.core.routes import Door, lead_to_sign_in, public
from jirani.core.security import report
from jirani.core.unsaved import came_from_here, keep, page_above, page_of
from jirani.ui.forms import DesignForm
from jirani.ui.text import language_links, maps
from jirani.ui.text.design import sample

log = logging.getLogger(__name__)


@public
def design_detail(request: HttpRequest) -> HttpResponse:
    """Every component in both directions and both colour schemes; in demo mode and in tests only."""
    _only_for_builders()
    sheets = []
    for code in ("en", "ar"):
        for scheme in ("light", "dark"):
            form = DesignForm({}, prefix=f"{code}-{scheme}", auto_id="%s")
            sheets.append({"sample": sample(code), "scheme": scheme, "form": form, "tag": f"{code} {scheme}"})
    swatches = ("paper", "raised", "ink", "quiet", "line", "accent", "wash", "ochre", "alarm")
    context = {
        "sheets": sheets,
        "swatches": swatches,
        "world": reverse("ui:map_show"),
        "locator": reverse("ui:locator_show"),
    }
    return render(request, "ui/design_detail.html", context)


@public
def map_show(request: HttpRequest) -> HttpResponse:
    """The design page's map of the world: two lessons on their way."""
    _only_for_builders()
    points = [(39.67, -4.05), (36.07, -0.3), (10.18, 36.8), (21.17, 42.66)]
    arcs = [(points[0], points[3]), (points[1], points[2])]
    drawn = maps.world_svg(members=("KE", "TN", "XK", "ME", "MK"), points=points, arcs=arcs, title="Jirani")
    return HttpResponse(drawn, content_type="image/svg+xml")


@public
def locator_show(request: HttpRequest) -> HttpResponse:
    _only_for_builders()
    return HttpResponse(maps.locator_svg("KE", 39.45, -4.17, title="Kwale"), content_type="image/svg+xml")


def _only_for_builders() -> None:
    if not (settings.DEMO or getattr(settings, "TESTING", False)):
        raise Http404


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _error(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    report("refused", view=_view(request))
    return _error(request, "403.html", 403, user=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _error(request, "404.html", 404, user=True)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405, with a link to the page that may hold this address's form; `allowed` are the methods that the address takes."""
    onward = request.path if "GET" in allowed else page_above(request.path_info)
    page = _error(request, "405.html", 405, user=True, onward=onward)
    page["Allow"] = allowed
    return page


def conflict(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer 409 for what cannot be done in the current state, with the reason."""
    return _error(request, "409.html", 409, user=True, sentence=sentence)


def throttled(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429."""
    report("throttled", view=_view(request))
    return _error(request, "429.html", 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without the database, and without templates if it is they that fail."""
    try:
        return _error(request, "500.html", 500)
    except Exception:
        log.exception("the page of error 500 failed")
        with translation.override(_language(request)):
            words = _("Something failed on our side"), _("Try again in a few minutes.")
        return HttpResponse(format_html("<!doctype html><title>{0}</title><h1>{0}</h1><p>{1}</p>", *words), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer 403 for a form without a valid token. If it is our own form, opened before its sender signed in again, show it again with what was typed."""
    report("csrf_refused", view=_view(request))
    door = getattr(request.resolver_match and request.resolver_match.func, "door", Door.PUBLIC)
    if door == Door.PUBLIC or not came_from_here(request):
        return _error(request, "403_csrf.html", 403)
    return keep(request, redirect(page_of(request))) if request.user.is_authenticated else lead_to_sign_in(request)


def _view(request: HttpRequest) -> str:
    """Return the name of the requested view, which holds none of the address's arguments; a middleware may refuse before it is resolved."""
    try:
        found = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "none"
    return found.view_name or "unnamed"


def _error(request: HttpRequest, template: str, status: int, *, user: bool = False, **more: str) -> HttpResponse:
    """The page in the language of the address, else of the reader. It asks the database only for who is signed in."""
    with translation.override(_language(request)):
        context = {
            "request": request,
            "language_links": language_links(request.path),
            "network_name": getattr(settings, "NETWORK_NAME", "Jirani"),
            "source_code": getattr(settings, "SOURCE_CODE", ""),
            "user": getattr(request, "user", None) if user else None,
            "frame_only": not user,
            "error": True,
            **more,
        }
        return HttpResponse(loader.render_to_string(template, context), status=status)


def _language(request: HttpRequest) -> str:
    return translation.get_language_from_request(request, check_path=True)
