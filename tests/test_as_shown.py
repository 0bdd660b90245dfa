"""Whoever publishes answers for what they were shown: the text, and who will read it."""

from typing import Any

import pytest
from django.urls import reverse

from jirani.commitments.models import Commitment
from jirani.core.enums import AccessMode
from jirani.lessons.models import Lesson
from tests import factories as make
from tests.cast import Cast, client_of
from tests.test_incomplete import send

pytestmark = pytest.mark.django_db


def _drafts(cast: Cast) -> list[tuple[Any, Any, str]]:
    """A lesson and a commitment that only the network will read, each with who may publish it and where."""
    told = make.lesson("Rotate the chair", event=cast.event)
    lesson = make.lesson("Share the chair", state="draft", access=AccessMode.NETWORK, body="All take turns.")
    focal = client_of(cast.kwale_focal_point)
    form = reverse("commitments:commitment_create", args=[told.pk])
    assert send(focal, form, title="We rotate it", access=AccessMode.NETWORK).status_code == 302
    commitment = Commitment.objects.get(title="We rotate it")
    return [
        (client_of(cast.coordinator), lesson, reverse("lessons:lesson_publish", args=[lesson.pk])),
        (focal, commitment, reverse("commitments:commitment_publish", args=[commitment.pk])),
    ]


def _state(record: Any) -> str:
    record.refresh_from_db()
    return str(record.state if isinstance(record, Lesson) else record.status)


def test_what_somebody_changed_meanwhile_is_not_published_unread(cast: Cast) -> None:
    for client, record, address in _drafts(cast):
        shown = client.get(address).content.decode()
        version = record.version
        assert f'name="version" value="{version}"' in shown
        record.access = AccessMode.PUBLIC
        record.save()

        answer = client.post(address, {"version": version})
        assert (answer.status_code, _state(record)) == (200, "draft")
        assert "Somebody else saved this after you opened the page" in answer.content.decode()
        assert "everybody can read it" in answer.content.decode(), "it shows what it is now"

        assert send(client, address).status_code == 302
        assert _state(record) in {"published", "open"}


def test_a_button_pressed_twice_publishes_once(cast: Cast) -> None:
    for client, record, address in _drafts(cast):
        version = {"version": record.version}
        assert [client.post(address, version).status_code for _ in range(2)] == [302, 302]
        assert _state(record) in {"published", "open"}
