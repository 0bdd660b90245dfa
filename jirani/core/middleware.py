"""What every response needs and no view should have to think of."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_path, get_language_from_request

Handler = Callable[[HttpRequest], HttpResponse]


def remember_language(get_response: Handler) -> Handler:
    """Remember the language of the address where it is not the one that we would have offered.

    A reader who never switches gets no cookie; one who does is led to that language from then on.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        chosen = get_language_from_path(request.path_info)
        shown = request.method == "GET" and response.status_code == 200
        if chosen and shown and chosen != get_language_from_request(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response

    return middleware
