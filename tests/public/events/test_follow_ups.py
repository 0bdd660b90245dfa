"""A lesson told at a follow-up also counts for the exchange it follows: on its page, in its counts and in the lists they lead to."""

import pytest
from django.test import Client

from jirani.core.enums import AccessMode
from jirani.events.models import Event
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def exchange(db: None) -> Event:
    return make.event("Exchange", slug="the-exchange")


@pytest.fixture
def debrief(exchange: Event) -> Event:
    return make.event("Debrief", slug="the-debrief", kind="follow-up", follow_up_of=exchange)


def shown(client: Client, event: Event) -> tuple[list[str], int, list[str], str]:
    """Return the titles on the page, its count, the titles in the list it leads to, and its row in the list of events."""
    page = client.get(f"/en/events/{event.slug}/").context
    lessons = client.get(f"/en/lessons/?event={event.slug}").context["rows"]
    row = next(one for one in client.get("/en/events/").context["past"].rows if one.pk == event.pk)
    titles = sorted(each["lesson"].title for each in page["learned"])
    return titles, page["event"].lesson_count, sorted(each["lesson"].title for each in lessons), str(row.learned)


def test_lessons_of_a_follow_up_reach_its_exchange(client: Client, exchange: Event, debrief: Event) -> None:
    make.lesson("There", event=exchange)
    make.lesson("Afterwards", event=debrief)
    both = ["Afterwards", "There"]

    assert shown(client, exchange) == (both, 2, both, "2 lessons")
    assert shown(client, debrief) == (["Afterwards"], 1, ["Afterwards"], "1 lesson")


def test_what_came_of_them_reaches_it_too(client: Client, cast: Cast, exchange: Event, debrief: Event) -> None:
    make.commitment(cast.kwale.organisation, title="Taken up", lesson=make.lesson(event=debrief))
    make.commitment(cast.kwale.organisation, title="Promised there", event=debrief)

    assert client.get(f"/en/events/{exchange.slug}/").context["reach"].commitments == 2
    assert len(client.get(f"/en/commitments/?event={exchange.slug}").context["rows"]) == 2


def test_a_follow_up_that_is_not_shown_adds_nothing(client: Client, exchange: Event, debrief: Event) -> None:
    Event.objects.filter(pk=debrief.pk).update(access=AccessMode.CLOSED)
    make.lesson("Afterwards", event=debrief)

    assert shown(client, exchange)[:3] == ([], 0, [])
