"""Explain in a sentence what could not be done, if no form explains it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from jirani.ui.views import conflict, not_allowed

from .actions import as_sentence

Handler = Callable[[HttpRequest], HttpResponse]


def tell_overtaken(get_response: Handler) -> Handler:
    """Answer with a page, and 409, for something sent that the database refused or that somebody else was quicker to do.

    Forms tell it themselves (`forms.ActingForm`); this is for buttons, and whatever else has none.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        reason = as_sentence(exception) if request.method == "POST" else None
        return conflict(request, " ".join(reason.messages)) if reason else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def explain_method(get_response: Handler) -> Handler:
    """Answer with a page that says that an address only takes forms; Django's own answer has no body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return not_allowed(request, response["Allow"])
        return response

    return middleware
