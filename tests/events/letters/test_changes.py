"""If dates, place, link or hours change after publication, everybody invited is told once how things stand now."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState
from jirani.events.letters.actions.changes import arrangements, changes
from jirani.events.letters.actions.letters import called_off, mailing_of_changes, tell_changes
from jirani.events.models import Event, Session
from jirani.events.text import sign_link, zone_of
from jirani.members.models import Grant, Person
from jirani.notifications.actions import PATIENCE, deliver_due
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of

from .test_mailings import to

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)
Enter = Callable[[Person], Client]


@pytest.fixture
def guests(coming: Event) -> dict[str, str]:
    """Invite one person in each state, with a language and a link for each. Returns tokens by name."""
    tokens = {}
    for name, state in [
        ("Asha", ParticipationState.INVITED), ("Badru", ParticipationState.CONFIRMED),
        ("Chege", ParticipationState.DECLINED), ("Dalila", ParticipationState.CANCELLED),
    ]:  # fmt: skip
        person = make.person(name, email=f"{name.lower()}@example.org", language="sw", account=False)
        part = make.participation(coming, person, state=state, nonce=f"nonce-{name}")
        tokens[name] = sign_link(part.pk, part.nonce, person.email)
    make.participation(coming, make.person("Enzi", email="enzi@example.org"), state=ParticipationState.INVITED)
    return tokens


def told() -> list[tuple[str, str, str]]:
    return sorted(Message.objects.values_list("to", "kind", "language"))


def test_invited_and_confirmed_people_are_told_how_it_stands_now(
    cast: Cast, coming: Event, guests: dict[str, str]
) -> None:
    changed = actions.change_event(coming, by=cast.users()["coordinator"], place="Ukunda", title="Exchange on youth")
    assert told() == [
        ("asha@example.org", "events.changed", "sw"),
        ("badru@example.org", "events.changed", "sw"),
    ]
    letter = Message.objects.get(to="badru@example.org")
    assert "Ukunda" in letter.body
    assert f"/sw/my-programme/{guests['Badru']}/" in letter.body
    assert coming.link not in letter.body, "the link to join stands on their own page"
    assert changed.rearranged_on == timezone.localdate()


def test_what_changes_nothing_for_them_is_told_to_nobody(cast: Cast, coming: Event, guests: dict[str, str]) -> None:
    by = cast.users()["coordinator"]
    actions.change_event(coming, by=by, summary="Who is coming", place=coming.place, starts_on=coming.starts_on)
    session = coming.sessions.get()
    actions.change_session(session, by=by, summary="Tea", starts_at=session.starts_at)
    coming.refresh_from_db()
    assert (told(), coming.rearranged_on) == ([], None)


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_of_an_event_that_is_not_shown_nobody_is_told(
    cast: Cast, coming: Event, guests: dict[str, str], state: str
) -> None:
    Event.objects.filter(pk=coming.pk).update(state=state)
    actions.change_event(coming, by=cast.users()["coordinator"], place="Ukunda")
    assert told() == []


def test_of_an_event_that_is_over_nobody_is_told(cast: Cast, coming: Event, guests: dict[str, str]) -> None:
    past = timezone.localdate() - timedelta(days=9)
    actions.change_event(coming, by=cast.users()["coordinator"], starts_on=past, ends_on=past)
    assert told() == []


def test_changes_in_quick_succession_are_one_message_with_the_last_word(
    cast: Cast, coming: Event, guests: dict[str, str]
) -> None:
    by, session = cast.users()["coordinator"], coming.sessions.get()
    actions.change_event(coming, by=by, place="Ukunda")
    first = Message.objects.get(to="asha@example.org")
    actions.change_session(session, by=by, starts_at=time(10), ends_at=time(12))
    actions.change_event(coming, by=by, place="Diani")
    assert [to for to, _kind, _language in told()] == ["asha@example.org", "badru@example.org"]
    assert deliver_due() == 0, "it waits for a further change"

    last = Message.objects.get(to="asha@example.org")
    assert (last.pk, "Diani" in last.body, "Ukunda" in last.body) == (first.pk, True, False)
    assert last.next_attempt_at > timezone.now() + PATIENCE / 2


def test_what_a_worker_has_taken_is_left_to_it(cast: Cast, coming: Event, guests: dict[str, str]) -> None:
    by = cast.users()["coordinator"]
    actions.change_event(coming, by=by, place="Ukunda")
    Message.objects.update(next_attempt_at=timezone.now())
    assert deliver_due() == 2
    actions.change_event(coming, by=by, place="Diani")
    assert Message.objects.filter(state=MessageState.SENT, body__contains="Ukunda").count() == 2
    assert Message.objects.filter(state=MessageState.QUEUED, body__contains="Diani").count() == 2


def test_another_event_has_messages_of_its_own(cast: Cast, coming: Event, guests: dict[str, str]) -> None:
    by, person = cast.users()["coordinator"], Person.objects.get(name="Asha")
    other = make.event(place="Lamu", starts_on=coming.starts_on, ends_on=coming.ends_on)
    make.participation(other, person, nonce="other")
    actions.change_event(coming, by=by, place="Ukunda")
    actions.change_event(other, by=by, place="Shela")
    bodies = Message.objects.filter(to=person.email).order_by("pk").values_list("body", flat=True)
    assert [("Ukunda" in body, "Shela" in body) for body in bodies] == [(True, False), (False, True)]


def test_called_off_the_change_is_not_sent_and_held_after_all_it_is_told(
    cast: Cast, coming: Event, guests: dict[str, str]
) -> None:
    by = cast.users()["coordinator"]
    actions.change_event(coming, by=by, place="Ukunda")
    actions.cancel_event(coming, by=by)
    assert {kind for _to, kind, _language in told()} == {"events.cancelled"}
    Message.objects.filter(to="asha@example.org").update(state=MessageState.SENT, sent_at=timezone.now())
    actions.publish_event(coming, by=by)
    assert told() == [
        ("asha@example.org", "events.cancelled", "sw"),
        ("asha@example.org", "events.changed", "sw"),
        ("badru@example.org", "events.changed", "sw"),  # and not first that it is off
    ]


def test_my_programme_says_when_it_changed(cast: Cast, coming: Event, guests: dict[str, str], client: Client) -> None:
    page = reverse("events:programme_detail", args=[guests["Asha"]])
    assert "changed on" not in client.get(page).content.decode()
    actions.change_session(coming.sessions.get(), by=cast.users()["coordinator"], starts_at=time(8))
    assert "Dates, place or hours changed on" in client.get(page).content.decode()


def test_a_grant_is_tied_and_its_donor_with_it(cast: Cast, coming: Event, as_person: Enter) -> None:
    client = as_person(cast.hub_coordinator)
    funder = make.organisation("Robert Bosch Stiftung")
    url = reverse("events:grant_create", args=[coming.slug])
    new = {"programme": "Cities learn", "funder": funder.pk, "reference": "RBS-7", "access": "network", "once": "a"}
    assert [client.post(url, new).status_code for _ in range(2)] == [302, 302]

    grant = Grant.objects.get()
    assert (grant.programme, grant.reference, grant.access, grant.language) == (
        "Cities learn",
        "RBS-7",
        "network",
        "en",
    )
    assert list(coming.grants.all()) == [grant]
    assert not coming.parties.exists(), "fewer may see the grant than the event, so its donor is not told by it"
    assert "Cities learn" in client.get(reverse("events:event_edit", args=[coming.slug])).content.decode()
    assert "Cities learn" in client.get(reverse("public:event_detail", args=[coming.slug])).content.decode()
    assert "Cities learn" not in Client().get(reverse("public:event_detail", args=[coming.slug])).content.decode()

    client.post(reverse("events:grant_remove", args=[coming.slug, grant.pk]))
    assert (coming.grants.count(), Grant.objects.count()) == (0, 1)

    Grant.objects.update(access="public")
    assert client.post(url, {"grant": grant.pk, "once": "b"}).status_code == 302
    assert [(party.organisation, party.role) for party in coming.parties.all()] == [(funder, "donor")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "grant"),
        ({"programme": "Cities learn"}, "funder"),
        ({"programme": "Cities learn", "access": "closed"}, "access"),
        ({"grant": "0"}, "grant"),
    ],
)
def test_what_a_grant_needs(cast: Cast, coming: Event, as_person: Enter, fields: dict[str, str], wrong: str) -> None:
    answer = as_person(cast.hub_coordinator).post(reverse("events:grant_create", args=[coming.slug]), fields)
    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert not Grant.objects.exists()


def test_what_is_typed_of_a_new_grant_is_not_lost_to_a_known_one(cast: Cast, coming: Event, as_person: Enter) -> None:
    grant = Grant.objects.create(funder=make.organisation("Donor"), programme="Cities learn")
    url, hub = reverse("events:grant_create", args=[coming.slug]), as_person(cast.hub_coordinator)
    for name, typed in {
        "programme": "Another",
        "reference": "RBS-8",
        "from_on": "2022-01-01",
        "source_url": "https://example.org",
    }.items():
        answer = hub.post(url, {"grant": grant.pk, name: typed, "once": name})
        assert list(answer.context["form"].errors) == [name]
    assert not coming.grants.exists()


def test_a_closed_grant_of_others_is_neither_offered_nor_shown(cast: Cast, coming: Event, as_person: Enter) -> None:
    grant = Grant.objects.create(funder=make.organisation("Donor"), programme="Silent money", access="closed")
    url, hub = reverse("events:grant_create", args=[coming.slug]), as_person(cast.hub_coordinator)
    assert "Silent money" not in hub.get(url).content.decode()
    assert hub.post(url, {"grant": grant.pk}).status_code == 422

    assert as_person(cast.coordinator).post(url, {"grant": grant.pk}).status_code == 302
    assert not coming.parties.exists()
    assert "Silent money" not in hub.get(reverse("events:event_edit", args=[coming.slug])).content.decode()


def test_the_programme_moves_with_the_event(cast: Cast, coming: Event) -> None:
    """Sessions keep their day and hour within the event; if one would fall outside the new dates, it is named and nothing changes."""
    first, second = coming.sessions.get(), make.session(coming, "The second day")
    Session.objects.filter(pk=first.pk).update(held_on=coming.starts_on)
    Session.objects.filter(pk=second.pk).update(held_on=coming.starts_on + timedelta(days=2))
    by, later = cast.hub_coordinator.user, coming.starts_on + timedelta(days=7)

    actions.change_event(coming, by=by, starts_on=later, ends_on=later + timedelta(days=2))
    assert list(coming.sessions.order_by("held_on").values_list("held_on", flat=True)) == [
        later,
        later + timedelta(days=2),
    ]

    with pytest.raises(ValidationError, match="“The second day” would not fall within these days"):
        actions.change_event(Event.objects.get(pk=coming.pk), by=by, ends_on=later + timedelta(days=1))
    assert Event.objects.get(pk=coming.pk).ends_on == later + timedelta(days=2)


def test_the_report_is_offered_once_the_event_has_begun(coming: Event, cast: Cast, as_person: Enter) -> None:
    client, today = as_person(cast.coordinator), timezone.localdate(timezone=zone_of(coming.time_zone))
    report, page = (
        reverse("newsroom:report_create", args=[coming.slug]),
        reverse("events:event_edit", args=[coming.slug]),
    )
    offered = []
    for first in (today + timedelta(days=1), today):
        Event.objects.update(starts_on=first, ends_on=first)
        offered.append(client.get(page).content.decode().count(report))

    assert offered == [0, 2]


@pytest.mark.parametrize("access", [AccessMode.PUBLIC, AccessMode.NETWORK, AccessMode.CLOSED])
def test_whoever_waits_for_a_place_reads_of_sessions_only_if_the_event_is_public(
    cast: Cast, coming: Event, access: AccessMode
) -> None:
    Event.objects.filter(pk=coming.pk).update(access=access)
    assert coming.sessions.get().access == AccessMode.PUBLIC, "a session of an event that was narrowed in another way"
    event = Event.objects.get(pk=coming.pk)
    before = arrangements(event)
    Session.objects.filter(event=event).update(place="The town hall")
    now = arrangements(event)

    told = [changes(event, before, now, language="en", inside=inside) for inside in (True, False)]
    assert [len(sentences) for sentences in told] == [1, 1 if access == AccessMode.PUBLIC else 0]


def test_a_change_that_is_changed_back_is_written_to_nobody(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    make.listed(coming, "Asha", state="confirmed")
    first = actions.change_event(coming, by=by, place="Ukunda")
    assert (first.told["place"] if first.told else "", Message.objects.count()) == ("Kwale", 1)
    actions.change_event(coming, by=by, place="Diani")
    stored = Event.objects.get(pk=coming.pk)
    assert (stored.told and stored.told["place"], Message.objects.count(), stored.rearranged_on) == ("Kwale", 1, TODAY)
    letter = Message.objects.get()
    assert ("Diani" in letter.body, "Ukunda" in letter.body, letter.about) == (True, False, f"events.event:{coming.pk}")
    actions.change_event(coming, by=by, place="Kwale")
    assert Message.objects.count() == 0
    actions.change_event(coming, by=by, place="Ukunda")
    Message.objects.update(attempts=1)
    actions.change_event(coming, by=by, place="Diani")
    assert sorted("Ukunda" in one.body for one in Message.objects.all()) == [True, True]


def test_a_change_is_told_until_the_last_day(cast: Cast, coming: Event) -> None:
    make.listed(coming, "Asha", state="confirmed")
    before = arrangements(coming)
    coming.place = "Ukunda"
    rows = [(TODAY, "published", 1), (TODAY - DAY, "published", 0), (TODAY, "draft", 0), (TODAY, "cancelled", 0)]
    for ends_on, state, told in rows:
        Message.objects.all().delete()
        coming.ends_on, coming.state, coming.told = ends_on, EventState(state), None
        assert tell_changes(coming, before) == told, (ends_on, state)
    coming.ends_on = TODAY + DAY
    assert to(mailing_of_changes(coming, before, before)) == []


def test_what_was_before_it_was_called_off(cast: Cast, coming: Event) -> None:
    now = arrangements(coming)
    assert called_off(coming) == {**now, "cancelled": True}
    coming.told = {**now, "place": "Ukunda"}
    assert called_off(coming) == {**now, "cancelled": True}
    coming.told = {**now, "place": "Ukunda", "cancelled": True}
    assert called_off(coming)["place"] == "Ukunda"
