"""Data that third-party apps keep about an account: exported, erased, and deleted when it expires."""

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, Revision

from jirani.core.security import row_of

from .models import User
from .permissions import FACTORS, has_second_factor, note_proof


def traces(account: User) -> list[dict[str, str]]:
    """Return where third-party models refer to the account: model, field, and what the row is about."""
    return [
        {"in": model._meta.label, "as": name, "about": str(row)}
        for model, name in _links()
        for row in model._base_manager.filter(**{name: account})
    ]


def _links() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        if not model.__module__.startswith("jirani."):
            for field in model._meta.local_concrete_fields:
                if field.related_model is User:
                    yield model, field.name


def visits(account: User) -> list[datetime]:
    """Return when each session of the account expires."""
    return [session.expire_date for session in _sessions(account)]


def other_visits(account: User, here: str | None) -> list[Session]:
    """Return the account's other sessions: all except the one with this key."""
    return [session for session in _sessions(account) if here is None or session.pk != row_of(here)]


def end_other_visits(account: User, here: str | None) -> int:
    """Sign the account out everywhere else. Returns on how many devices."""
    others = other_visits(account, here)
    for session in others:
        session.delete()
    return len(others)


def _sessions(account: User) -> Iterator[Session]:
    read = _store().decode
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if read(session.session_data).get(SESSION_KEY) == str(account.pk):
            yield session


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore()


def erase_account(account: User) -> None:
    """Delete an account, its sessions and every reference to its number that has no foreign key. What it wrote stays."""
    for session in list(_sessions(account)):
        session.delete()
    for model, name in _links():
        field: Any = model._meta.get_field(name)
        if field.remote_field.on_delete is models.DO_NOTHING:
            model._base_manager.filter(**{name: account.pk}).update(**{name: None})
    _leave_revisions(account.pk)
    account.delete()


def _leave_revisions(number: int) -> None:
    """Remove the account from versions of pages, which hold the page as it was: its owner, who locks it, and comments
    with their authors.
    """
    for revision in Revision.objects.filter(content__has_any_keys=["owner", COMMENTS_RELATION_NAME]).iterator():
        left = _without(revision.content, number)
        if left != revision.content:
            Revision.objects.filter(pk=revision.pk).update(content=left)


def _without(content: dict[str, Any], number: int) -> dict[str, Any]:
    left = _unnamed(content, number)
    if COMMENTS_RELATION_NAME in content:
        left[COMMENTS_RELATION_NAME] = [
            _unnamed(comment, number) | {"replies": _others(comment["replies"], number)}
            for comment in _others(content[COMMENTS_RELATION_NAME], number)
        ]
    return left


def _unnamed(row: dict[str, Any], number: int) -> dict[str, Any]:
    naming = {"owner", "locked_by", "resolved_by"}
    return {name: None if name in naming and value == number else value for name, value in row.items()}


def _others(said: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    return [one for one in said if one["user"] != number]


def delete_expired_sessions() -> None:
    """Delete sessions that are over: of people who signed in, and of strangers who asked for a code."""
    _store().clear_expired()


def delete_expired_limits() -> None:
    """Delete what the shared cache no longer counts. Django does so only when the table is full."""
    shared: Any = settings.CACHES["default"]
    table = connection.ops.quote_name(shared["LOCATION"])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [timezone.now()])  # noqa: S608  # its name is a setting of ours


def remove_second_factor(account: User) -> int:
    """Remove every factor of an account whose owner has lost them, and sign it out everywhere. Returns how many there were."""
    count: int = Authenticator.objects.filter(user=account).delete()[0]
    end_other_visits(account, None)
    return count


# ── What follows from what allauth does (connected in apps.py) ──────────────────────────────────────────────────────────


def after_sign_in(*, request: HttpRequest | None, **others: Any) -> None:
    """Count signing in as a fresh proof, and keep what was to go with the code for as long as sessions do."""
    if request is not None:
        note_proof(request)
        request.session.set_expiry(None)


def after_step(*, request: HttpRequest, reauthenticated: bool = False, **others: Any) -> None:
    """Count proving one's identity again as a fresh proof too, but not a single step of an incomplete sign-in."""
    if reauthenticated:
        note_proof(request)


def after_factor_added(*, request: HttpRequest, user: User, authenticator: Authenticator, **others: Any) -> None:
    """Count the session as opened with the new factor: setting it up shows that they have it."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", type=authenticator.type, reauthenticated=True)


def after_factor_removed(*, request: HttpRequest, user: User, **others: Any) -> None:
    """End the account's other sessions, in case somebody used the factor there. If no factor is left, this session no longer counts as opened with one."""
    end_other_visits(user, request.session.session_key)
    if not has_second_factor(user):
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [one for one in records if one.get("method") != "mfa"]
