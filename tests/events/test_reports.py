"""That there will be no report can be said, and taken back; of what is not public there is none, and its coordinator reads why."""

import pytest

from jirani.events.models import Event
from jirani.members.models import Person
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast: Cast) -> Event:
    """A past event of which something was learned."""
    event = make.event("Peer call", hub=cast.hub)
    make.lesson(event=event)
    return event


def asked(person: Person) -> list[str]:
    rows = client_of(person).get("/en/desk/").context["needed"]
    return [str(row["what"]) for row in rows if str(row["action"]) == "Write the report"]


def test_nobody_is_asked_for_a_report_that_will_not_be(cast: Cast, told: Event) -> None:
    client, page = client_of(cast.hub_coordinator), f"/en/events/{told.slug}/"
    assert len(asked(cast.hub_coordinator)) == len(asked(cast.coordinator)) == 1
    assert client_of(cast.kwale_focal_point).post(f"{page}report/waive/", {"waived": "yes"}).status_code == 403
    client.post(f"{page}report/waive/", {"waived": "yes"})
    first = Event.objects.get(pk=told.pk).report_waived_at
    client.post(f"{page}report/waive/", {"waived": "yes"})
    told.refresh_from_db()

    assert (told.report_waived_at, told.report_waived_by) == (first, cast.hub_coordinator)
    assert (asked(cast.hub_coordinator), asked(cast.coordinator)) == ([], [])
    assert "Hub coordinator said on" in client.get(f"{page}edit/").content.decode()
    client.post(f"{page}report/waive/")
    told.refresh_from_db()
    assert (told.report_waived_at, told.report_waived_by, len(asked(cast.coordinator))) == (None, None, 1)


@pytest.mark.parametrize("access", ["network", "closed"])
def test_who_runs_an_event_that_is_not_public_reads_why_there_is_no_report(
    cast: Cast, told: Event, access: str
) -> None:
    Event.objects.filter(pk=told.pk).update(access=access)
    pages = [f"/en/events/{told.slug}/{page}/" for page in ("edit", "report/write")]
    client, why = client_of(cast.hub_coordinator), "There is no report of an event that is not public"

    assert [why in client.get(page).content.decode() for page in pages] == [True, True]
    assert client_of(cast.kwale_focal_point).get(pages[1]).status_code == 404
