"""What was sent and could not be done, said in a sentence where no form says it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jirani.ui.views import conflict

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
