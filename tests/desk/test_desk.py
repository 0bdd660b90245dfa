"""The desk: what each of the cast has to do, waits for and hears of, and nothing that is not theirs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from jirani.commitments.models import FollowUp
from jirani.core.enums import AccessMode
from jirani.events.enums import EventState, ParticipationState
from jirani.lessons.enums import Publication
from jirani.members.models import Person
from jirani.newsroom.actions import write_report
from jirani.plans.enums import Status
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
NEXT_WEEK, LAST_WEEK = TODAY + timedelta(days=7), TODAY - timedelta(days=7)
COMING: dict[str, Any] = {"starts_on": NEXT_WEEK, "ends_on": NEXT_WEEK}

#: Who, what, by when (with what the day means), and the one thing to do.
Told = tuple[str, str, tuple[str, date] | None, str]


def desk(person: Person) -> dict[str, list[Told]]:
    """The three parts of somebody's desk."""
    client = Client()
    assert person.user is not None
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    context = client.get("/en/desk/").context
    return {part: [_told(row) for row in context[part]] for part in ("needed", "waiting", "done")}


def _told(row: dict[str, Any]) -> Told:
    day = next(((kind, row[kind]) for kind in ("due", "since", "on") if row[kind]), None)
    assert (bool(row["action"]), row["late"]) == (bool(row["action_url"]), bool(row["due"] and row["due"] < TODAY))
    return strip_tags(row["who"]), strip_tags(row["what"]), day, row["action"]


def a_day(cast: Cast) -> None:
    """Something for everybody to do."""
    fair = make.event("Fair", hub=cast.hub, **COMING)
    make.participation(fair, cast.participant, state=ParticipationState.INVITED, nonce="sent")
    make.participation(fair, cast.kwale_focal_point)
    make.event("Next year", hub=cast.hub, state=EventState.DRAFT, **COMING)
    make.lesson("Rotate the seats", event=cast.event, session=cast.session, authorities=[cast.mombasa])
    make.lesson("Meet at noon", event=cast.event, session=cast.session, state=Publication.DRAFT, writer=cast.rapporteur)
    make.note(cast.session, speaker=cast.participant, typist=cast.rapporteur)
    later = make.session(fair, "What comes next", held_on=NEXT_WEEK)
    make.rapporteur(later, cast.rapporteur)
    promise = make.commitment(cast.mombasa.organisation, title="Rotate", due_on=LAST_WEEK)
    make.commitment(cast.mombasa.organisation, title="Listen", status=Status.DRAFT)
    for side in ("government", "civil-society"):
        FollowUp.objects.create(commitment=promise, months=3, side=side, due_on=TODAY)
    make.activity(cast.plan, title="Hold a forum", until_on=NEXT_WEEK)
    told = make.event("Told of", hub=cast.hub, starts_on=LAST_WEEK, ends_on=LAST_WEEK)
    write_report(told, by=cast.coordinator.user)


EVENT_ENDED = date(2021, 12, 8)
COORDINATED: list[Told] = [
    ("Event", "Prepare and publish: Next year", ("due", NEXT_WEEK), "Continue"),
    ("Report", "Have the report written: Inter-county exchange", ("since", EVENT_ENDED), "Write the report"),
]
PUBLISH: Told = ("Report", "Look through and publish the report: Told of", ("since", LAST_WEEK), "Continue")
EXPECTED: Told = ("Fair", "You are expected.", ("on", NEXT_WEEK), "My programme")
SILENT: Told = ("Fair", "Some of those who were invited have not answered.", ("due", NEXT_WEEK), "See who")
PROGRESS: Told = ("{plan}", "Say how far it got: Hold a forum", ("due", NEXT_WEEK), "Record progress")
ANSWER: Told = ("Mombasa County", "Answer the follow-up: Rotate", ("due", TODAY), "Answer")

NEEDED: dict[str, list[Told]] = {
    "coordinator": [*COORDINATED, PUBLISH],
    "hub_coordinator": [*COORDINATED, PUBLISH],
    "kwale_focal_point": [
        (
            "Kwale County",
            "There is no action plan yet. Commitments are tied to its activities.",
            None,
            "Make an action plan",
        ),
    ],
    "mombasa_focal_point": [
        ("Mombasa County", "Say how far it got: Rotate", ("due", LAST_WEEK), "Record progress"),
        ANSWER,
        PROGRESS,
        ("Mombasa County", "Finish and publish: Listen", ("since", TODAY), "Continue"),
    ],
    "forum_secretary": [ANSWER, PROGRESS],
    "rapporteur": [
        ("Inter-county exchange", "Finish and publish: Meet at noon", ("since", TODAY), "Continue"),
        ("Fair", "Keep the record of “What comes next”.", ("on", NEXT_WEEK), "Type notes"),
    ],
    "editor": [PUBLISH],
    "translator": [],
    "participant": [
        ("Fair", "You are invited. Say whether you are coming.", ("due", NEXT_WEEK), "Answer"),
        (
            "Inter-county exchange",
            "Say how what you said in “Carrying out the plans” may be attributed.",
            ("since", date(2021, 12, 6)),
            "Say how",
        ),
    ],
    "outsider": [],
}
WAITING: dict[str, list[Told]] = {
    "coordinator": [SILENT],
    "hub_coordinator": [SILENT],
    "kwale_focal_point": [EXPECTED],
    "rapporteur": [
        (
            "Inter-county exchange",
            "Speakers of “Carrying out the plans” have not said yet how their words may be attributed.",
            ("since", date(2021, 12, 6)),
            "See the notes",
        ),
        EXPECTED,
    ],
}


@pytest.mark.parametrize("part", NEEDED)
def test_each_has_their_own_desk(cast: Cast, part: str) -> None:
    a_day(cast)
    plan = cast.plan.title

    shown = desk(cast.people()[part])

    assert shown["needed"] == [(who.format(plan=plan), *rest) for who, *rest in NEEDED[part]]
    assert shown["waiting"] == WAITING.get(part, [])
    assert shown["done"] == [("Mombasa County", "Took up: Rotate", ("on", TODAY), "")]


HIDDEN: dict[str, Callable[[Cast], object]] = {
    "on the list, not written to": lambda cast: make.participation(
        make.event(**COMING), cast.outsider, state=ParticipationState.INVITED
    ),
    "of a draft": lambda cast: make.participation(
        make.event(state=EventState.DRAFT, **COMING), cast.outsider, state=ParticipationState.INVITED, nonce="sent"
    ),
    "of a closed draft": lambda cast: make.participation(
        make.event(state=EventState.DRAFT, access=AccessMode.CLOSED, **COMING), cast.outsider
    ),
    "called off": lambda cast: make.participation(
        make.event(state=EventState.CANCELLED, **COMING), cast.outsider, state=ParticipationState.INVITED, nonce="sent"
    ),
    "over": lambda cast: make.participation(
        make.event(), cast.outsider, state=ParticipationState.INVITED, nonce="sent"
    ),
    "declined": lambda cast: make.participation(
        make.event(access=AccessMode.CLOSED, **COMING), cast.outsider, state=ParticipationState.DECLINED, nonce="sent"
    ),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_what_somebody_was_not_asked_is_not_on_their_desk(cast: Cast, case: str) -> None:
    HIDDEN[case](cast)

    assert desk(cast.outsider) == {"needed": [], "waiting": [], "done": []}


def test_an_event_stays_with_whoever_was_marked_present_until_it_is_over(cast: Cast) -> None:
    yesterday = TODAY - timedelta(days=1)
    for name, last in (("Over", yesterday), ("Last day", TODAY), ("Goes on", NEXT_WEEK)):
        event = make.event(name, starts_on=yesterday, ends_on=last)
        make.participation(event, cast.outsider, state=ParticipationState.ATTENDED)
    invited = make.event("Later", **COMING)
    make.participation(invited, cast.outsider, state=ParticipationState.INVITED, nonce="sent")

    assert desk(cast.outsider) == {
        "needed": [("Later", "You are invited. Say whether you are coming.", ("due", NEXT_WEEK), "Answer")],
        "waiting": [
            (name, "You are marked as present.", ("on", yesterday), "My programme") for name in ("Last day", "Goes on")
        ],
        "done": [],
    }


def test_a_rapporteur_who_does_not_come_keeps_no_record(cast: Cast) -> None:
    closed = make.event("Closed", access=AccessMode.CLOSED, **COMING)
    session = make.session(closed, "Behind the door")
    part = make.rapporteur(session, cast.outsider).participation
    before = [(words, on) for _, words, on, _ in [*desk(cast.outsider)["needed"], *desk(cast.outsider)["waiting"]]]
    make.note(session, speaker=cast.participant)
    make.lesson(event=closed, session=session, state=Publication.DRAFT)
    part.state = ParticipationState.DECLINED
    part.save()

    assert before == [
        ("Keep the record of “Behind the door”.", ("on", NEXT_WEEK)),
        ("You are expected.", ("on", NEXT_WEEK)),
    ]
    assert desk(cast.outsider) == {"needed": [], "waiting": [], "done": []}


def test_nobody_is_waited_for_who_was_not_written_to(cast: Cast) -> None:
    listed, draft = make.event("Listed", **COMING), make.event("Draft", state=EventState.DRAFT, **COMING)
    make.participation(listed, cast.participant, state=ParticipationState.INVITED)
    make.participation(draft, cast.participant, state=ParticipationState.INVITED, nonce="sent")
    make.participation(make.event("Answered", **COMING), cast.participant, nonce="sent")
    asked = make.event("Asked", **COMING)
    make.participation(asked, cast.participant, state=ParticipationState.INVITED, nonce="sent")

    assert [who for who, *_ in desk(cast.coordinator)["waiting"]] == ["Asked"]


def test_a_report_that_is_published_or_no_longer_public_needs_nobody(cast: Cast) -> None:
    report = write_report(cast.event, by=cast.coordinator.user)
    waiting = len(desk(cast.editor)["needed"])
    cast.event.access = AccessMode.NETWORK
    cast.event.save()
    narrowed = len(desk(cast.editor)["needed"])
    cast.event.access = AccessMode.PUBLIC
    cast.event.save()
    report.get_latest_revision().publish()

    assert (waiting, narrowed, len(desk(cast.editor)["needed"])) == (1, 0, 0)


WAYS: dict[str, list[str]] = {
    "coordinator": [
        "/en/events/new/", "/en/lessons/new/", "/en/local-authorities/new/", "/en/local-authorities/import/",
        "/en/people/", "/en/organisations/", "/en/people/roles/", "/en/taxonomy/", "/en/agreements/",
        "/en/desk/translations/", "/cms/",
    ],
    "hub_coordinator": [
        "/en/events/new/", "/en/lessons/new/", "/en/local-authorities/new/", "/en/local-authorities/import/",
        "/en/people/", "/en/organisations/",
    ],
    "kwale_focal_point": ["/en/organisations/kwale/", "/en/lessons/", "/en/lessons/new/", "/en/organisations/"],
    "forum_secretary": ["/en/organisations/mombasa/", "/en/forums/{forum}/", "/en/organisations/"],
    "editor": ["/en/lessons/new/", "/cms/"],
    "translator": ["/en/desk/translations/"],
    "participant": [],
}  # fmt: skip


@pytest.mark.sweep
@pytest.mark.parametrize("part", WAYS)
def test_what_each_can_start_is_open_to_them(client: Client, cast: Cast, part: str) -> None:
    client.force_login(cast.people()[part].user)  # type: ignore[arg-type]
    page = client.get("/en/desk/").content.decode()
    begin = page.partition('aria-label="What you can start">')[2].partition("</nav>")[0]
    found = [piece.partition('"')[0] for piece in begin.split('href="')[1:]]

    assert found == [way.format(forum=cast.forum.slug) for way in WAYS[part]]
    assert {client.get(address, follow=True).status_code for address in found} <= {200}


@pytest.mark.parametrize(("part", "queries"), [("coordinator", 15), ("mombasa_focal_point", 15), ("participant", 10)])
@pytest.mark.parametrize("number", [1, 6])
def test_what_it_costs(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, part: str, queries: int, number: int
) -> None:
    for _ in range(number):
        a_day(cast)
    client = Client()
    client.force_login(cast.people()[part].user)  # type: ignore[arg-type]
    client.get("/ar/desk/")

    with django_assert_num_queries(queries):
        assert client.get("/ar/desk/").status_code == 200
