"""Wagtail's own pages: only for today's editors, under a policy of their own."""

import re
from collections.abc import Callable, Iterator

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import override
from wagtail.admin.localization import get_available_admin_languages

from jirani.accounts.models import User
from jirani.core.routes import lead_to_sign_in
from jirani.core.text import active_language

from .actions import admit_editor
from .models.access import edits_all
from .permissions import pages_listed_for

PREFIX = "/cms/"
#: Leads to our own.
SIGN_IN = "/cms/login/"
#: What of Wagtail nobody needs here: its workshop for addresses of pictures in any size, of which we serve none and each look at one
#: re-renders a picture, and the pages that test error reporting.
CLOSED = re.compile(r"^/cms/(images/\d+/(generate_url|preview)/|failwhale/|test404/)")
#: What people who edit only some pages need; the rest of Wagtail's admin lists other people's pages by title.
OPEN_TO_SOME = re.compile(
    r"^/cms/($|(account|api|block-preview|choose-[a-z]+(-link)?|dismissibles|documents|editing-sessions|events|images|jsi18n|lessons|"
    r"localize|logout|pages|password_reset|sprite|tag-autocomplete)/)"
)
LISTS = re.compile(r"^/cms/(localize/reports|pages/(usage|\d+/move))/")
CHOSEN = "/cms/choose-page/chosen-multiple/"
#: Wagtail's names for a page's id in its URL patterns; also "pk" in addresses of pages.
PAGE_NUMBERS = frozenset({"page_id", "parent_page_id", "page_pk", "page_to_move_id", "destination_id"})
OF_PAGES = ("/cms/pages/", "/cms/api/main/pages/")

#: Wagtail's admin writes styles and small scripts into its pages; still, nothing may come from elsewhere.
POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "base-uri": [SELF],
    "object-src": ["'none'"],
}


class GuardCms:
    """Keep whoever does not edit today out of Wagtail's pages, whatever their account was allowed before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, or the way to sign in. Raises PermissionDenied and Http404."""
        if not request.path_info.startswith(PREFIX) or request.path_info == SIGN_IN:
            return self.get_response(request)
        if not isinstance(request.user, User):
            return lead_to_sign_in(request)
        if not admit_editor(request.user):
            raise PermissionDenied
        if CLOSED.match(request.path_info):
            raise Http404
        _check_titles(request)
        language = _wagtails_language()
        with override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        response._csp_config = POLICY  # type: ignore[attr-defined]  # django-csp's way to replace a policy
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Turn input that Wagtail does not expect into an error page: numbers that PostgreSQL cannot hold, missing fields.

        Raises Http404 for the one, BadRequest for the other.
        """
        if not request.path_info.startswith(PREFIX):
            return
        if isinstance(exception, DataError) and request.method == "GET":
            raise Http404 from exception
        if isinstance(exception, MultiValueDictKeyError):
            raise BadRequest from exception


def _wagtails_language() -> str:
    """The reader's language; English if Wagtail does not have it: its words would be English all the same, and read out as Swahili."""
    language = active_language()
    return language if language in dict(get_available_admin_languages()) else settings.LANGUAGE_CODE


def _check_titles(request: HttpRequest) -> None:
    """Refuse titles of other drafts to people who edit only some pages: Wagtail's admin would show any page's title by its id.

    Raises PermissionDenied for what they do not need, and Http404 for the number of a page whose title is not theirs to read.
    """
    if edits_all(request.user):
        return
    if not OPEN_TO_SOME.match(request.path_info) or LISTS.match(request.path_info):
        raise PermissionDenied
    wanted = {int(number) for number in _page_numbers(request)}
    if wanted - set(pages_listed_for(request.user).filter(pk__in=wanted).values_list("pk", flat=True)):
        raise Http404


def _page_numbers(request: HttpRequest) -> Iterator[str]:
    if request.path_info == CHOSEN:
        yield from filter(str.isdecimal, request.GET.getlist("id"))
    named = PAGE_NUMBERS | ({"pk"} if request.path_info.startswith(OF_PAGES) else set())
    yield from (str(value) for name, value in resolve(request.path_info).kwargs.items() if name in named)
