"""Shared by the tests of events: a signed-in member of the cast, and an event that has not begun."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jirani.events.enums import EventFormat
from jirani.events.models import Event
from jirani.members.models import Person
from tests import factories as make
from tests.cast import Cast, client_of


@pytest.fixture
def coming(cast: Cast) -> Event:
    """A published exchange of the cast's hub, a month from now, with one session on the first morning."""
    soon = timezone.localdate() + timedelta(days=30)
    event = make.event(
        "Exchange on youth", slug="youth", hub=cast.hub, format=EventFormat.HYBRID, place="Kwale", country="KE",
        link="https://meet.example.org/secret-room", time_zone="Africa/Nairobi", starts_on=soon,
        ends_on=soon + timedelta(days=2),
    )  # fmt: skip
    make.session(event, "Opening; with tea, and a vote")
    return event


@pytest.fixture
def as_person() -> Callable[[Person], Client]:
    """A browser that is signed in as this person."""
    return client_of
