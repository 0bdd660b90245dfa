"""What every response needs, so that no view has to think of it."""

import secrets
from collections.abc import Callable, Iterable
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path, get_language_from_request

from .compression import LEAST_BYTES, compressed, compressed_stream, encoding_for, is_text
from .sandbox import reading_for
from .unsaved import delete_key, mark_owner

Handler = Callable[[HttpRequest], HttpResponse]

#: As far as the length of a page that only one person may see varies by chance, in bytes.
NOISE = 100


def compress(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Compress texts, long lists that are sent while they are read included. Files go out as they are stored."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not _gains(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if encoding := encoding_for(request.headers.get("Accept-Encoding", "")):
            _compress(response, encoding)
            # A random length hides how well a secret compresses together with words of an attacker's choice (BREACH, decision 0033).
            if "private" in response.get("Cache-Control", "") or settings.SECRET_ADDRESSES.search(request.path):
                response["X-Padding"] = "X" * secrets.randbelow(NOISE)
        return response

    return middleware


def _gains(response: HttpResponseBase) -> bool:
    """Whether the response is a text of some length; of what is sent while it is made nobody knows the length."""
    if isinstance(response, FileResponse) or response.has_header("Content-Encoding"):
        return False
    short = isinstance(response, HttpResponse) and len(response.content) < LEAST_BYTES
    return not short and is_text(response.get("Content-Type", ""))


def _compress(response: HttpResponseBase, encoding: str) -> None:
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = compressed_stream(cast("Iterable[bytes]", response.streaming_content), encoding)
        del response["Content-Length"]
    elif isinstance(response, HttpResponse):
        response.content = compressed(response.content, encoding)
        response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = encoding
    if response.get("ETag", "").startswith('"'):  # no longer the very bytes that it names (RFC 9110, 8.8.1)
        response["ETag"] = f"W/{response['ETag']}"


def refuse_nul(get_response: Handler) -> Handler:
    """Answer 404 for an address with a NUL in it, and ignore a cookie with one: no text in PostgreSQL can hold it.

    Raises Http404, so that no view has to think of that.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware


def hide_address(get_response: Handler) -> Handler:
    """If the address is a secret or says which note somebody opens, make browsers send only the origin as referrer, because a proxy would
    write the whole address into its log with each style sheet of the page.

    `no-referrer` will not do: browsers then send our own forms with `Origin: null`, which the CSRF check refuses.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SECRET_ADDRESSES.search(request.path):
            response["Referrer-Policy"] = "strict-origin"
            if settings.ONWARD_COOKIE_NAME in request.COOKIES and response.status_code == 200:
                response.delete_cookie(settings.ONWARD_COOKIE_NAME, samesite="Lax")  # they have arrived
        return response

    return middleware


class NameView:
    """Leave the name of the view that answers with the server, which counts requests by it; never an address."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, arguments: object, named: object) -> None:
        """Note the view, which Django knows by now."""
        request.META["jirani.view"] = request.resolver_match.view_name if request.resolver_match else "none"


def keep_private(get_response: Handler) -> Handler:
    """Keep pages for signed-in people out of caches, and clear what their browser kept when they sign out.

    So whoever sits down at the same computer next finds neither their pages nor what they had half typed (ui/js/keep.js).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # Ask for the user only if there is a session: for visitors that would cost a query on every page.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        response = get_response(request)
        if signed_in and "public" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        if signed_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"storage"'
            delete_key(request, response)
        elif signed_in:
            mark_owner(request, response)
        return response

    return middleware


def tell_whose_files(get_response: Handler) -> Handler:
    """Let each person have one file read at a time (jirani/core/sandbox), so that nobody keeps all others out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with reading_for(lambda: request.user.pk):  # a function, so that only requests with a file look up their user
            return get_response(request)

    return middleware


def remember_language(get_response: Handler) -> Handler:
    """Remember the language that a reader chooses, by following a link from a page of ours in another one, if it is not the one that we
    would have offered.

    A reader who never switches gets no cookie, whatever address they come to, so that pages can be kept for all visitors; one who
    does is led to that language from then on.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        chosen = get_language_from_path(request.path_info)
        shown = request.method == "GET" and response.status_code == 200
        if chosen and shown and _left(request) not in {None, chosen} and chosen != get_language_from_request(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
            response.headers.setdefault("Cache-Control", "private")  # a shared cache must not hand out the cookie
        return response

    return middleware


def _left(request: HttpRequest) -> str | None:
    """Return the language of our page that the reader comes from; None if they come from elsewhere or the browser does not say."""
    try:
        before = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    return get_language_from_path(before.path) if before.netloc == request.get_host() else None
