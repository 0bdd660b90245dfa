"""A second factor is set up, asked for at sign-in, required of people who run the network, and removed."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jirani.accounts.models import User
from jirani.accounts.permissions import is_proven
from jirani.audit.models import Entry
from jirani.members.enums import NetworkDuty
from jirani.members.models import Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.accounts.factors import (
    AGAIN_FACTOR,
    APP,
    SECOND,
    SECURITY,
    Commit,
    code_of,
    give_password,
    set_up,
    signed_in,
)
from tests.accounts.test_sign_in import CODE, CONFIRM, DESK, EMAIL, PASSWORD, SIGN_IN, ask, is_in, the_code
from tests.cast import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted", "committed")]


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code></li>", client.get("/en/accounts/security/codes/").content.decode())


def test_an_app_is_set_up_without_scripts_and_asked_for_from_then_on(
    zawadi: User, django_capture_on_commit_callbacks: Commit
) -> None:
    client = signed_in()
    assert "Set up an app" in client.get(SECURITY).content.decode()
    wrong = client.post(APP, {"code": "000000"})
    assert ("This did not match." in wrong.content.decode(), Authenticator.objects.count()) == (True, 0)
    secret = set_up(client, django_capture_on_commit_callbacks)
    assert len(recovery_codes(client)) == 10
    assert list(Message.objects.values_list("kind", "subject")) == [
        ("accounts.second_factor", "Second step at Jirani: an app was set up")
    ]

    other = Client()
    sent = other.post(f"{SIGN_IN}?next=/en/lessons/", {"login": EMAIL, "password": PASSWORD, "next": "/en/lessons/"})
    assert (sent.headers["Location"], is_in(other)) == (SECOND, False)
    refused = other.post(SECOND, {"code": "123"})
    assert ("This did not match." in refused.content.decode(), is_in(other)) == (True, False)
    passed = other.post(SECOND, {"code": code_of(secret)})
    assert (passed.headers["Location"], is_in(other)) == ("/en/lessons/", True)


def test_after_a_code_by_e_mail_too(secret: str) -> None:
    client = Client()
    ask(client)
    assert client.post(CONFIRM, {"code": the_code()}).headers["Location"] == SECOND
    assert not is_in(client)
    assert client.get(SIGN_IN).status_code == 200  # who has nothing at hand can begin again
    client.post(CODE, {"email": EMAIL})
    client.post(CONFIRM, {"code": the_code()})
    client.post(SECOND, {"code": code_of(secret)})
    assert is_in(client)


def test_one_step_of_a_sign_in_is_no_fresh_proof(secret: str) -> None:
    client, request = Client(), HttpRequest()
    ask(client)
    for step, code, proven in ((CONFIRM, the_code(), False), (SECOND, code_of(secret, 1), True)):
        client.post(step, {"code": code})
        request.session = client.session
        assert is_proven(request) is proven


def test_a_code_of_the_app_counts_once_however_it_is_written(secret: str) -> None:
    first, second = Client(), Client()
    code = code_of(secret)
    for client in (first, second):
        client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    first.post(SECOND, {"code": code})
    cache.delete(f"allauth.mfa.totp.used?user={User.objects.get().pk}&code={code}")  # allauth forgets it too early
    second.post(SECOND, {"code": f"{code[:3]} {code[3:]}"})

    assert (is_in(first), is_in(second)) == (True, False)


def test_a_recovery_code_stands_in_once(secret: str, zawadi: User) -> None:
    (kept,) = Authenticator.objects.filter(type="recovery_codes")
    code = kept.wrap().get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
        client.post(SECOND, {"code": code})

    assert (is_in(first), is_in(second)) == (True, False)
    assert "9 codes are left" in first.get(SECURITY).content.decode()


def test_the_database_alone_gives_nobodys_codes_and_another_secret_key_lets_nobody_in(
    secret: str, settings: Any
) -> None:
    held = " ".join(str(one.data) for one in Authenticator.objects.all())
    assert secret not in held
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    settings.SECRET_KEY = "another"
    client = Client()
    client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    for code in (code_of(secret), codes[0], "", code_of("A" * 32)):
        client.post(SECOND, {"code": code})
    assert not is_in(client)


def test_of_a_factor_the_day_is_kept(secret: str) -> None:
    client = Client()
    client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    client.post(SECOND, {"code": code_of(secret)})
    recovery_codes(client)
    app, codes = Authenticator.objects.get(type="totp"), Authenticator.objects.get(type="recovery_codes")

    for moment in (app.created_at, app.last_used_at, codes.created_at):
        assert (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    assert codes.data["viewed_at"] == 1
    told = [dict(client.session)["account_authentication_methods"]]
    assert [record["at"] for record in told[0]] == [0, 0]
    assert EMAIL not in str(told)


# ── Of whom it is asked ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def asked(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def coordinator() -> Person:
    person = make.person("Amina", email=EMAIL)
    make.duty(person, NetworkDuty.COORDINATOR)
    give_password(person)
    return person


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("asked")
def test_a_coordinator_is_led_to_set_one_up_before_anything_else(django_capture_on_commit_callbacks: Commit) -> None:
    coordinator()
    client = signed_in()
    for address in (DESK, "/en/", "/cms/", "/cms/pages/", "/en/lessons/new/", "/en/nowhere/"):
        led = client.get(address)
        assert led.headers["Location"].startswith(f"{SECURITY}?next="), address
    assert client.post("/en/events/new/", {}).headers["Location"].startswith(SECURITY)
    assert "Your role for the network asks for a second step" in client.get(SECURITY).content.decode()
    assert client.get("/en/accounts/sign-out/").status_code == 200

    assert client.get("/en/my-programme/TOKEN/").headers["Location"] == SECURITY, "a secret, and no proxy's business"

    secret = set_up(client, django_capture_on_commit_callbacks)
    assert [client.get(address).status_code for address in (DESK, "/cms/")] == [200, 200]
    other = Client()
    other.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    other.post(SECOND, {"code": code_of(secret, 1)})
    assert [other.get(address).status_code for address in (DESK, "/cms/")] == [200, 200]


@pytest.mark.usefixtures("asked")
def test_whoever_is_signed_in_since_before_gives_it_once(django_capture_on_commit_callbacks: Commit) -> None:
    coordinator()
    earlier = signed_in()
    secret = set_up(signed_in(), django_capture_on_commit_callbacks)
    led = earlier.get(DESK)
    assert led.headers["Location"] == f"{AGAIN_FACTOR}?next={DESK}"
    sent = earlier.post(led.headers["Location"], {"code": code_of(secret, 1)})
    assert (sent.headers["Location"], earlier.get(DESK).status_code) == (DESK, 200)


@pytest.mark.usefixtures("asked")
def test_the_way_back_to_a_secret_address_is_no_secret_told(django_capture_on_commit_callbacks: Commit) -> None:
    coordinator()
    earlier = signed_in()
    secret = set_up(signed_in(), django_capture_on_commit_callbacks)
    note = "/en/notes/4711/attribution/"
    assert earlier.get(note).headers["Location"] == AGAIN_FACTOR
    assert earlier.post(AGAIN_FACTOR, {"code": code_of(secret, 1)}).headers["Location"] == note


@pytest.mark.parametrize(("duty", "asks"), [(NetworkDuty.EDITOR, True), (NetworkDuty.TRANSLATOR, False), (None, False)])
@pytest.mark.usefixtures("asked")
def test_of_whom_it_is_asked(duty: NetworkDuty | None, asks: bool) -> None:
    person = make.person("Amina", email=EMAIL)
    if duty:
        make.duty(person, duty)
    assert (client_of(person).get(DESK).status_code == 302) is asks
    assert Client().get("/en/").status_code == 200


def test_nobody_is_asked_unless_the_installation_says_so() -> None:
    assert client_of(coordinator()).get(DESK).status_code == 200


def test_whoever_gave_it_costs_no_query_more(secret: str, settings: Any) -> None:
    client = Client()
    client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    client.post(SECOND, {"code": code_of(secret, 1)})
    counts = []
    for settings.REQUIRE_SECOND_FACTOR in (False, True, False, True):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(DESK).status_code == 200
        counts.append(len(queries))

    assert counts[2:] == [counts[2]] * 2  # the first two fill what a process remembers


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("asked")
def test_without_a_factor_left_it_is_asked_for_again(django_capture_on_commit_callbacks: Commit) -> None:
    coordinator()
    client = signed_in()
    set_up(client, django_capture_on_commit_callbacks)
    assert client.get(DESK).status_code == 200
    client.post("/en/accounts/security/app/off/")
    assert (Authenticator.objects.count(), client.get(DESK).status_code) == (0, 302)


# ── Elsewhere ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_signs_out_everywhere_else(zawadi: User) -> None:
    here, there, others = signed_in(), signed_in(), Client()
    make.user("other@example.org", password=PASSWORD)
    others.post(SIGN_IN, {"login": "other@example.org", "password": PASSWORD})
    assert "You are signed in on 1 other device or browser." in here.get(SECURITY).content.decode()
    page = here.post("/en/accounts/security/elsewhere/", follow=True).content.decode()

    assert "You are signed out on 1 other device." in page
    assert "You are signed in here only." in page
    assert (is_in(here), is_in(there), is_in(others)) == (True, False, True)


def test_taking_a_factor_away_signs_out_everywhere_else(
    secret: str, django_capture_on_commit_callbacks: Commit
) -> None:
    here, there = Client(), Client()
    for client, step in ((here, 0), (there, 1)):
        client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
        client.post(SECOND, {"code": code_of(secret, step)})
    assert is_in(there)
    here.post("/en/accounts/security/app/off/")

    assert (is_in(here), is_in(there)) == (True, False)


def test_an_administrator_takes_lost_factors_away(
    secret: str, zawadi: User, capsys: pytest.CaptureFixture[str]
) -> None:
    client = Client()
    client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    client.post(SECOND, {"code": code_of(secret)})
    with pytest.raises(CommandError, match="No account has this address"):
        call_command("forget_second_factor", "nobody@example.org")
    call_command("forget_second_factor", EMAIL.upper())

    assert capsys.readouterr().out.startswith("Taken away: 2.")
    assert (Authenticator.objects.count(), is_in(client)) == (0, False)
    assert Entry.objects.filter(verb="members.forget_second_factor").count() == 1
    client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    assert is_in(client)
