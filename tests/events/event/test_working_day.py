"""A coordinator's day: creating an exchange, filling in its programme, publishing it and inviting people."""

import re
from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jirani.events.enums import ParticipationState
from jirani.events.models import Event, EventParty, Participation, Session
from jirani.members.models import Organisation
from jirani.notifications.models import Message
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

SOON = timezone.localdate() + timedelta(days=30)


def facts(**changes: str) -> dict[str, str]:
    return {
        "title": "Inter-county exchange on youth",
        "kind": "exchange",
        "language": "en",
        "starts_on": SOON.isoformat(),
        "ends_on": (SOON + timedelta(days=2)).isoformat(),
        "format": "in-person",
        "place": "Kwale",
        "country": "KE",
        "access": "public",
    } | changes


def once_of(client: Client, url: str) -> str:
    """Return the once-token of the form on a page."""
    found = re.search(r'name="once" value="([^"]+)"', client.get(url).content.decode())
    assert found
    return found[1]


def shown_on(page: str) -> list[str]:
    """Return what a page says was shown of a mailing, to be sent back with the action."""
    return re.findall(r'name="shown" value="([^"]+)"', page)


def test_an_exchange_from_the_first_word_to_the_answer(cast: Cast) -> None:
    client = client_of(cast.coordinator)
    made = client.post("/en/events/new/", facts(once=once_of(client, "/en/events/new/")))
    event = Event.objects.get(title="Inter-county exchange on youth")
    base = f"/en/events/{event.slug}"
    assert made.headers["Location"] == f"{base}/edit/"
    assert re.fullmatch("inter-county-exchange-on-youth-[a-z0-9]{5}", event.slug)
    assert (event.state, event.time_zone) == ("draft", "Africa/Nairobi")

    client.post(f"{base}/organisations/new/", {"role": "host", "organisation": cast.kwale.organisation.pk})
    client.post("/en/organisations/new/", {"name": "Neighbours’ Fund", "sector": "private", "language": "en"})
    fund = Organisation.objects.get(name="Neighbours’ Fund")
    client.post(f"{base}/organisations/new/", {"role": "donor", "organisation": fund.pk})
    client.post(f"{base}/delegations/new/", {"authorities": [cast.kwale.pk, cast.mombasa.pk]})
    client.post(
        f"{base}/sessions/new/",
        {"kind": "site-visit", "title": "Youth centre", "language": "en", "held_on": SOON.isoformat(), "starts_at": "09:00",
         "ends_at": "11:30", "place": "Ukunda", "host": cast.kwale.organisation.pk, "access": "public"},
    )  # fmt: skip
    delegation = event.delegations.get(authority=cast.mombasa)
    client.post(
        f"{base}/participants/new/",
        {
            "name": "Asha",
            "email": "asha@example.org",
            "language": "sw",
            "role": "delegate",
            "delegation": delegation.pk,
        },
    )
    assert list(EventParty.objects.filter(event=event).values_list("organisation__name", "role").order_by("role")) == [
        ("Neighbours’ Fund", "donor"),
        ("Kwale County", "host"),
    ]
    visit = Session.objects.get(event=event)
    assert (visit.host, visit.held_on, visit.starts_at) == (cast.kwale.organisation, SOON, time(9))

    client.post(f"{base}/publish/")
    preview = client.get(f"{base}/participants/invite/").content.decode()
    assert "asha@example.org" in preview
    assert 'lang="sw"' in preview
    asha = Participation.objects.get(event=event)
    client.post(f"{base}/participants/invite/", {"shown": shown_on(preview)})
    message = Message.objects.get()
    assert (message.to, message.language, message.kind) == ("asha@example.org", "sw", "events.invitation")
    link = re.search(r"http://127\.0\.0\.1:8000(/sw/my-programme/\S+/)", message.body)
    assert link

    visitor = Client()
    page = visitor.get(link[1])
    assert page.status_code == 200
    assert "Youth centre" in page.content.decode()
    visitor.post(f"{link[1]}answer/", {"comes": "yes"})
    asha.refresh_from_db()
    assert asha.state == ParticipationState.CONFIRMED
    assert asha.person is not None
    assert asha.person.user is not None
    assert (asha.person.user.email, asha.person.user.has_usable_password()) == ("asha@example.org", False)
