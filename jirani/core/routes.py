"""Each view says who may use it; a test walks the resolver and fails on one that does not.

What a person may see or change of a record is decided by its queryset (`visible_to`, `editable_by`); the declaration here
says who may come to the door at all.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Door(StrEnum):
    """Who may come to a route at all."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    GUARDED = "guarded"


def public(view: View[P]) -> View[P]:
    """Anybody; the queryset decides what they see."""
    view.door = Door.PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View[P]) -> View[P]:
    """Signed-in people; others are led to sign in and back."""

    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_proof(resolve_url(settings.LOGIN_URL), request)
        return view(request, *args, **kwargs)

    update_wrapper(inner, view)
    inner.door = Door.SIGNED_IN  # type: ignore[attr-defined]
    return inner


def guarded(may: Callable[[Any], bool]) -> Callable[[View[P]], View[P]]:
    """Signed-in people for whom `may(user)` is true; 403 for others."""

    def wrap(view: View[P]) -> View[P]:
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        update_wrapper(checked, view)
        inner = signed_in(checked)
        inner.door = Door.GUARDED  # type: ignore[attr-defined]
        inner.may = may  # type: ignore[attr-defined]
        return inner

    return wrap


def redirect_to_proof(address: str, request: HttpRequest) -> HttpResponseRedirect:
    """To an address at which one proves who one is, and from there to where the request was going.

    Where that is stands in `next`, and so in every proxy's log. If it is a secret, or says which note somebody opens, it waits in a cookie
    instead, for as long as a sign-in may take.
    """
    onward = request.get_full_path()
    if not settings.SECRET_ADDRESSES.search(request.path):
        return redirect_to_login(onward, address)
    response = HttpResponseRedirect(address)
    response.set_cookie(
        settings.ONWARD_COOKIE_NAME,
        onward,
        max_age=settings.ACCOUNT_LOGIN_TIMEOUT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def onward_of(request: HttpRequest) -> str:
    """The secret address here to which somebody was going before they had to prove who they are; "" for none."""
    onward = request.COOKIES.get(settings.ONWARD_COOKIE_NAME, "")
    known = settings.SECRET_ADDRESSES.search(onward.partition("?")[0])
    return onward if known and url_has_allowed_host_and_scheme(onward, None) else ""


def for_one(response: R) -> R:
    """An answer for one person's eyes, whose address may be the key to it: in no cache and no search engine."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def whole_address(path: str) -> str:
    """A path with scheme and host, for what leaves the page: those of JIRANI_BASE_URL, since the Host header is the reader's word
    and what machines keep by its address (entries of a feed) would come again under each other name.
    """
    return f"{settings.BASE_URL}{path}"


def user_of(request: HttpRequest) -> Any:
    """Who came: behind a door for signed-in people one of them, where the request's own type allows for a visitor too."""
    return request.user
