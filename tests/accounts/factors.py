"""What the tests of second factors and fresh proofs share: pages, a browser, an app."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from jirani.accounts.models import User
from jirani.members.models import Person
from tests.accounts.test_sign_in import EMAIL, PASSWORD, SIGN_IN
from tests.cast import user_of

SECURITY, APP, SECOND = "/en/accounts/security/", "/en/accounts/security/app/", "/en/accounts/second-step/"
AGAIN, AGAIN_CODE, AGAIN_FACTOR = (f"/en/accounts/again/{rest}" for rest in ("", "code/", "second-step/"))

Commit = Callable[..., AbstractContextManager[Any]]


def give_password(person: Person) -> User:
    user: User = user_of(person)
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(secret: str, steps: int = 0) -> str:
    """Return what an app shows for this key now, or `steps` half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def signed_in(email: str = EMAIL) -> Client:
    """A browser whose owner has just signed in with a password."""
    client = Client()
    assert client.post(SIGN_IN, {"login": email, "password": PASSWORD}).status_code == 302
    return client


def set_up(client: Client, commit: Commit) -> str:
    """Set up an app. Returns its key."""
    found = re.search(r'<code class="key" dir="ltr">([A-Z2-7]{32})</code>', client.get(APP).content.decode())
    assert found
    with commit(execute=True):
        sent = client.post(APP, {"code": code_of(found[1])})
    assert sent.headers["Location"] == "/en/accounts/security/codes/"
    return found[1]
