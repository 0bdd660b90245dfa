"""Keep people who must have a second factor from everything else until they have given it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse

from jirani.core.routes import redirect_to_proof

from .permissions import has_second_factor, lacks_second_factor

Handler = Callable[[HttpRequest], HttpResponse]
#: Names of allauth's addresses, by which one sets a factor up, gives it, or signs out.
OPEN = ("account_", "mfa_")


def ask_for_second_factor(get_response: Handler) -> Handler:
    """Lead whoever lacks a second factor to set one up, or to give it if they have one, and back, Wagtail's pages included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = settings.REQUIRE_SECOND_FACTOR and settings.SESSION_COOKIE_NAME in request.COOKIES
        if asked and not _is_open(request.path_info) and lacks_second_factor(request):
            name = "mfa_reauthenticate" if has_second_factor(request.user) else "mfa_index"
            return redirect_to_proof(reverse(name), request)
        return get_response(request)

    return middleware


def _is_open(path: str) -> bool:
    try:
        return (resolve(path).url_name or "").startswith(OPEN)
    except Resolver404:
        return False
