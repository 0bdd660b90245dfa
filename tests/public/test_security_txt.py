"""Whoever finds a vulnerability finds where to report it."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from jirani.config.environment import BadSetting, contacts

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 12, 34, 56, tzinfo=UTC)


def test_a_network_names_its_contact_or_has_no_such_page(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    assert client.get("/.well-known/security.txt").status_code == 404

    settings.BASE_URL = "https://network.example"
    settings.SECURITY_CONTACTS = ["mailto:security@example.org", "https://example.org/report"]
    page = client.get("/.well-known/security.txt")

    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert page.content.decode().splitlines() == [
        "Contact: mailto:security@example.org",
        "Contact: https://example.org/report",
        "Expires: 2027-05-29T00:00:00Z",
        "Preferred-Languages: en, fr, ar, sw",
        "Canonical: https://network.example/.well-known/security.txt",
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", []),
        ("security@example.org", ["mailto:security@example.org"]),
        (
            "mailto:a@example.org, https://example.org/report?x=1,tel:+254-20-555",
            ["mailto:a@example.org", "https://example.org/report?x=1", "tel:+254-20-555"],
        ),
    ],
)
def test_a_contact_is_an_address(value: str, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRANI_SECURITY_CONTACT", value)
    assert contacts("JIRANI_SECURITY_CONTACT") == found


@pytest.mark.parametrize(
    "value", ["me", "http://example.org", "tel:555", "a@b c", "https://a\nExpires: never", "ftp://x@y"]
)
def test_what_is_no_address_ends_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRANI_SECURITY_CONTACT", value)
    with pytest.raises(BadSetting, match="give an e-mail address, a page"):
        contacts("JIRANI_SECURITY_CONTACT")
