"""A page says if somebody is booked for two sessions at the same time, but does not refuse it."""

from datetime import time

import pytest

from jirani.events.models import Event, SessionPart
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        (time(10), time(12), True),
        (time(9), None, True),
        (time(11), time(12), False),  # the other ends as it begins
        (time(7), time(9), False),
        (None, None, False),
    ],
)
def test_who_is_booked_twice_is_said(
    cast: Cast, coming: Event, begins: time | None, ends: time | None, said: bool
) -> None:
    first = coming.sessions.get()  # from nine to eleven
    other = make.session(coming, "Panel", starts_at=begins, ends_at=ends)
    part = make.participation(coming, make.person("Omar", account=False))
    SessionPart.objects.create(session=first, participation=part, role="speaker")
    client, base = client_of(cast.coordinator), f"/en/events/{coming.slug}"
    added = client.post(f"{base}/sessions/{other.pk}/parts/new/", {"participation": part.pk, "role": "speaker"})
    pages = [f"{base}/edit/", f"{base}/sessions/{other.pk}/edit/", f"{base}/sessions/{first.pk}/edit/"]

    assert (added.status_code, part.session_parts.count()) == (302, 2)
    shown = [client.get(page).content.decode() for page in pages]
    assert ["Booked twice at the same time" in page for page in shown] == [said] * 3
    assert ["Omar: “" in page for page in shown] == [said] * 3
