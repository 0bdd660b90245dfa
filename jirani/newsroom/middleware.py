"""Wagtail's own pages: only for today's editors, under a policy of their own."""

import re
from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
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
BULK = "/cms/bulk/"
CHOSEN = "/cms/choose-page/chosen-multiple/"
CHOOSE = re.compile(r"^/cms/choose-page/(\d+)/")
#: Wagtail's workshop for addresses of pictures in any size: we serve none of these addresses, and each look at one makes a picture anew.
ANY_SIZE = re.compile(r"^/cms/images/\d+/(generate_url|preview)/")

#: Wagtail's admin writes styles and small scripts into its pages; nothing comes from elsewhere all the same.
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
        if ANY_SIZE.match(request.path_info):
            raise Http404
        _check_titles(request)
        language = _wagtails_language()
        with override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        response._csp_config = POLICY  # type: ignore[attr-defined]  # django-csp's way to replace a policy
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What Wagtail does not expect in an address or a form: numbers that PostgreSQL cannot hold, fields that are missing.

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
    """Wagtail shows titles of pages by their numbers to whoever comes into its admin. Those who edit only some do nothing in bulk, and see no other drafts.

    Raises PermissionDenied and Http404.
    """
    if edits_all(request.user):
        return
    if request.path_info.startswith(BULK):
        raise PermissionDenied
    chosen = request.GET.getlist("id") if request.path_info == CHOSEN else CHOOSE.findall(request.path_info)
    wanted = {int(pk) for pk in chosen if pk.isdecimal()}
    if wanted - set(pages_listed_for(request.user).filter(pk__in=wanted).values_list("pk", flat=True)):
        raise Http404
