"""The pages of local authorities and of other organisations."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from jirani.core.enums import AccessMode, Precision
from jirani.events.enums import EventState, PartyRole
from jirani.events.models import Delegation, EventParty
from jirani.forums.enums import PriorityMethod
from jirani.forums.models import Meeting, Priority
from jirani.members.enums import AgreementKind, MembershipState
from jirani.members.models import Agreement, Grant, LocalAuthority, Membership, Organisation
from jirani.plans.enums import Completion, Status
from jirani.plans.models import Pillar
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import assemble
from tests.reader import tight

pytestmark = pytest.mark.django_db


def fill(authority: LocalAuthority, number: int) -> None:
    """Create that many of everything that an authority's page shows."""
    body = authority.organisation
    plan = make.plan(authority, from_on=date(2022, 5, 1), from_precision=Precision.MONTH)
    forum = make.forum(authority, formed_on=date(2019, 1, 1), formed_precision=Precision.YEAR)
    for n in range(number):
        other = make.authority()
        authority.themes.add(make.theme())
        given = make.lesson(authorities=[authority])
        make.commitment(other.organisation, lesson=given)
        taken = make.lesson(authorities=[other])
        promise = make.commitment(body, lesson=taken, completion=Completion.LIMITED)
        make.evidence(promise, outcome=make.outcome(promise))
        Delegation.objects.create(event=make.event(), authority=authority)
        Priority.objects.create(authority=authority, theme=make.theme(), rank=n, method=PriorityMethod.VOTE)
        Pillar.objects.create(plan=plan, number=n + 10, title=f"Pillar {n}")
        make.activity(plan)
        make.seat(forum)
        Meeting.objects.create(
            forum=forum, title="Meeting", held_on=timezone.localdate() - timedelta(days=n), access=AccessMode.PUBLIC
        )
        agreement = Agreement.objects.create(
            kind=AgreementKind.MEMORANDUM,
            title=f"Memorandum {n}",
            signed_on=date(2018, 1, 1),
            signed_precision=Precision.DAY,
        )
        agreement.parties.add(body)


@pytest.mark.parametrize("number", [1, 30])
def test_a_page_costs_the_same_with_one_and_with_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    authority = make.authority("Mombasa County", slug="mombasa")
    fill(authority, number)

    with django_assert_num_queries(15):
        response = client.get("/ar/local-authorities/mombasa/")

    assert response.status_code == 200
    assert response.context["counts"].of == {
        "given": number,
        "given_taken_up": number,
        "given_applied": 0,
        "given_dropped": 0,
        "own_taken_up": number,
        "own_applied": number,
        "own_dropped": 0,
        "events": number,
        "outcomes": number,
    }


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"joined_on": date(2015, 1, 1), "joined_precision": "year"}, "Member since 2015"),
        ({"joined_on": date(2021, 3, 25), "joined_precision": "day"}, "Member since 25 March 2021"),
        ({"joined_on": date(2021, 3, 1), "joined_precision": "by-month"}, "Member since March 2021 or before"),
        (
            {"joined_on": date(2016, 1, 1), "joined_precision": "month", "unconfirmed": True},
            "Member since January 2016 (unconfirmed)",
        ),
        ({}, "Member of the network"),
        ({"state": "paused"}, "Membership paused"),
        ({"state": "left", "left_on": date(2019, 5, 1), "left_precision": "month"}, "Was a member until May 2019"),
        ({"state": "prospect"}, "Takes part without being a member"),
    ],
)
def test_membership_is_told_as_exactly_as_it_is_known(client: Client, fields: dict[str, Any], words: str) -> None:
    authority = make.authority("Kwale", slug="kwale", member=False)
    Membership.objects.create(authority=authority, **{"state": MembershipState.MEMBER, **fields})

    assert client.get("/en/local-authorities/kwale/").context["membership_words"] == words


def test_taught_and_learned_with_what_became_of_it(client: Client) -> None:
    cast = assemble()
    lessons = [make.lesson(f"Lesson {n}", authorities=[cast.mombasa]) for n in range(3)]
    applied = make.commitment(cast.kwale.organisation, lesson=lessons[0], completion=Completion.COMPLETE)
    make.evidence(applied)
    make.commitment(cast.kwale.organisation, lesson=lessons[1], status=Status.DROPPED, dropped_because="No money")
    make.commitment(cast.kwale.organisation, lesson=lessons[2], access=AccessMode.NETWORK)
    make.commitment(cast.kwale.organisation, lesson=lessons[2], status=Status.DRAFT)

    mombasa = client.get("/en/local-authorities/mombasa/").context
    kwale = client.get("/en/local-authorities/kwale/").context

    assert [lesson.title for lesson in mombasa["given"]] == ["Lesson 2", "Lesson 1", "Lesson 0"]
    assert became(mombasa["given_became"]) == [
        ("taken up 2 times", "/en/commitments/?from=mombasa&state=taken-up"),
        ("applied 1 time", "/en/commitments/?from=mombasa&state=applied"),
        ("dropped 1 time", "/en/commitments/?from=mombasa&state=dropped"),
    ]
    assert [strip_tags(each.taken_up) for each in kwale["taken"]] == [
        "Lesson 1, from Mombasa County",
        "Lesson 0, from Mombasa County",
    ]
    assert [each.state for each in kwale["taken"]] == ["dropped", "applied"]


def test_the_plan_stands_as_pillars_with_how_far_each_got(client: Client) -> None:
    cast = assemble()
    for completion in (Completion.COMPLETE, Completion.LIMITED, Completion.LIMITED):
        make.activity(cast.plan, completion=completion)
    make.activity(cast.plan, status=Status.DROPPED, dropped_because="No money")
    make.activity(make.plan(cast.mombasa, access=AccessMode.NETWORK), completion=Completion.COMPLETE)

    [(_, words)] = client.get("/en/local-authorities/mombasa/").context["completions"]()

    assert [(each["code"], each["count"]) for each in words] == [("complete", 1), ("limited", 2), ("dropped", 1)]


def test_a_forum_is_as_alive_as_its_open_meetings_say(client: Client) -> None:
    cast = assemble()
    today = timezone.localdate()
    for days, access in ((10, "public"), (300, "public"), (400, "public"), (5, "closed")):
        Meeting.objects.create(forum=cast.forum, title="M", held_on=today - timedelta(days=days), access=access)

    [visitors] = client.get("/en/local-authorities/mombasa/").context["forums"]
    client.force_login(cast.forum_secretary.user)  # type: ignore[arg-type]
    [secretarys] = client.get("/en/local-authorities/mombasa/").context["forums"]

    assert (visitors.met, visitors.last_met, visitors.seats_held) == (2, today - timedelta(days=10), 1)
    assert (secretarys.met, secretarys.last_met) == (3, today - timedelta(days=5))


def test_the_journey_is_dated_and_in_order(client: Client) -> None:
    authority = make.authority("Mombasa", slug="mombasa")
    fill(authority, 1)
    promise = make.commitment(authority.organisation, title="Rotate")
    make.outcome(promise, change="Eleven organisations spoke.", observed_on=date(2024, 6, 30))

    steps = client.get("/en/local-authorities/mombasa/").context["journey"]()

    assert [(step.date.year, strip_tags(step.words).split(":")[0]) for step in steps] == [
        (2015, "Joined the network"),
        (2018, "Signed"),
        (2019, "Formed its forum"),
        (2021, "Took part"),
        (2022, "Began its plan"),
        (2023, strip_tags(steps[5].words)),
        (2024, "Eleven organisations spoke."),
    ]


def test_the_journey_goes_further_back_than_the_list(client: Client) -> None:
    place = make.authority("Kwale", slug="kwale")
    for year in range(2010, 2020):
        event = make.event(f"Visit of {year}", starts_on=date(year, 5, 1), ends_on=date(year, 5, 2))
        Delegation.objects.create(event=event, authority=place)

    shown = client.get("/en/local-authorities/kwale/").context

    assert [event.title for event in shown["latest_events"]] == [f"Visit of {year}" for year in range(2019, 2014, -1)]
    steps = [step.words for step in sorted(shown["journey"](), key=lambda step: step.date)]
    assert [words for words in steps if "Visit" in words] == [
        f"Took part: Visit of {year}" for year in range(2010, 2020)
    ]


def test_facts_carry_their_source_and_the_illustrative_its_mark(client: Client) -> None:
    authority = make.authority(
        "Mombasa", slug="mombasa", population=1208333, population_year=2019, population_source="2019 census"
    )
    Membership.objects.filter(authority=authority).update(source_url="https://www.strongcitiesnetwork.org/mombasa/")
    Priority.objects.create(
        authority=authority,
        theme=make.theme(),
        words="Work for the young.",
        method=PriorityMethod.VOTE,
        illustrative=True,
    )

    page = client.get("/en/local-authorities/mombasa/").content.decode()

    assert (
        '<a href="https://www.strongcitiesnetwork.org/mombasa/" rel="external"><bdi>strongcitiesnetwork.org</bdi></a>'
        in page
    )
    assert "1,208,333" in page
    assert "2019 census" in page
    assert page.count('<span class="illustrative">') == 1


def test_a_name_in_its_own_script_stands_beside_the_readers(client: Client) -> None:
    authority = make.authority("Damietta", slug="damietta", languages=["ar"])
    Organisation.objects.filter(authority=authority).update(local_name="دمياط")
    authority.organisation.refresh_from_db()
    save_translation(authority.organisation, "name", "ar", "دمياط")
    own = '<p class="lead" dir="auto" lang="ar">دمياط</p>'

    assert own in tight(client.get("/en/local-authorities/damietta/").content.decode())
    assert own not in tight(client.get("/ar/local-authorities/damietta/").content.decode())


def test_what_is_closed_stays_out_of_the_page(client: Client) -> None:
    cast = assemble()
    make.lesson("Secret lesson", authorities=[cast.mombasa], access=AccessMode.CLOSED)
    Delegation.objects.create(event=make.event("Secret event", access=AccessMode.CLOSED), authority=cast.mombasa)
    Delegation.objects.create(event=make.event("Draft event", state=EventState.DRAFT), authority=cast.mombasa)
    make.commitment(cast.mombasa.organisation, title="Secret promise", access=AccessMode.CLOSED)
    Priority.objects.create(
        authority=cast.mombasa, theme=make.theme(), words="Secret priority", method="vote", access=AccessMode.CLOSED
    )
    make.forum(cast.mombasa, name="Secret forum", access=AccessMode.CLOSED)
    make.plan(cast.mombasa, title="Secret plan", access=AccessMode.CLOSED)

    visitors = client.get("/en/local-authorities/mombasa/").content.decode()
    client.force_login(cast.coordinator.user)  # type: ignore[arg-type]
    coordinators = client.get("/en/local-authorities/mombasa/").content.decode()

    secrets = ["lesson", "event", "promise", "priority", "forum", "plan"]
    assert [word for word in secrets if f"Secret {word}" in visitors] == []
    assert [word for word in secrets if f"Secret {word}" in coordinators] == secrets
    assert "Draft event" not in visitors


@pytest.mark.parametrize(
    "address", ["/en/local-authorities/mombasa/place.svg", "/en/local-authorities/nowhere/place.svg"]
)
def test_a_place_without_a_point_has_no_map(client: Client, address: str) -> None:
    make.authority("Mombasa", slug="mombasa")

    assert client.get(address).status_code == 404


def test_a_place_lies_in_its_country(client: Client) -> None:
    make.authority("Mombasa", slug="mombasa", latitude="-4.0547", longitude="39.6636")
    page = client.get("/en/local-authorities/mombasa/place.svg")

    assert page["Content-Type"] == "image/svg+xml"
    assert page["Cache-Control"] == "public, max-age=300"
    assert "<title>Mombasa, Kenya</title>" in page.content.decode()


def test_each_kind_of_body_leads_to_its_own_page(client: Client) -> None:
    make.authority("Kwale", slug="kwale")
    make.organisation("Peace Link", slug="peace-link")

    assert client.get("/en/organisations/kwale/", follow=True).redirect_chain == [("/en/local-authorities/kwale/", 302)]
    assert client.get("/en/local-authorities/peace-link/", follow=True).redirect_chain == [
        ("/en/organisations/peace-link/", 302)
    ]
    assert client.get("/en/local-authorities/nobody/").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_an_organisation_costs_the_same_with_one_and_with_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    body = make.organisation("Peace Link", slug="peace-link")
    for n in range(number):
        EventParty.objects.create(event=make.event(), organisation=body, role=PartyRole.PARTNER)
        make.commitment(body, lesson=make.lesson(authorities=[make.authority()]))
        Grant.objects.create(funder=body, programme=f"Programme {n}")
        Agreement.objects.create(kind=AgreementKind.MEMORANDUM, title=f"Memorandum {n}").parties.add(body)

    with django_assert_num_queries(7):
        response = client.get("/ar/organisations/peace-link/")

    assert response.status_code == 200


def test_an_organisations_page_shows_what_the_reader_may_see(client: Client) -> None:
    body = make.organisation("Peace Link", slug="peace-link")
    EventParty.objects.create(event=make.event("Open event"), organisation=body, role=PartyRole.HOST)
    secret = make.event("Secret event", access=AccessMode.CLOSED)
    EventParty.objects.create(event=secret, organisation=body, role=PartyRole.HOST)
    Grant.objects.create(funder=body, programme="Open grant")
    Grant.objects.create(funder=body, programme="Secret grant", access=AccessMode.NETWORK)

    page = client.get("/en/organisations/peace-link/")

    assert [part.event.title for part in page.context["parts"]] == ["Open event"]
    assert [grant.programme for grant in page.context["grants"]] == ["Open grant"]


def became(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["name"], row["url"]) for row in rows]
