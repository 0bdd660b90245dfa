"""Actions on events: permissions, constraints, notifications and audit entries."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from jirani.audit.actions import ChangedMeanwhile
from jirani.audit.models import Entry
from jirani.events import actions
from jirani.events.enums import EventFormat, EventState, ParticipationState
from jirani.events.models import Event, Participation, Session, SessionPart
from jirani.members.models import Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
PLACE, LINK, ZONE = {"place": "Kwale"}, {"link": "https://meet.example.org/room"}, {"time_zone": "Africa/Nairobi"}

TODAY = timezone.localdate()


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Exchange", "kind": "exchange", "format": "in-person", "place": "Kwale", "access": "public",
        "starts_on": TODAY, "ends_on": TODAY,
    } | changes  # fmt: skip


def refused(**changes: Any) -> set[str]:
    """Return the fields that are at fault if a draft is saved with these facts."""
    coordinator = Person.objects.get(email="coordinator@example.org").user
    with pytest.raises(ValidationError) as caught:
        actions.create_event(by=coordinator, **facts(**changes))
    return set(caught.value.message_dict)


def test_only_coordinators_make_events_and_each_only_for_their_hub(cast: Cast) -> None:
    other = make.hub("Another hub")
    users = cast.users()
    for part in ("visitor", "kwale_focal_point", "editor", "participant", "outsider"):
        with pytest.raises(PermissionDenied):
            actions.create_event(by=users[part], **facts(hub=cast.hub))
    with pytest.raises(ValidationError, match="Choose a hub that you coordinate"):
        actions.create_event(by=users["hub_coordinator"], **facts(hub=other))

    made = [
        actions.create_event(by=users["hub_coordinator"], **facts(hub=cast.hub)),
        actions.create_event(by=users["coordinator"], **facts(hub=other)),
    ]
    assert [(event.slug[:-6], event.state) for event in made] == [("exchange", "draft"), ("exchange", "draft")]
    with pytest.raises(PermissionDenied):
        actions.change_event(made[1], by=users["hub_coordinator"], title="Ours now")
    assert list(Entry.objects.filter(verb="events.create").values_list("actor__email", flat=True).order_by("id")) == [
        "hub_coordinator@example.org",
        "coordinator@example.org",
    ]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"ends_on": TODAY - timedelta(days=1)}, {"ends_on"}),
        ({"title": "", "summary": "", "place": ""}, {"title"}),
        ({"starts_on": None}, {"starts_on"}),
        ({"kind": "party"}, {"kind"}),
        ({"link": "javascript:alert(1)"}, {"link"}),
    ],
)
def test_what_every_draft_needs(cast: Cast, changes: dict[str, Any], fields: set[str]) -> None:
    assert refused(**changes) == fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"place": ""}, {"place"}),
        ({"format": "hybrid", "time_zone": "Africa/Nairobi"}, {"link"}),
        ({"format": "hybrid", "place": "", "link": ""}, {"place", "link", "time_zone"}),
    ],
)
def test_a_draft_waits_for_what_its_format_needs_until_it_is_published(
    cast: Cast, changes: dict[str, Any], fields: set[str]
) -> None:
    coordinator = cast.users()["coordinator"]
    event = actions.create_event(by=coordinator, **facts(**changes))
    with pytest.raises(ValidationError) as caught:
        actions.publish_event(event, by=coordinator)
    assert set(caught.value.message_dict) == fields

    past = {"starts_on": date(2021, 11, 24), "ends_on": date(2021, 11, 24)}
    over = actions.create_event(by=coordinator, **facts(**changes, **past))
    assert actions.publish_event(over, by=coordinator).state == EventState.PUBLISHED, "no source may say where it was"


def test_a_site_visit_waits_for_its_place_until_people_read_of_it(cast: Cast) -> None:
    coordinator = cast.users()["coordinator"]
    event = actions.create_event(by=coordinator, **facts())
    visit = actions.add_session(event, by=coordinator, kind="site-visit", title="Youth centre")
    with pytest.raises(ValidationError, match="Say what is visited in “Youth centre”, and where"):
        actions.publish_event(event, by=coordinator)

    actions.change_session(visit, by=coordinator, place="Ukunda")
    published = actions.publish_event(event, by=coordinator)
    assert published.state == EventState.PUBLISHED
    with pytest.raises(ValidationError, match="Say what is visited and where"):
        actions.change_session(Session.objects.get(pk=visit.pk), by=coordinator, place="")


def test_a_session_is_looked_at_in_its_event_as_that_is_now(cast: Cast) -> None:
    """The form was opened for a draft, and the event is published by the time it is sent."""
    coordinator = cast.users()["coordinator"]
    event = actions.create_event(by=coordinator, **facts())
    as_opened = Event.objects.get(pk=event.pk)
    actions.publish_event(event, by=coordinator)
    with pytest.raises(ValidationError, match="Say what is visited and where"):
        actions.add_session(as_opened, by=coordinator, kind="site-visit", title="Youth centre")


def test_a_virtual_event_waits_for_its_link_until_it_is_published(cast: Cast) -> None:
    coordinator = cast.users()["coordinator"]
    event = actions.create_event(by=coordinator, **facts(format=EventFormat.VIRTUAL, place=""))
    with pytest.raises(ValidationError) as caught:
        actions.publish_event(event, by=coordinator)
    assert set(caught.value.message_dict) == {"link", "time_zone"}

    event = actions.change_event(event, by=coordinator, link="https://meet.example.org", time_zone="Africa/Nairobi")
    assert actions.publish_event(event, by=coordinator).state == EventState.PUBLISHED
    with pytest.raises(ValidationError, match="Add the link"):
        actions.change_event(event, by=coordinator, link="")

    past = {"starts_on": date(2021, 11, 24), "ends_on": date(2021, 12, 3)}
    over = actions.create_event(by=coordinator, **facts(format=EventFormat.VIRTUAL, place="", **past))
    assert actions.publish_event(over, by=coordinator).state == EventState.PUBLISHED


def test_a_change_over_anothers_change_is_refused_and_changes_nothing(cast: Cast) -> None:
    coordinator = cast.users()["coordinator"]
    event = actions.create_event(by=coordinator, **facts())
    seen = event.version
    actions.change_event(event, by=coordinator, version=seen, title="First")

    acts: list[Callable[[], Event]] = [
        lambda: actions.change_event(event, by=coordinator, version=seen, title="Second", place="Lamu"),
        lambda: actions.publish_event(event, by=coordinator, version=seen),
        lambda: actions.cancel_event(event, by=coordinator, version=seen),
    ]
    for act in acts:
        with pytest.raises(ChangedMeanwhile):
            act()
    now = Event.objects.get(pk=event.pk)
    assert (now.title, now.place, now.state) == ("First", "Kwale", "draft")


def test_titles_in_every_script_have_an_address(cast: Cast) -> None:
    coordinator = cast.users()["coordinator"]
    titles = ["تبادل بين المقاطعات", "تبادل آخر", "New", "Échange à Çair!", "x" * 200]
    slugs = [
        actions.create_event(
            by=coordinator, **facts(title=title, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1))
        ).slug
        for title in titles
    ]
    assert [slug[:-6] for slug in slugs] == ["exchange-2027", "exchange-2027", "new", "echange-a-cair", "x" * 94]
    assert len(set(slugs)) == len(slugs)


def test_cancelling_writes_to_those_who_were_invited_and_have_not_declined(cast: Cast, coming: Event) -> None:
    coordinator = cast.users()["coordinator"]
    for name, state, nonce in [
        ("Asha", ParticipationState.INVITED, "a"), ("Badru", ParticipationState.CONFIRMED, "b"),
        ("Chege", ParticipationState.DECLINED, "c"), ("Dalila", ParticipationState.INVITED, ""),
    ]:  # fmt: skip
        person = make.person(name, email=f"{name.lower()}@example.org", language="sw", account=False)
        make.participation(coming, person, state=state, nonce=nonce)

    actions.cancel_event(coming, by=coordinator)
    actions.cancel_event(coming, by=coordinator)
    assert sorted(Message.objects.values_list("to", "kind", "language")) == [
        ("asha@example.org", "events.cancelled", "sw"),
        ("badru@example.org", "events.cancelled", "sw"),
    ]


def test_the_programme(cast: Cast, coming: Event) -> None:
    coordinator, outsider = cast.users()["coordinator"], cast.users()["outsider"]
    session: dict[str, Any] = {
        "kind": "site-visit",
        "title": "Youth centre",
        "held_on": coming.starts_on,
        "place": "Ukunda",
    }
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"place": ""}, "place"),
        ({"held_on": coming.ends_on + timedelta(days=1)}, "held_on"),
        ({"held_on": None, "starts_at": time(9)}, "held_on"),
        ({"starts_at": time(9), "ends_at": time(9)}, "ends_at"),
    ]
    for changes, field in wrong:
        with pytest.raises(ValidationError) as caught:
            actions.add_session(coming, by=coordinator, **(session | changes))
        assert set(caught.value.message_dict) == {field}
    with pytest.raises(PermissionDenied):
        actions.add_session(coming, by=outsider, **session)

    visit = actions.add_session(coming, by=coordinator, host=cast.kwale.organisation, **session)
    seen = visit.version
    actions.change_session(visit, by=coordinator, version=seen, title="The youth centre")
    with pytest.raises(ChangedMeanwhile):
        actions.change_session(visit, by=coordinator, version=seen, title="Another")

    elsewhere = make.participation(cast.event, cast.outsider)
    with pytest.raises(ValidationError, match="takes part in this event"):
        actions.add_part(visit, participation=elsewhere, role="rapporteur", by=coordinator)
    here = make.participation(coming, cast.participant)
    actions.add_part(visit, participation=here, role="rapporteur", by=coordinator)
    actions.add_part(visit, participation=here, role="rapporteur", by=coordinator)
    assert SessionPart.objects.filter(session=visit).count() == 1

    make.note(visit)
    with pytest.raises(ValidationError, match="so it cannot be removed"):
        actions.delete_session(visit, by=coordinator)
    visit.notes.all().delete()
    actions.delete_session(visit, by=coordinator)
    assert not coming.sessions.filter(pk=visit.pk).exists()


def test_delegations_and_organisations(cast: Cast, coming: Event) -> None:
    coordinator = cast.users()["coordinator"]
    for _again in range(2):
        actions.add_delegations(coming, authorities=[cast.kwale, cast.mombasa], by=coordinator)
        party = actions.add_party(coming, organisation=cast.kwale.organisation, role="host", by=coordinator)
    assert (coming.delegations.count(), coming.parties.count()) == (2, 1)

    kwale = coming.delegations.get(authority=cast.kwale)
    make.participation(coming, cast.participant, delegation=kwale)
    with pytest.raises(ValidationError, match="There are people in this delegation"):
        actions.remove_delegation(kwale, by=coordinator)
    actions.remove_delegation(coming.delegations.get(authority=cast.mombasa), by=coordinator)
    actions.remove_party(party, by=coordinator)
    assert (coming.delegations.count(), coming.parties.count()) == (1, 0)


def test_the_list_of_participants(cast: Cast, coming: Event) -> None:
    coordinator = cast.users()["coordinator"]
    known = make.person("Known", email="known@example.org", sector="health", language="fr")

    added, new = actions.add_participant(
        coming, by=coordinator, name="X", email="KNOWN@example.org", role="speaker", language="en"
    )
    again, newer = actions.add_participant(coming, by=coordinator, name="Y", email="known@example.org", role="delegate")
    assert (added.person, new, again.pk, newer) == (known, True, added.pk, False)
    known.refresh_from_db()
    assert (known.name, known.language, added.role, added.sector) == ("Known", "fr", "speaker", "")

    with pytest.raises(ValidationError):
        actions.add_participant(coming, by=coordinator, name="", email="", role="delegate")
    with pytest.raises(PermissionDenied):
        actions.add_participant(coming, by=cast.users()["kwale_focal_point"], name="Z", role="delegate")
    assert coming.participations.count() == 1


def test_attendance_is_marked_for_those_shown(cast: Cast, coming: Event) -> None:
    coordinator = cast.users()["coordinator"]
    Event.objects.filter(pk=coming.pk).update(starts_on=timezone.localdate())
    states = (
        ParticipationState.CONFIRMED,
        ParticipationState.ATTENDED,
        ParticipationState.ATTENDED,
        ParticipationState.CANCELLED,
    )
    rows = [make.participation(coming, make.person(), state=state) for state in states]

    shown = [rows[0].pk, rows[1].pk, rows[3].pk]
    assert actions.mark_attended(coming, shown=shown, present=[rows[0].pk, rows[3].pk], by=coordinator) == 1
    assert [Participation.objects.get(pk=row.pk).state for row in rows] == [
        "attended",
        "confirmed",
        "attended",
        "cancelled",
    ]


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"format": "in-person"}, {"place"}),
        ({"format": "in-person", **PLACE}, set()),
        ({"format": "hybrid"}, {"place", "link", "time_zone"}),
        ({"format": "hybrid", **PLACE, **LINK}, {"time_zone"}),
        ({"format": "hybrid", **PLACE, **ZONE}, {"link"}),
        ({"format": "hybrid", **LINK, **ZONE}, {"place"}),
        ({"format": "virtual"}, {"link", "time_zone"}),
        ({"format": "virtual", **LINK, **ZONE}, set()),
        ({"format": "in-person", "starts_on": None, "ends_on": None}, {"starts_on", "place"}),
        ({"format": "virtual", "title": "", **LINK, **ZONE}, {"title"}),
        ({"format": "virtual", "ends_on": TODAY - DAY}, set()),
        ({"format": "virtual", "title": "", "ends_on": TODAY - DAY}, {"title"}),
    ],
)
def test_what_is_missing_by_format_until_its_last_day(facts: dict[str, Any], missing: set[str]) -> None:
    event = Event(**{"title": "Exchange", "starts_on": TODAY - DAY, "ends_on": TODAY} | facts)
    assert set(actions.what_is_missing(event)) == missing


def test_what_is_missing_names_the_link_as_its_format_needs_it_and_the_visit_without_a_place(cast: Cast) -> None:
    words = [actions.what_is_missing(Event(format=one, ends_on=TODAY))["link"] for one in ("hybrid", "virtual")]
    assert words == [
        "A hybrid event has a place and a link to join. Add the link.", "Add the link that people use to join.",
    ]  # fmt: skip

    event = make.event(starts_on=TODAY, ends_on=TODAY, place="Kwale")
    make.session(event, "Panel", kind="panel")
    make.session(event, "Seen", kind="site-visit", place="Ukunda")
    assert actions.what_is_missing(event) == {}
    make.session(event, "Unseen", kind="site-visit")
    assert actions.what_is_missing(event) == {"sessions": "Say what is visited in “Unseen”, and where."}


def test_a_change_counts_for_calendars_if_something_is_otherwise(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    theme = make.theme()
    event = actions.create_event(
        by=by, themes=[theme], title="Exchange", kind="exchange", format="in-person", access="public",
        starts_on=TODAY, ends_on=TODAY, hub=cast.hub, place="Kwale",
    )  # fmt: skip
    assert (list(event.themes.all()), event.sequence, event.state) == ([theme], 0, EventState.DRAFT)
    assert actions.change_event(event, by=by, title="Exchange").sequence == 0
    event = actions.change_event(event, by=by, title="Visit")
    assert (event.sequence, list(event.themes.all())) == (1, [theme])
    assert list(actions.change_event(event, by=by, themes=[]).themes.all()) == []
    published = actions.publish_event(event, by=by)
    assert (published.sequence, actions.publish_event(published, by=by)) == (2, event)
    cancelled = actions.cancel_event(event, by=by)
    assert (cancelled.sequence, actions.cancel_event(cancelled, by=by)) == (3, event)
    stored = Event.objects.get(pk=event.pk)
    assert (stored.sequence, stored.state, stored.title, (stored.told or {})["cancelled"]) == (
        3,
        "cancelled",
        "Visit",
        True,
    )
    again = actions.publish_event(event, by=by)
    assert (again.sequence, again.state, again.rearranged_on) == (4, EventState.PUBLISHED, TODAY)


def test_a_hub_is_one_that_the_user_coordinates(cast: Cast) -> None:
    other = make.hub("Another")
    coordinator, hub_coordinator = user_of(cast.coordinator), user_of(cast.hub_coordinator)
    assert actions.change_event(cast.event, by=coordinator, hub=None).hub is None
    assert actions.change_event(cast.event, by=coordinator, hub=other).hub == other
    assert actions.change_event(cast.event, by=coordinator, hub=cast.hub).hub == cast.hub
    for hub in (None, other):
        with pytest.raises(ValidationError) as caught:
            actions.change_event(cast.event, by=hub_coordinator, hub=hub)
        assert caught.value.message_dict == {"hub": ["Choose a hub that you coordinate."]}
