"""The public pages of events and sessions."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jirani.core.enums import AccessMode, Precision
from jirani.events.enums import EventFormat, EventKind, EventState, ParticipationState, PartyRole
from jirani.events.models import Delegation, Event, EventParty, Session
from jirani.newsroom.actions import write_report
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def titles(client: Client, address: str) -> list[str]:
    """Return the titles of the events in a list, in order."""
    context = client.get(f"/en/events/{address}").context
    return [event.title for page in (context["coming"], context["past"]) if page for event in page.rows]


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_with_one_and_with_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        event = make.event(hub=make.hub())
        event.themes.add(make.theme())
        make.lesson(event=event)

    with django_assert_num_queries(8):
        response = client.get("/ar/events/")

    assert len(response.context["past"].rows) == min(number, 20)


def test_those_to_come_stand_first_and_drafts_nowhere(client: Client, cast: Cast) -> None:
    today = timezone.localdate()
    make.event(
        "Next year",
        starts_on=today.replace(year=today.year + 1, day=1),
        ends_on=today.replace(year=today.year + 2, day=1),
    )
    make.event("Today", starts_on=today, ends_on=today)
    make.event("Long ago", starts_on=date(2017, 7, 1), ends_on=date(2017, 7, 2))
    make.event("Draft", state=EventState.DRAFT)
    make.event("Closed", access=AccessMode.CLOSED)

    assert titles(client, "") == ["Today", "Next year", "Inter-county exchange", "Long ago"]
    client.force_login(cast.coordinator.user)  # type: ignore[arg-type]
    assert titles(client, "") == ["Today", "Next year", "Closed", "Inter-county exchange", "Long ago"]


def test_filters_narrow_the_list_and_unknown_values_are_as_if_not_asked(client: Client, cast: Cast) -> None:
    theme, south = make.theme(), make.hub("South Asia")
    summit = make.event(
        "Summit",
        kind=EventKind.SUMMIT,
        format=EventFormat.VIRTUAL,
        country="LK",
        hub=south,
        starts_on=date(2025, 1, 22),
        ends_on=date(2025, 1, 23),
    )
    summit.themes.add(theme)
    EventParty.objects.create(event=cast.event, organisation=cast.kwale.organisation, role=PartyRole.HOST)
    Delegation.objects.create(event=summit, authority=cast.kwale)
    both = ["Summit", "Inter-county exchange"]

    found = {
        query: titles(client, f"?{query}")
        for query in (
            "kind=summit",
            "format=virtual",
            "country=LK",
            "year=2021",
            f"hub={south.slug}",
            f"theme={theme.slug}",
            "authority=kwale",
            "organisation=kwale",
            "kind=party",
            "when=past",
            "when=coming",
        )
    }

    assert found == {
        "kind=summit": ["Summit"],
        "format=virtual": ["Summit"],
        "country=LK": ["Summit"],
        "year=2021": ["Inter-county exchange"],
        f"hub={south.slug}": ["Summit"],
        f"theme={theme.slug}": ["Summit"],
        "authority=kwale": both,
        "organisation=kwale": ["Inter-county exchange"],
        "kind=party": both,
        "when=past": both,
        "when=coming": [],
    }


def test_filters_offer_only_what_the_reader_may_see(client: Client, cast: Cast) -> None:
    make.event("Closed", access=AccessMode.CLOSED, country="NO", starts_on=date(2011, 1, 1), ends_on=date(2011, 1, 1))

    form = client.get("/en/events/").context["form"]

    assert [value for value, _ in form.fields["year"].choices] == ["", "2021"]
    assert [value for value, _ in form.fields["country"].choices] == [""]


def fill(event: Event, number: int) -> None:
    """Give an event that many of everything it can have."""
    for n in range(number):
        session = make.session(event)
        authority = make.authority()
        lesson = make.lesson(event=event, session=session, authorities=[authority], themes=[make.theme()])
        commitment = make.commitment(
            authority.organisation, lesson=lesson, activity=make.activity(make.plan(authority))
        )
        make.outcome(commitment)
        EventParty.objects.create(event=event, organisation=make.organisation(), role=PartyRole.PARTNER)
        sent = Delegation.objects.create(event=event, authority=authority)
        make.participation(event, make.person(), delegation=sent, sector="youth")
        make.event(follow_up_of=event, title=f"Follow-up {n}")
        event.themes.add(make.theme())


@pytest.mark.parametrize("number", [1, 30])
def test_a_page_costs_the_same_with_one_and_with_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    event = make.event(slug="exchange")
    fill(event, number)
    session = event.sessions.order_by("pk")[0]
    for _ in range(number - 1):
        make.lesson(event=event, session=session, authorities=[make.authority()])

    with django_assert_num_queries(15):
        page = client.get("/ar/events/exchange/")
    with django_assert_num_queries(7):
        of_session = client.get(f"/ar/events/exchange/sessions/{session.pk}/")

    assert (page.context["came"], len(of_session.context["learned"])) == (number if number > 2 else 0, number)


def test_dates_are_whole_and_no_finer_than_they_are_known(client: Client) -> None:
    make.event("Summit", slug="summit", starts_on=date(2021, 11, 24), ends_on=date(2021, 12, 3))
    make.event(
        "Debrief",
        slug="debrief",
        starts_on=date(2021, 12, 1),
        ends_on=date(2021, 12, 31),
        date_precision=Precision.MONTH,
    )

    summit, debrief = (client.get(f"/en/events/{slug}/").content.decode() for slug in ("summit", "debrief"))

    assert '<time datetime="2021-11-24">24 November to 3 December 2021</time>' in summit
    assert '<time datetime="2021-12">December 2021</time>' in debrief


def test_hours_without_a_zone_are_said_to_be_so_and_others_lead_to_the_readers_own(client: Client) -> None:
    event = make.event(slug="summit", starts_on=date(2031, 3, 1), ends_on=date(2031, 3, 1))
    session = make.session(event, starts_at=time(15), ends_at=time(17))
    sentence = "names no time zone"

    unknown = client.get("/en/events/summit/").content.decode()
    event.time_zone = "Africa/Nairobi"
    event.save()
    known = client.get("/en/events/summit/").content.decode()
    of_session = client.get(f"/en/events/summit/sessions/{session.pk}/").content.decode()

    assert (sentence in unknown, "data-own-time" in unknown) == (True, False)
    assert (sentence in known, "data-own-time" in known) == (False, True)
    assert 'datetime="2031-03-01T12:00+00:00"' in of_session
    assert "East Africa Time" in of_session


def test_the_link_to_join_is_for_those_who_take_part(client: Client, cast: Cast) -> None:
    cast.event.link = "https://meet.example.org/secret"
    cast.event.save()
    address = f"/en/events/{cast.event.slug}/"
    readers = {"visitor": None, "outsider": cast.outsider, "participant": cast.participant, "hub": cast.hub_coordinator}

    shown = {}
    for name, person in readers.items():
        client.logout()
        if person:
            client.force_login(person.user)  # type: ignore[arg-type]
        shown[name] = "secret" in client.get(address).content.decode()

    assert shown == {"visitor": False, "outsider": False, "participant": True, "hub": True}


def test_people_are_counted_by_sector_and_delegation(client: Client, cast: Cast) -> None:
    event = make.event(slug="visit")
    kwale = Delegation.objects.create(event=event, authority=cast.kwale)
    for sector, sent, state in (
        *[("youth", kwale, ParticipationState.ATTENDED)] * 4,
        *[("faith", None, ParticipationState.ATTENDED)] * 3,
        *[("women", kwale, ParticipationState.CONFIRMED)] * 3,
        *[("media", kwale, ParticipationState.DECLINED)] * 3,
    ):
        make.participation(event, make.person(), sector=sector, delegation=sent, state=state)

    context = client.get("/en/events/visit/").context

    assert (context["came"], context["attended"], context["uncounted"]) == (7, True, [])
    assert [(row["name"], row["count"], row["share"]) for row in context["by_sector"]] == [
        ("Youth", 4, 100),
        ("Faith", 3, 75),
    ]
    assert [(row["name"], row["count"], row["url"]) for row in context["by_delegation"]()] == [
        ("Kwale County", 4, "/en/local-authorities/kwale/"),
        ("In no delegation", 3, ""),
    ]


def test_numbers_that_could_point_at_somebody_are_not_told(client: Client, cast: Cast) -> None:
    event = make.event(slug="visit")
    kwale, mombasa = (Delegation.objects.create(event=event, authority=each) for each in (cast.kwale, cast.mombasa))

    def come(number: int, sector: str, sent: Delegation | None) -> None:
        for _ in range(number):
            make.participation(event, make.person(account=False), sector=sector, delegation=sent)

    def told() -> tuple[Any, ...]:
        context = client.get("/en/events/visit/").context
        rows = (context["by_sector"], context["by_delegation"]())
        bars = tuple([(row["name"], row["count"]) for row in each] for each in rows)
        return (context["came"], *bars, [each.name for each in context["uncounted"]])

    come(2, "faith", mombasa)
    assert told() == (0, [], [], ["Kwale County", "Mombasa County"])
    come(4, "youth", kwale)  # beside four of six, two would follow
    assert told() == (6, [], [], ["Kwale County", "Mombasa County"])
    come(3, "women", None)
    assert told() == (9, [("Youth", 4), ("Others", 5)], [("Kwale County", 4), ("Others", 5)], ["Mombasa County"])
    come(1, "faith", mombasa)
    everybody = [("Youth", 4), ("Faith", 3), ("Women", 3)]
    assert told()[:2] == (10, everybody)
    assert told()[3] == []


def test_a_closed_event_tells_nobody_who_came(client: Client, cast: Cast) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    client.force_login(cast.participant.user)  # type: ignore[arg-type]
    make.participation(cast.event, make.person())
    address = f"/en/events/{cast.event.slug}/"

    before = client.get(address).context
    Event.objects.update(access=AccessMode.CLOSED)
    after = client.get(address).context

    assert (before["came"], [each.name for each in before["delegations"]]) == (3, ["Kwale County"])
    assert ("came" in after, "delegations" in after) == (False, False)


def test_a_closed_session_names_neither_host_nor_who_shared_a_lesson(client: Client, cast: Cast) -> None:
    Session.objects.update(access=AccessMode.CLOSED, host=cast.kwale.organisation)
    make.lesson("Said in confidence", event=cast.event, session=cast.session, authorities=[cast.mombasa])
    address = f"/en/events/{cast.event.slug}/sessions/{cast.session.pk}/"

    refused = client.get(address).status_code
    client.force_login(cast.participant.user)  # type: ignore[arg-type]
    context = client.get(address).context

    assert refused == 404
    assert (context["host"], [(row["lesson"].title, row["origins"]) for row in context["learned"]]) == (
        None,
        [("Said in confidence", [])],
    )


def test_follow_ups_lead_both_ways(client: Client, cast: Cast) -> None:
    debrief = make.event("Debrief", slug="debrief", follow_up_of=cast.event)
    make.event("Closed debrief", follow_up_of=cast.event, access=AccessMode.CLOSED)

    first, second = (client.get(f"/en/events/{slug}/").context for slug in (cast.event.slug, "debrief"))

    assert (first["before"], first["after"]) == ([], [debrief])
    assert (second["before"], second["after"]) == ([cast.event], [])


def test_a_session_is_found_only_under_its_own_event(client: Client, cast: Cast) -> None:
    other = make.event(slug="other")

    assert client.get(f"/en/events/{other.slug}/sessions/{cast.session.pk}/").status_code == 404


def test_reported_attendance_is_said_to_be_the_sources(client: Client) -> None:
    make.event(slug="launch", reported_attendance="65–70")

    assert "Took part, as the source reports it: 65–70." in client.get("/en/events/launch/").content.decode()


def test_the_report_is_reached_once_it_is_published(client: Client, cast: Cast) -> None:
    page = write_report(cast.event, by=cast.users()["coordinator"])
    address = f"/en/events/{cast.event.slug}/"

    written = client.get(address).context["report"]
    page.get_latest_revision().publish()
    published, in_arabic = (client.get(each).context["report"] for each in (address, address.replace("/en/", "/ar/")))

    assert (written, published, in_arabic) == ("", f"/en/news/{page.slug}/", f"/ar/news/{page.slug}/")
    assert client.get(published).status_code == 200
