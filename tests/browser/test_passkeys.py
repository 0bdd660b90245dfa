"""Passkeys for real: a virtual authenticator makes one, gives it as a second step, as a fresh proof, and alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.sweep]

ROLE, EMAIL = "translator", "translator@demo.jirani.example"


@contextmanager
def with_authenticator(page: Page) -> Iterator[Any]:
    """Give the browser an authenticator that verifies its owner, stores passkeys and confirms at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield lambda: session.send("WebAuthn.getCredentials", {"authenticatorId": added["authenticatorId"]})["credentials"]
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": added["authenticatorId"]})


def by_name(visits: Visits, path: str) -> str:
    """The address under a name: a passkey belongs to a name, and no number is one."""
    return visits.network.origin.replace("127.0.0.1", "localhost") + path


def sign_in(page: Page, visits: Visits) -> None:
    """Sign in by the demo's button."""
    page.goto(by_name(visits, "/en/demo/sign-in/"))
    page.locator(f"button[name=role][value={ROLE}]").click()
    page.wait_for_url(by_name(visits, "/en/desk/"))


def sign_out(page: Page, visits: Visits) -> None:
    page.goto(by_name(visits, "/en/accounts/sign-out/"))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(by_name(visits, "/en/"))


def test_a_passkey_is_made_and_opens_the_desk_alone(visits: Visits) -> None:
    with visits.window() as page, with_authenticator(page) as credentials:
        sign_in(page, visits)
        page.goto(by_name(visits, "/en/accounts/security/passkeys/new/"))
        expect(page.get_by_text("This browser has no passkeys")).to_be_hidden()
        page.get_by_label("What you call it").fill("My telephone")
        page.get_by_role("button", name="Add a passkey").click()
        page.wait_for_url(by_name(visits, "/en/accounts/security/codes/"))
        assert page.locator(".codes li").count() == 10
        assert [kept["isResidentCredential"] for kept in credentials()] == [True]
        page.goto(by_name(visits, "/en/accounts/security/"))
        expect(page.get_by_role("heading", name="My telephone")).to_be_visible()

        sign_out(page, visits)
        page.goto(by_name(visits, "/en/accounts/sign-in/?next=/en/lessons/"))
        page.get_by_role("button", name="Use the passkey").click()
        page.wait_for_url(by_name(visits, "/en/lessons/"))

        page.goto(by_name(visits, "/en/accounts/again/passkey/?next=/en/personal-data/mine/"))
        page.get_by_role("button", name="Use the passkey").click()
        page.wait_for_url(by_name(visits, "/en/personal-data/mine/"))

        page.goto(by_name(visits, "/en/accounts/security/"))
        page.get_by_role("link", name="Remove the passkey").click()
        page.get_by_role("button", name="Remove the passkey").click()
        page.wait_for_url(by_name(visits, "/en/accounts/security/"))
        expect(page.get_by_role("heading", name="My telephone")).to_have_count(0)

        sign_out(page, visits)
        page.goto(by_name(visits, "/en/accounts/sign-in/"))
        page.get_by_role("button", name="Use the passkey").click()
        expect(page.get_by_text("This passkey was not accepted.")).to_be_visible()


def test_a_passkey_is_the_second_step_after_a_code(visits: Visits) -> None:
    with visits.window() as page, with_authenticator(page) as credentials:
        sign_in(page, visits)
        page.goto(by_name(visits, "/en/accounts/security/passkeys/new/"))
        page.get_by_label("Sign in with this passkey alone").uncheck()
        page.get_by_role("button", name="Add a passkey").click()
        page.wait_for_url(by_name(visits, "/en/accounts/security/codes/"))
        assert len(credentials()) == 1

        sign_out(page, visits)
        page.goto(by_name(visits, "/en/accounts/sign-in/"))
        page.locator("#id_email").fill(EMAIL)
        page.get_by_role("button", name="Send the code").click()
        page.wait_for_url(by_name(visits, "/en/accounts/code/confirm/"))
        page.locator("#id_code").fill(code_for(page, visits))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(by_name(visits, "/en/accounts/second-step/"))
        page.get_by_role("button", name="Use the passkey").click()
        page.wait_for_url(by_name(visits, "/en/desk/"))


def code_for(page: Page, visits: Visits) -> str:
    """The code in the latest letter, once the worker has written it."""
    for _ in range(100):
        for letter in reversed(visits.network.letters(EMAIL)):
            if found := [line for line in letter.splitlines() if len(line) == 9 and line[4] == "-"]:
                return found[0]
        page.wait_for_timeout(200)
    raise AssertionError("No letter came.")
