"""A fresh proof that it is still the same person: a sign-in, or a password, code or passkey given again, some minutes ago.

That it was given stands in the shared cache until it is over, and not in the session, which would tell when somebody signed in.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from .registry import must_have_second_factor

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

#: What counts as a second factor; recovery codes only stand in for one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def note_proof(request: HttpRequest) -> None:
    """Remember for a while that the person has just proven who they are, and let go of the moments that allauth keeps."""
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


def fresh(view: View[P]) -> View[P]:
    """Only after a fresh proof; whoever has given none is asked for it and led back. Goes below a door for signed-in people."""

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
