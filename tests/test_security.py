"""Headers and cookies as served, and the demo's sign-in, which exists only in demo mode."""

from importlib import reload, util
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches

from jirani.accounts.models import User
from jirani.cli.main import parser
from jirani.config import settings as real
from jirani.config import urls
from jirani.config.environment import BadSetting
from tests import factories as make

pytestmark = pytest.mark.django_db


def policy(response: Any) -> dict[str, list[str]]:
    """The content security policy by directive."""
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";") if part.strip())
    return {name: sources for name, *sources in parts}


def admin() -> Client:
    """Somebody who may use Wagtail's pages."""
    client = Client()
    client.force_login(
        User.objects.create_superuser("admin@example.org"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.mark.parametrize("address", ["/en/", "/ar/accounts/sign-in/", "/en/nowhere/", "/en/lessons/feed/"])
def test_a_page_runs_and_loads_nothing_but_our_own(client: Client, address: str) -> None:
    response = client.get(address)

    assert policy(response) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
    }
    kept = ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "X-Frame-Options")
    assert [response.headers[name] for name in kept] == ["nosniff", "same-origin", "same-origin", "SAMEORIGIN"]


def test_wagtails_pages_have_a_policy_of_their_own() -> None:
    found = policy(admin().get("/cms/"))

    assert (found["script-src"], found["default-src"], found["object-src"]) == (
        ["'self'", "'unsafe-inline'"],
        ["'self'"],
        ["'none'"],
    )
    elsewhere = {source for sources in found.values() for source in sources if not source.startswith("'")}
    assert elsewhere == {"data:", "blob:"}


NAMES = ("csrftoken", "known", "language", "owner", "sessionid")


@pytest.mark.parametrize(("base", "secure"), [("https://network.example.org", True), ("http://127.0.0.1:8000", False)])
def test_cookies_are_secure_where_the_address_is(
    settings: Any, monkeypatch: pytest.MonkeyPatch, base: str, secure: bool
) -> None:
    monkeypatch.setenv("JIRANI_BASE_URL", base)
    served = _read_again()
    kinds = [
        f"{kind}_COOKIE_{what}"
        for kind in ("SESSION", "CSRF", "LANGUAGE", "OWNER", "KNOWN")
        for what in ("SECURE", "NAME")
    ]
    kinds = [name for name in kinds if hasattr(served, name)]
    for name in (*kinds, "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS"):
        setattr(settings, name, getattr(served, name))
    make.user("zawadi@example.org", password="a lesson told in a room")
    client = Client()
    before = f"{'https' if secure else 'http'}://testserver/en/"
    client.get("/fr/accounts/sign-in/", secure=secure, headers={"Referer": before})
    sent = {"login": "zawadi@example.org", "password": "a lesson told in a room"}
    response = client.post("/en/accounts/sign-in/", sent, secure=secure)
    client.get("/en/desk/", secure=secure)

    cookies = {
        name: (bool(kept["secure"]), kept["samesite"], kept["path"], kept["domain"])
        for name, kept in client.cookies.items()
    }
    prefix = "__Host-" if secure else ""
    assert cookies == {f"{prefix}{name}": (secure, "Lax", "/", "") for name in NAMES}
    assert client.cookies[f"{prefix}sessionid"]["httponly"] is True
    assert response.headers.get("Strict-Transport-Security") == ("max-age=31536000" if secure else None)


def test_subdomains_are_kept_to_https_where_the_administrator_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRANI_BASE_URL", "https://network.example.org")
    assert _read_again().SECURE_HSTS_INCLUDE_SUBDOMAINS is False
    monkeypatch.setenv("JIRANI_HSTS_SUBDOMAINS", "1")
    assert _read_again().SECURE_HSTS_INCLUDE_SUBDOMAINS is True
    monkeypatch.setenv("JIRANI_BASE_URL", "http://127.0.0.1:8000")
    assert _read_again().SECURE_HSTS_INCLUDE_SUBDOMAINS is False


def test_limits_of_sign_in_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRANI_LIMIT_CODES", "2/m, 10/h")
    monkeypatch.setenv("JIRANI_LIMIT_NETWORK", "1000/5m")
    limits = _read_again().ACCOUNT_RATE_LIMITS
    assert (limits["request_login_code"], limits["login"]) == ("1000/5m/ip,2/m/key,10/h/key", "1000/5m/ip")
    monkeypatch.setenv("JIRANI_LIMIT_CODES", "")
    assert _read_again().ACCOUNT_RATE_LIMITS["request_login_code"] == "1000/5m/ip,3/m/key,8/h/key"
    for wrong in ("often", "0/m", "3", "3/week", "-1/m", "3/0m", "3/m,", ",", "3/m/ip"):
        monkeypatch.setenv("JIRANI_LIMIT_CODES", wrong)
        with pytest.raises(BadSetting, match="JIRANI_LIMIT_CODES holds"):
            _read_again()


def _read_again() -> Any:
    """The settings as this environment has them."""
    spec = util.spec_from_file_location("jirani.config.again", real.__file__)
    assert spec is not None
    assert spec.loader is not None
    served = util.module_from_spec(spec)
    spec.loader.exec_module(served)
    return served


# ── The demo's sign-in ──────────────────────────────────────────────────────────────────────────────────────────────────

DEMO = "/en/demo/sign-in/"


@pytest.fixture
def without_demo(settings: Any) -> Any:
    """The addresses of a network for real use."""
    settings.DEMO = False
    _renew()
    yield
    settings.DEMO = True
    _renew()


def _renew() -> None:
    reload(urls)
    clear_url_caches()


@pytest.mark.usefixtures("without_demo")
def test_outside_demo_mode_there_is_no_sign_in_by_a_click(client: Client) -> None:
    make.user("coordinator@demo.jirani.example")

    assert [client.get(DEMO).status_code, client.post(DEMO, {"role": "coordinator"}).status_code] == [404, 404]
    assert client.get("/en/desk/").status_code == 302
    for page in ("/en/", "/en/accounts/sign-in/"):
        assert "demo/sign-in" not in client.get(page).content.decode()
    assert '<a href="/en/accounts/sign-in/">Sign in</a>' in client.get("/en/").content.decode()


def test_the_demo_answers_on_this_machine_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert parser().parse_args(["up", "--host", "0.0.0.0"]).host == "0.0.0.0"
    with pytest.raises(SystemExit):
        parser().parse_args(["demo", "--host", "0.0.0.0"])
    assert "unrecognized arguments: --host 0.0.0.0" in capsys.readouterr().err


def test_in_demo_mode_it_is_offered_where_one_looks_for_it(client: Client) -> None:
    make.user("coordinator@demo.jirani.example")

    assert f'<a href="{DEMO}">Sign in</a>' in client.get("/en/lessons/").content.decode()
    assert client.get("/en/").content.decode().count(f'href="{DEMO}"') == 2
    wanted = "/en/desk/"
    page = client.get(wanted, follow=True).content.decode()
    assert f'href="{DEMO}?next=%2Fen%2Fdesk%2F"' in page
    assert 'href="/en/accounts/sign-in/"' in client.get(DEMO).content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("", "/en/desk/"), ("/en/lessons/new/", "/en/lessons/new/"), ("https://evil.example/", "/en/desk/")],
)
def test_it_leads_on_to_where_one_was_going(client: Client, wanted: str, reached: str) -> None:
    make.user("coordinator@demo.jirani.example")
    page = client.get(DEMO, {"next": wanted} if wanted else {}).content.decode()
    sent = client.post(DEMO, {"role": "coordinator", "next": wanted})

    assert ('name="next"' in page) is (wanted == reached)
    assert sent.headers["Location"] == reached
    assert client.post(DEMO, {"role": "nobody"}).status_code == 200
