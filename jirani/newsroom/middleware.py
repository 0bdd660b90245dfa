"""Wagtail's own pages: only for today's editors, under a policy of their own."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from jirani.accounts.models import User

from .actions import admit_editor

PREFIX = "/cms/"
#: Leads to our own.
SIGN_IN = "/cms/login/"

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
        """The page, or the way to sign in. Raises PermissionDenied."""
        if not request.path_info.startswith(PREFIX) or request.path_info == SIGN_IN:
            return self.get_response(request)
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not admit_editor(request.user):
            raise PermissionDenied
        response = self.get_response(request)
        response._csp_config = POLICY  # type: ignore[attr-defined]  # django-csp's way to replace a policy
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A number in an address that PostgreSQL cannot hold: Wagtail asks for the row all the same. Raises Http404."""
        if request.path_info.startswith(PREFIX) and request.method == "GET" and isinstance(exception, DataError):
            raise Http404 from exception
