"""Pages for signed-in people stay on no shared computer's disk and in no cache on the way."""

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db

KEPT_NOWHERE = "private, no-store"
MODEL = "django.contrib.auth.backends.ModelBackend"
PAGES = ("/en/", "/en/events/", "/en/lessons/", "/en/nothing-here/", "/en/local-authorities/")


def test_pages_of_whoever_is_signed_in_are_kept_nowhere(cast: Cast, client: Client) -> None:
    assert {client.get(page).get("Cache-Control", "") for page in PAGES} == {""}

    client.force_login(cast.coordinator.user, backend=MODEL)  # type: ignore[arg-type]
    kept = {page: client.get(page).get("Cache-Control", "") for page in (*PAGES, "/en/desk/", "/en/members/people/")}
    assert set(kept.values()) == {KEPT_NOWHERE}


def test_what_was_half_typed_goes_with_whoever_signs_out(cast: Cast, client: Client) -> None:
    client.force_login(cast.coordinator.user, backend=MODEL)  # type: ignore[arg-type]
    assert client.get("/en/").get("Clear-Site-Data", "") == ""

    out = client.post("/en/accounts/sign-out/")
    assert (out["Clear-Site-Data"], out["Cache-Control"]) == ('"storage"', KEPT_NOWHERE)
    after = client.get("/en/")
    assert (after.get("Clear-Site-Data", ""), after.get("Cache-Control", "")) == ("", "")


def test_no_address_that_is_not_found_or_refused_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    path = "/en/my-programme/somebodys-invitation/notes/"

    assert client.get(path).status_code == 404
    assert client.post("/en/accounts/sign-in/", {"login": "somebody@example.org"}).status_code == 403
    assert caplog.messages == ["csrf_refused view=account_login"]
