"""Decorators with which each view declares who may use it; a test walks the resolver and fails on a view without one.

What a person may see or change of a record is decided by its queryset (`visible_to`, `editable_by`); the declaration here
says who may come to the door at all.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .noted import MADE_ONCE, OURS
from .unsaved import give_back, keep, page_of

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Door(StrEnum):
    """Who may come to a route at all."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    GUARDED = "guarded"


def public(view: View[P]) -> View[P]:
    """Let anybody in; the queryset decides what they see."""
    view.door = Door.PUBLIC  # type: ignore[attr-defined]
    return view


def made_once(*names: str) -> Callable[[View[P]], View[P]]:
    """The same page for every visitor, so that it is made once for all of them until something that they could see is written.

    `names` are the query parameters allowed, in the order in which our own links write them. None may be free text, or anybody
    could fill the memory with pages that nobody asks for again; a page with a cursor is kept only if the view found it to be ours.
    """

    def wrap(view: View[P]) -> View[P]:
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            ours = _as_we_write_it(request, names) and _is_spelt_once(request, kwargs.values())
            request.META[MADE_ONCE] = not request.user.is_authenticated and ours
            response = view(request, *args, **kwargs)
            if "cursor" in request.GET and OURS not in request.META:
                request.META[MADE_ONCE] = False
            return response

        update_wrapper(inner, view)
        inner.made_once = names  # type: ignore[attr-defined]
        return inner

    return wrap


def _as_we_write_it(request: HttpRequest, names: Sequence[str]) -> bool:
    """Whether the query is none or says each thing once, in one way and in the order of `names`."""
    query = request.META.get("QUERY_STRING", "")
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    given = [name for name, _value in pairs]
    return (
        urlencode(pairs) == query and given == [name for name in names if name in given] and all(dict(pairs).values())
    )


def _is_spelt_once(request: HttpRequest, arguments: Iterable[Any]) -> bool:
    """Whether the path holds its numbers as we write them: Django takes 007 for 7, and nothing ends the zeros."""
    return {str(each) for each in arguments} <= set(request.path_info.split("/"))


def only_posts(view: View[P]) -> View[P]:
    """Accept only what forms on other pages send; opening the address in a browser gives 405."""
    inner = require_POST(view)
    inner.only_posts = True  # type: ignore[attr-defined]
    return inner


def lead_to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect to sign in and then back to the page; what a form sent is kept for it."""
    return redirect_to_proof(resolve_url(settings.LOGIN_URL), request)


def signed_in(view: View[P]) -> View[P]:
    """Signed-in people; others are led to sign in and back to the page, with what they had typed."""

    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return lead_to_sign_in(request)
        give_back(request)
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
    """Redirect to an address where the user proves who they are, and then back to the page of the request; what a form sent is kept for it.

    `next` names that page, and so does every proxy's log. If its address is a secret, or says which note somebody opens, it waits
    in a cookie instead, for as long as a sign-in may take.
    """
    onward = page_of(request)
    if settings.SECRET_ADDRESSES.search(onward.partition("?")[0]):
        response = HttpResponseRedirect(address)
        response.set_cookie(
            settings.ONWARD_COOKIE_NAME,
            onward,
            max_age=settings.ACCOUNT_LOGIN_TIMEOUT,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response = redirect_to_login(onward, address)
    return keep(request, response) if request.method == "POST" else response


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
    """Return the request's user, typed as signed in: the decorators guarantee it, although the request's type allows for a visitor."""
    return request.user
