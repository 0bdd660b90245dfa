"""Files of evidence are served only to people who may see them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from jirani.core.enums import AccessMode
from tests import factories as make
from tests.cast import assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(tmp_path: Path, settings: Settings) -> Path:
    """A folder for the files of this test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_file_is_given_to_those_who_may_see_its_evidence(client: Client, media: Path) -> None:
    cast = assemble()
    promise = make.commitment(cast.kwale.organisation)
    upload = SimpleUploadedFile("minutes.html", b"<script>alert(1)</script>", "text/html")
    evidence = make.evidence(promise, link="", file=upload, access=AccessMode.NETWORK)
    address = f"/en/evidence/{evidence.pk}/file/"

    statuses = {}
    for part, user in cast.users().items():
        client.logout()
        if user.is_authenticated:
            client.force_login(user)
        response = client.get(address)
        statuses[part] = response.status_code
        if response.streaming:
            body(response)

    assert {part for part, status in statuses.items() if status == 404} == {
        "visitor",
        "participant",
        "outsider",
        "rapporteur",
    }
    assert set(statuses.values()) == {200, 404}


def test_a_file_is_kept_and_never_shown_as_a_page(client: Client, media: Path) -> None:
    upload = SimpleUploadedFile("minutes.html", b"<script>alert(1)</script>", "text/html")
    evidence = make.evidence(make.commitment(make.organisation()), link="", file=upload, title="Attendance, 2025")

    page = client.get(f"/en/evidence/{evidence.pk}/file/")

    assert b"".join(page.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert {
        name: page[name]
        for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    } == {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": 'attachment; filename="attendance-2025.html"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def test_a_link_and_a_lost_file_are_not_found(client: Client, media: Path) -> None:
    promise = make.commitment(make.organisation())
    link, lost = make.evidence(promise), make.evidence(promise, link="", file="evidence/2026/lost.pdf")

    assert [client.get(f"/en/evidence/{each.pk}/file/").status_code for each in (link, lost)] == [404, 404]


def body(response: Any) -> bytes:
    """Return the whole content of a streamed response."""
    return b"".join(response.streaming_content)
