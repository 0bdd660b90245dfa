"""Wagtail's own pages: only for today's editors, under a policy of their own."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from jirani.accounts.models import User

from .actions import admit_editor

PREFIX = "/cms/"

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


def guard_cms(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep whoever does not edit today out of Wagtail's pages, whatever their account was allowed before."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        if isinstance(request.user, User) and not admit_editor(request.user):
            raise PermissionDenied
        response = get_response(request)
        response._csp_config = POLICY  # type: ignore[attr-defined]  # django-csp's way to replace a policy
        return response

    return middleware
