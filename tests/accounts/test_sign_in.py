"""Signing in through the browser: with a code, with a password, and what is said to whoever may not."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jirani.accounts.models import User
from jirani.config import settings as real
from jirani.notifications.actions import letter_of
from jirani.notifications.models import Message
from tests import factories as make
from tests.reader import tight

pytestmark = pytest.mark.django_db

SIGN_IN, CODE, CONFIRM, DESK = "/en/accounts/sign-in/", "/en/accounts/code/", "/en/accounts/code/confirm/", "/en/desk/"
EMAIL, PASSWORD = "zawadi@example.org", "a lesson told in a room"


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """How often somebody tried is counted in the cache."""
    cache.clear()


@pytest.fixture
def zawadi() -> User:
    return make.user(EMAIL, password=PASSWORD, language="fr")


def is_in(client: Client) -> bool:
    """Whether the desk opens."""
    return client.get(DESK).status_code == 200


def ask(client: Client, email: str = EMAIL) -> str:
    """Ask for a code. Returns what the next page says."""
    sent = client.post(CODE, {"email": email})
    assert (sent.status_code, sent.headers["Location"]) == (302, CONFIRM)
    return client.get(CONFIRM).content.decode()


def the_code() -> str:
    """The code in the latest letter."""
    body = letter_of(Message.objects.latest("pk")).body
    found = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", body, re.MULTILINE)
    assert found, body
    return found[1]


def test_with_a_code_that_comes_in_ones_language_and_works_once(client: Client, zawadi: User) -> None:
    ask(client)
    letter, code = Message.objects.get(), the_code()
    sent = client.post(CONFIRM, {"code": code})

    assert (letter.kind, letter.to, letter.language) == ("accounts.code", EMAIL, "fr")
    assert (sent.headers["Location"], is_in(client)) == (DESK, True)
    other = Client()
    ask(other)
    assert (other.post(CONFIRM, {"code": code}).status_code, is_in(other)) == (200, False)


def test_a_wrong_code_is_said_to_be_wrong_and_after_three_none_is_right(client: Client, zawadi: User) -> None:
    ask(client)
    code = the_code()
    first = client.post(CONFIRM, {"code": "AAA-AAA"}).content.decode()
    client.post(CONFIRM, {"code": "AAA-AAA"})
    third = client.post(CONFIRM, {"code": "AAA-AAA"})
    client.post(CONFIRM, {"code": code})

    assert "This code is not right. Look at our latest e-mail." in first
    assert (third.status_code, "<h1>Too many attempts with this code</h1>" in tight(third.content.decode())) == (
        422,
        True,
    )
    assert not is_in(client)


@pytest.mark.parametrize(("minutes", "status"), [(14, 302), (16, 422), (61, 422)])
def test_a_code_is_valid_for_fifteen_minutes_and_says_that_it_expired(
    client: Client, zawadi: User, monkeypatch: pytest.MonkeyPatch, minutes: int, status: int
) -> None:
    ask(client)
    code, later = the_code(), timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr("time.time", lambda: later.timestamp())
    sent = client.post(CONFIRM, {"code": code, "next": "/en/lessons/"})

    assert (sent.status_code, is_in(client)) == (status, status == 302)
    if status == 422:
        page = tight(sent.content.decode())
        assert "<h1>This code has expired</h1>" in page
        assert ('value="zawadi@example.org"' in page) is (
            minutes == 16
        )  # after an hour we do not know any more who asked
        again = client.post(CODE, {"email": EMAIL, "next": "/en/lessons/"})
        assert again.headers["Location"] == f"{CONFIRM}?next=%2Fen%2Flessons%2F"
        assert client.post(CONFIRM, {"code": the_code(), "next": "/en/lessons/"}).headers["Location"] == "/en/lessons/"


def test_a_page_for_a_code_that_is_opened_too_late_says_so(
    client: Client, zawadi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    later = timezone.now() + timedelta(minutes=20)
    monkeypatch.setattr("time.time", lambda: later.timestamp())
    page = client.get(CONFIRM)

    assert (page.status_code, "<h1>This code has expired</h1>" in tight(page.content.decode())) == (200, True)
    assert Client().get(CONFIRM).headers["Location"] == CODE


def test_an_unknown_address_is_told_the_same_as_a_known_one(zawadi: User) -> None:
    """Neither page reveals who has an account; only the letter to a stranger tells them so."""
    known, unknown = ask(Client()), ask(Client(), "nobody@example.org")
    tokens = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')

    assert tokens.sub("", known).replace(EMAIL, "…") == tokens.sub("", unknown).replace("nobody@example.org", "…")
    assert list(Message.objects.order_by("pk").values_list("kind", "to")) == [
        ("accounts.code", EMAIL),
        ("accounts.unknown", "nobody@example.org"),
    ]
    wrong = [
        Client().post(SIGN_IN, {"login": email, "password": "not the password"}).content.decode()
        for email in (EMAIL, "nobody@example.org")
    ]
    assert tokens.sub("", wrong[0]).replace(EMAIL, "…") == tokens.sub("", wrong[1]).replace("nobody@example.org", "…")


def test_with_a_password(client: Client, zawadi: User) -> None:
    refused = client.post(SIGN_IN, {"login": EMAIL, "password": "a lesson told elsewhere"})
    assert "The e-mail address or the password is not right." in refused.content.decode()
    assert not is_in(client)

    sent = client.post(f"{SIGN_IN}?next=/en/lessons/", {"login": EMAIL.upper(), "password": PASSWORD})
    assert (sent.headers["Location"], is_in(client)) == ("/en/lessons/", True)
    elsewhere = Client().post(f"{SIGN_IN}?next=https://evil.example/", {"login": EMAIL, "password": PASSWORD})
    assert elsewhere.headers["Location"] == DESK
    client.post("/en/accounts/sign-out/")
    assert not is_in(client)


def test_a_closed_account_opens_neither_way(client: Client, zawadi: User) -> None:
    User.objects.update(is_active=False)
    sent = client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD}, follow=True)

    assert "This account is closed" in sent.content.decode()
    assert not is_in(client)


def test_whoever_asks_for_codes_too_often_waits(zawadi: User) -> None:
    answers = [Client().post(CODE, {"email": EMAIL}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert "Too many attempts. Try again in a few minutes." in answers[-1].content.decode()
    assert Message.objects.count() == 3


def test_whoever_tries_passwords_too_often_waits(client: Client, zawadi: User) -> None:
    wrong, right = ({"login": EMAIL, "password": word} for word in ("not the password", PASSWORD))
    tries = [client.post(SIGN_IN, wrong).content.decode() for _ in range(5)]
    said = client.post(SIGN_IN, right).content.decode()
    assert ["Too many attempts" in page for page in (*tries, said)] == [False] * 5 + [True]
    assert not is_in(client)


def test_an_address_that_nobody_has_is_refused_at_once(client: Client) -> None:
    long = "a" + ">" * 60_000 + "x"
    for address, name in ((CODE, "email"), (SIGN_IN, "login")):
        page = client.post(address, {name: long, "password": PASSWORD})
        assert (page.status_code, "Shorten this to" in page.content.decode()) == (200, True)
    assert Message.objects.count() == 0


def _from(network: str) -> Client:
    return Client(REMOTE_ADDR=network)


def test_a_stranger_who_knows_an_address_keeps_its_owner_from_neither_codes_nor_password(
    zawadi: User, settings: Any
) -> None:
    """Not from another network, and from a browser in which they have signed in before not from the same one either."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "code_for_strangers": "9/h/key"}
    code, right, wrong = (
        {"email": EMAIL},
        {"login": EMAIL, "password": PASSWORD},
        {"login": EMAIL, "password": "not the password"},
    )
    own = _from("192.0.2.7")
    assert own.post(SIGN_IN, right).status_code == 302
    mark = own.cookies["known"]
    assert (mark["httponly"], mark["samesite"], mark["max-age"]) == (True, "Lax", 365 * 24 * 3600)
    assert (EMAIL in mark.value, own.post("/en/accounts/sign-out/").status_code) == (False, 302)

    for _ in range(6):
        _from("192.0.2.7").post(CODE, code)
        _from("192.0.2.7").post(SIGN_IN, wrong)
    assert [_from("192.0.2.7").post(*one).status_code for one in ((CODE, code), (SIGN_IN, right))] == [200, 200]
    assert [_from("198.51.100.1").post(*one).status_code for one in ((CODE, code), (SIGN_IN, right))] == [302, 302]
    assert [own.post(*one).status_code for one in ((CODE, code), (SIGN_IN, right))] == [302, 302]


def test_strangers_together_have_no_more_than_a_limit_and_a_known_browser_has_its_own(
    zawadi: User, settings: Any
) -> None:
    limits = {"code_for_strangers": "4/h/key", "login_failed_by_strangers": "4/h/key"}
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **limits}
    own = _from("192.0.2.7")
    own.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    own.post("/en/accounts/sign-out/")
    wrong = {"login": EMAIL, "password": "not the password"}
    codes = [_from(f"198.51.100.{n}").post(CODE, {"email": EMAIL.upper()}).status_code for n in range(6)]
    words = [_from(f"198.51.100.{n}").post(SIGN_IN, wrong).content.decode() for n in range(6)]

    assert codes == [302] * 4 + [200] * 2
    assert ["Too many attempts" in page for page in words] == [False] * 4 + [True] * 2
    assert own.post(CODE, {"email": EMAIL}).status_code == 302
    assert own.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD}).status_code == 302
    other = make.user("other@example.org", password=PASSWORD)
    own.post("/en/accounts/sign-out/")
    assert own.post(SIGN_IN, {"login": other.email, "password": PASSWORD}).status_code == 302, "nobody else's limit"


def test_a_hundred_people_of_one_network_get_their_codes_and_a_thousand_do_not(client: Client) -> None:
    """A conference's wireless network is one address; so is a machine that tries everybody's."""
    people = [make.user(f"{n}@example.org").email for n in range(100)]
    asked = [Client().post(CODE, {"email": email}).headers.get("Location") for email in people]
    assert asked == [CONFIRM] * 100
    assert list(Message.objects.order_by("pk").values_list("to", flat=True)) == people


def test_too_much_from_one_network_address_is_refused(client: Client, zawadi: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "3/m/ip"}
    wrong = {"login": "nobody@example.org", "password": "not the password"}
    statuses = [client.post(SIGN_IN, wrong).status_code for _ in range(4)]
    page = client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})

    assert statuses == [200, 200, 200, 429]
    assert "Wait a few minutes and try again." in page.content.decode()
    assert not is_in(client)


def test_passwords_are_kept_by_argon2(settings: object, client: Client) -> None:
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS  # type: ignore[attr-defined]  # tests use a quick one
    kept = make.user(EMAIL, password=PASSWORD).password

    assert (kept.split("$")[0], identify_hasher(kept).algorithm) == ("argon2", "argon2")
    client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    assert is_in(client)


def test_a_weak_password_is_not_taken(client: Client) -> None:
    client.force_login(make.user(EMAIL), backend="django.contrib.auth.backends.ModelBackend")
    for weak in ("short", "123456789012", "password1234"):
        assert client.post("/en/accounts/password/set/", {"password1": weak, "password2": weak}).status_code == 200
    assert not User.objects.get().has_usable_password()
    client.post("/en/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get().check_password(PASSWORD)


# ── On the way to a page whose address is a secret ──────────────────────────────────────────────────────────────────────

NOTE = "/en/notes/4711/attribution/"


@pytest.mark.parametrize("address", [NOTE, "/ar/events/a-b/sessions/7/notes/new/", "/en/notes/mine/?page=2"])
def test_a_secret_address_stands_in_none_on_the_way_to_it(zawadi: User, address: str) -> None:
    client = Client()
    led = client.get(address)
    assert re.fullmatch("/[a-z]{2}/accounts/sign-in/", led.headers["Location"])
    page = client.get(led.headers["Location"]).content.decode()
    assert ("notes" in page, "4711" in page) == (False, False)
    asked = client.post(CODE, {"email": EMAIL})
    assert asked.headers["Location"] == CONFIRM
    assert client.post(CONFIRM, {"code": the_code()}).headers["Location"] == address

    other = Client()
    other.get(address)
    assert other.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD}).headers["Location"] == address


def test_whoever_has_come_to_it_is_led_there_no_more(zawadi: User) -> None:
    client = Client()
    client.get("/en/notes/mine/")
    client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    assert client.get("/en/notes/mine/").status_code == 200
    client.post("/en/accounts/sign-out/")
    assert client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD}).headers["Location"] == DESK


@pytest.mark.parametrize(
    "forged", ["https://evil.example/notes/1/", "//evil.example/notes/1/", "/en/lessons/", "/en/?a=/notes/"]
)
def test_only_a_secret_address_of_ours_waits_in_a_cookie(zawadi: User, forged: str) -> None:
    client = Client()
    assert client.get("/en/desk/").headers["Location"] == f"{SIGN_IN}?next={DESK}"
    assert real.ONWARD_COOKIE_NAME not in client.cookies
    client.cookies[real.ONWARD_COOKIE_NAME] = forged
    assert client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD}).headers["Location"] == DESK
