"""An event's people can say that there will be no report, and take that back. An event that isn't public has none, and
the page says why.
"""

import pytest
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from jirani.audit.models import Entry
from jirani.events import actions
from jirani.events.models import Event
from jirani.members.models import Person
from jirani.newsroom.actions import write_report
from tests import factories as make
from tests.cast import Cast, client_of, user_of
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast: Cast) -> Event:
    """A past event from which a lesson was published."""
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
    client, why = client_of(cast.hub_coordinator), "An event that is not public has no report"

    assert [why in client.get(page).content.decode() for page in pages] == [True, True]
    assert client_of(cast.kwale_focal_point).get(pages[1]).status_code == 404


def test_the_page_of_an_event_that_has_begun_costs_no_more(
    cast: Cast, told: Event, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    write_report(told, by=user_of(cast.coordinator))
    client, page = client_of(cast.coordinator), f"/en/events/{told.slug}/edit/"
    client.get(page)
    with django_assert_max_num_queries(15):
        assert client.get(page).status_code == 200


def ways(page: str) -> dict[str, str]:
    """Return the CSS classes of each link and button on a page by its label: a main button, a secondary one, or a plain link."""
    soup = Page(page).soup.select_one("main")
    assert soup is not None
    return {
        " ".join(tag.get_text().split()): " ".join(tag.get("class") or [])
        for tag in soup.select(".acts a, .acts button, .more a")
    }


def test_a_draft_is_gone_on_with_wherever_the_report_is_spoken_of(cast: Cast, told: Event) -> None:
    client, base = client_of(cast.hub_coordinator), f"/en/events/{told.slug}/"
    before = ways(client.get(f"{base}edit/").content.decode())
    assert (before["Write the report"], before["There will be no report"]) == ("button second", "link")
    with override("en"):
        report = write_report(told, by=user_of(cast.hub_coordinator))
    draft = f"/cms/pages/{report.pk}/edit/"

    editing = client.get(f"{base}edit/").content.decode()
    shown = ways(editing)
    assert shown["Continue with the draft"] == "button"
    assert not {"Write the report", "There will be no report"} & shown.keys()
    assert editing.count(f'href="{draft}"') == 2
    assert f'href="{draft}"' in client.get(base).content.decode()
    assert draft not in client_of(cast.kwale_focal_point).get(base).content.decode()
    assert draft not in client_of(None).get(base).content.decode()

    anew = client.get(f"{base}report/write/").content.decode()
    loud = {words: look for words, look in ways(anew).items() if "button" in look}
    assert loud == {"Continue with the draft": "button", "Write it again": "button second"}
    assert "edits to them are replaced" in anew
    assert f'href="{draft}"' in client.get(f"/fr/events/{told.slug}/edit/").content.decode()

    refused = client.post(f"{base}report/waive/", {"waived": "yes"}, follow=True).content.decode()
    told.refresh_from_db()
    assert (told.report_waived_at, "A report has already been started" in refused) == (None, True)

    report.get_latest_revision().publish()
    published = ways(client.get(f"{base}edit/").content.decode())
    assert published["Edit the report"] == "button"
    assert not {"Continue with the draft", "There will be no report"} & published.keys()
    assert draft not in client.get(base).content.decode()


def test_no_report_is_said_by_somebody_and_may_be_taken_back(cast: Cast) -> None:
    by, event = user_of(cast.hub_coordinator), cast.event
    said = actions.waive_report(event, waived=True, by=by)
    again = actions.waive_report(event, waived=True, by=user_of(cast.coordinator))
    assert (said.report_waived_by, again.report_waived_by) == (cast.hub_coordinator, cast.hub_coordinator)
    assert again.report_waived_at == said.report_waived_at is not None
    actions.waive_report(event, waived=False, by=by)
    actions.waive_report(event, waived=False, by=by)
    event.refresh_from_db()
    assert (event.report_waived_at, event.report_waived_by) == (None, None)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "events.waive_report",
        "events.expect_report",
    ]
