"""Who may try to sign in how often, and a fresh proof that it is still the same person: a sign-in, or a password, code or passkey
given again, some minutes ago.

The proof is remembered in the shared cache until it expires, and not in the session, which would reveal when somebody signed in.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from jirani.language import normal_address

from .registry import must_have_second_factor

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

#: What counts as a second factor; recovery codes only replace one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def note_proof(request: HttpRequest) -> None:
    """Remember for a while that the person has just proven who they are, and drop the times that allauth stores."""
    cache.set(_proof(request), value=True, timeout=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    kept = [
        {name: value for name, value in one.items() if name not in {"email", "username"}} | {"at": 0} for one in records
    ]
    if records:
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def is_proven(request: HttpRequest) -> bool:
    """Whether they have proven so within the time that the settings say."""
    return bool(cache.get(_proof(request)))


def _proof(request: HttpRequest) -> str:
    return f"proof:{request.session.session_key}"


def asker(request: HttpRequest, address: str) -> tuple[str, bool]:
    """Who tries to sign in with an address, as limits count it, and whether it is a browser that has signed in with it before.

    A stranger who knows the address must not use up its owner's attempts: so each network is counted separately, and such a browser too
    (OWASP's "device cookies").
    """
    address = normal_address(address)
    known = constant_time_compare(request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), _mark(address))
    return f"{'known' if known else get_ip(request)}:{address}", known


def remember_browser(response: HttpResponseBase, address: str) -> None:
    """Let the browser say for a year that somebody has signed in from it with this address, without telling with which."""
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        _mark(normal_address(address)),
        max_age=settings.KNOWN_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(address: str) -> str:
    return salted_hmac("jirani.known", address, algorithm="sha256").hexdigest()


def fresh(view: View[P]) -> View[P]:
    """Require a fresh proof of identity: ask for it and then return here. Put this below a decorator for signed-in people."""

    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_proven(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    update_wrapper(inner, view)
    return inner


def has_second_factor(user: Any) -> bool:
    """Whether an app or a passkey is set up for the account."""
    return bool(Authenticator.objects.filter(user=user.pk, type__in=FACTORS).exists())


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the installation asks this person for a second factor and the session was not opened with one."""
    if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    return not any(record.get("method") == "mfa" for record in records) and must_have_second_factor(request.user)
