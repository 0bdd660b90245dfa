"""Sign-in leaves no trace in the database or the log of who signed in, from where or when."""

import logging
import pickle
import threading
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from jirani.accounts.actions import delete_expired_limits
from jirani.accounts.models import User
from jirani.audit.actions import record
from jirani.core.registry import nightly_tasks
from jirani.notifications.actions import letter_of
from jirani.notifications.models import Message
from tests import factories as make
from tests.accounts.test_sign_in import CODE, CONFIRM, EMAIL, PASSWORD, SIGN_IN, ask, is_in, the_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def kept() -> list[tuple[str, Any]]:
    """Every row of the shared cache: its key, and what it holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM jirani_cache")
        return [(key, pickle.loads(b64decode(value))) for key, value in cursor.fetchall()]


def test_the_cache_names_nobody(client: Client) -> None:
    make.user(EMAIL, password=PASSWORD)
    ask(client)
    client.post(SIGN_IN, {"login": EMAIL, "password": "not the password"})
    keys = [key for key, _value in kept()]

    assert len(keys) >= 3
    assert {len(key) for key in keys} == {64}
    telling = ("127.0.0.1", "zawadi", sha256(EMAIL.encode()).hexdigest(), "allauth")
    assert [key for key in keys if any(word in key for word in telling)] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'jirani_cache'")
        assert cursor.fetchone() == ("u",)  # so the write-ahead log does not hold it either


def test_a_copy_of_the_database_opens_nothing_and_tells_no_code(client: Client) -> None:
    """Sessions of whoever is in and of whoever is about to be, and the letter that waits."""
    user = make.user(EMAIL)
    client.force_login(user)
    asking = Client()
    ask(asking)
    code = the_code()
    for row in Session.objects.all():
        reader = Client()
        reader.cookies["sessionid"] = row.session_key
        assert not is_in(reader)
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM django_session s UNION SELECT m::text FROM notifications_message m")
        held = [row for (row,) in cursor.fetchall()]
    assert len(held) == 3
    telling = (client.cookies["sessionid"].value, asking.cookies["sessionid"].value, code)
    assert [(word, row) for row in held for word in telling if word in row] == []

    asking.post(CONFIRM, {"code": code})
    assert [is_in(one) for one in (client, asking)] == [True, True]


def test_a_code_that_proves_it_again_is_sealed_too(client: Client) -> None:
    client.force_login(make.user(EMAIL))
    client.post("/en/accounts/again/code/", {"send": "1"})
    code = the_code()
    held = [value for _key, value in kept()]

    assert [value for value in held if code in str(value)] == []
    assert client.post("/en/accounts/again/code/", {"code": code}).status_code == 302


def test_what_is_over_goes_at_night_and_what_counts_stays() -> None:
    for n in range(3):
        cache.set(f"over {n}", [1.0], timeout=0.01)
    cache.set("counts", [2.0], timeout=60)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jirani_cache SET expires = now() - interval '1 minute' WHERE expires < now() + interval '30 s'"
        )
    nightly_tasks()["accounts.limits"]()

    assert nightly_tasks()["accounts.limits"] is delete_expired_limits
    assert [value for _key, value in kept()] == [[2.0]]


def test_of_a_visit_the_day_is_kept_and_no_moment(client: Client) -> None:
    make.user(EMAIL)
    ask(client)
    client.post(CONFIRM, {"code": the_code()})
    assert is_in(client)

    last = User.objects.get().last_login
    assert last is not None
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    assert last == today
    (session,) = Session.objects.all()
    assert session.expire_date == today + timedelta(days=15)
    assert b64decode(session.session_data.encode(), b"-_")[1:9] == bytes(8)  # sealed, at no second


def test_who_was_signed_in_for_two_weeks_still_is_on_the_last_day(client: Client) -> None:
    client.force_login(make.user(EMAIL))
    end = timezone.now() + timedelta(days=14)

    assert Session.objects.get().expire_date > end


def test_a_session_in_which_nobody_signed_in_goes_the_next_night(client: Client) -> None:
    make.user(EMAIL)
    ask(client)
    tomorrow = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert Session.objects.get().expire_date in {
        tomorrow,
        tomorrow + timedelta(days=1),
    }  # the latter in the day's last hour
    assert client.cookies["sessionid"]["max-age"] == 3600

    client.post(CONFIRM, {"code": the_code()})
    assert Session.objects.get().expire_date == tomorrow + timedelta(days=14)
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_a_stranger_gets_one_letter_a_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [ask(Client(), "Stranger@example.org" if n else "stranger@example.org") for n in range(3)]
    assert [page.count("belongs to an account") for page in pages] == [1, 1, 1]
    assert Message.objects.filter(to__iexact="stranger@example.org").count() == 1

    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr("time.time", lambda: later.timestamp())
    ask(Client(), "stranger@example.org")
    assert Message.objects.filter(to__iexact="stranger@example.org").count() == 2


def test_the_log_tells_what_happened_and_not_to_whom(caplog: pytest.LogCaptureFixture) -> None:
    make.user(EMAIL, password=PASSWORD)
    strict, client = Client(enforce_csrf_checks=True), Client()
    with caplog.at_level(logging.WARNING, logger="jirani.security"):
        client.post(SIGN_IN, {"login": EMAIL, "password": "not the password"})
        ask(client)
        client.post(CONFIRM, {"code": "AAAA-AAAA"})
        for _ in range(4):
            Client().post(CODE, {"email": "other@example.org"})
        strict.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
        client.post(CONFIRM, {"code": the_code_for(EMAIL)})
        client.get("/cms/")
    told = [entry.getMessage() for entry in caplog.records if entry.name == "jirani.security"]
    assert told == [
        "sign_in_failed method=password",
        "sign_in_failed method=code",
        "throttled method=sign_in",
        "csrf_refused view=account_login",
        "refused view=wagtailadmin_home",
    ]


def the_code_for(email: str) -> str:
    """The code in the latest letter to this address."""
    body = letter_of(Message.objects.filter(to=email, kind="accounts.code").latest("pk")).body
    return next(line for line in body.splitlines() if len(line) == 9 and line[4] == "-")


def test_a_change_of_roles_is_told_once_it_is_done(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    organisation = make.organisation("A county")
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        record("members.add_post", organisation, role="focal_point")
        record("members.add_organisation", organisation)
        assert caplog.messages == []
    assert caplog.messages == ["role_changed act=members.add_post role=focal_point"]


# ── At the same moment ──────────────────────────────────────────────────────────────────────────────────────────────────


def at_once(act: Callable[[int], Any], times: int) -> list[Any]:
    """Return what `act` returns when called `times` times at once on as many connections."""
    ready, answers = threading.Barrier(times), []

    def run(number: int) -> None:
        ready.wait()
        try:
            answers.append(act(number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def with_session_of(client: Client) -> Client:
    """Another tab of the same browser."""
    other = Client()
    other.cookies.load(client.cookies.output(header="", sep=";"))
    return other


@pytest.mark.django_db(transaction=True)
def test_of_guesses_at_once_three_count(caplog: pytest.LogCaptureFixture) -> None:
    make.user(EMAIL)
    client = Client()
    ask(client)
    tabs = [with_session_of(client) for _ in range(12)]
    with caplog.at_level(logging.WARNING, logger="jirani.security"):
        at_once(lambda n: tabs[n].post(CONFIRM, {"code": f"AAAA-AAA{n}"}).status_code, 12)

    assert caplog.messages.count("sign_in_failed method=code") <= 3
    client.post(CONFIRM, {"code": the_code()})
    assert not is_in(client)


@pytest.mark.django_db(transaction=True)
def test_a_code_sent_twenty_times_at_once_signs_in_once() -> None:
    make.user(EMAIL)
    client = Client()
    ask(client)
    code, tabs = the_code(), [with_session_of(client) for _ in range(20)]
    statuses = at_once(lambda n: tabs[n].post(CONFIRM, {"code": code}).status_code, 20)

    assert sum(is_in(tab) for tab in tabs) == 1
    assert 500 not in statuses


@pytest.mark.django_db(transaction=True)
def test_of_codes_asked_for_twenty_times_at_once_three_are_sent() -> None:
    make.user(EMAIL)
    at_once(lambda n: Client().post(CODE, {"email": EMAIL}).status_code, 20)

    assert 1 <= Message.objects.count() <= 3
