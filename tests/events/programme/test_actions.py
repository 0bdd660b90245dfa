"""Sessions and parts in them: their days, hours and places, what changes, and what goes or stays with them."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jirani.events import actions
from jirani.events.enums import EventState, SessionKind
from jirani.events.models import Event, RemovedSession, Session, SessionPart
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def faults(event: Event, **facts: Any) -> set[str]:
    return set(actions.session_faults(Session(event=event, **({"kind": "panel", "held_on": event.starts_on} | facts))))


def test_the_day_hour_and_place_of_a_session(cast: Cast, coming: Event) -> None:
    first, last, at = coming.starts_on, coming.ends_on, {"starts_at": time(9)}
    rows: list[tuple[dict[str, Any], set[str]]] = [
        ({}, set()), ({"held_on": last}, set()), ({"held_on": first - DAY}, {"held_on"}), ({"held_on": last + DAY}, {"held_on"}),
        ({"held_on": None}, set()), ({"held_on": None, **at}, {"held_on"}), (at, set()), ({"ends_at": time(9)}, {"starts_at"}),
        ({"kind": SessionKind.SITE_VISIT}, {"place"}), ({"kind": SessionKind.SITE_VISIT, "place": "Ukunda"}, set()),
    ]  # fmt: skip
    assert [faults(coming, **facts) for facts, _wrong in rows] == [wrong for _facts, wrong in rows]
    unplaced: list[tuple[dict[str, Any], set[str]]] = [
        ({"ends_on": TODAY}, {"place"}), ({"ends_on": TODAY - DAY}, set()), ({"state": "draft", "ends_on": TODAY}, set()),
    ]  # fmt: skip
    for facts, wrong in unplaced:
        event = Event(**({"state": "published", "starts_on": TODAY - 3 * DAY} | facts))
        assert faults(event, kind=SessionKind.SITE_VISIT) == wrong


def test_a_session_changes_as_it_is_said_and_its_number_counts(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    session = coming.sessions.get()
    assert actions.change_session(session, by=by, title=session.title).sequence == 0
    changed = actions.change_session(session, by=by, title="Other", held_on=coming.ends_on)
    stored = Session.objects.get(pk=session.pk)
    assert (changed, stored.title, stored.held_on, stored.sequence) == (stored, "Other", coming.ends_on, 1)
    assert Event.objects.get(pk=coming.pk).rearranged_on == TODAY
    with pytest.raises(ValidationError) as caught:
        actions.change_session(session, by=by, held_on=coming.ends_on + DAY, kind="x")
    assert set(caught.value.message_dict) == {"held_on", "kind"}
    with pytest.raises(ValidationError) as caught:
        actions.add_session(
            coming, by=by, kind="panel", title="Same", held_on=coming.starts_on, starts_at=time(9), ends_at=time(9)
        )
    assert set(caught.value.message_dict) == {"ends_at"}
    made = actions.add_session(coming, by=by, kind="panel", title="New", held_on=coming.ends_on)
    assert Session.objects.get(pk=made.pk).held_on == coming.ends_on


def test_what_is_kept_of_a_session_that_calendars_may_hold(cast: Cast, coming: Event) -> None:
    by, draft = user_of(cast.coordinator), make.event(state=EventState.DRAFT, hub=cast.hub)
    session = coming.sessions.get()
    session.sequence = 4
    session.save()
    number = session.pk
    for gone in (make.session(draft), make.session(coming, held_on=None, starts_at=None, ends_at=None), session):
        actions.delete_session(gone, by=by)
    kept = RemovedSession.objects.get()
    assert (kept.event, kept.number, kept.sequence) == (coming, number, 5)
    assert (kept.held_on, kept.starts_at, kept.ends_at) == (coming.starts_on, time(9), time(11))
    assert (kept.title, kept.access, coming.sessions.count()) == ("Opening; with tea, and a vote", "public", 0)


def test_a_session_goes_with_its_parts_and_stays_with_what_was_learned(cast: Cast) -> None:
    by, event = user_of(cast.coordinator), make.event(hub=cast.hub)
    part = make.participation(event, make.person())
    spoken, noted, learned = (make.session(event) for _ in range(3))
    SessionPart.objects.create(session=spoken, participation=part, role="speaker")
    make.note(noted)
    make.lesson(session=learned)
    actions.delete_session(spoken, by=by)
    for session in (noted, learned):
        with pytest.raises(ValidationError, match="so it cannot be removed"):
            actions.delete_session(session, by=by)
    assert list(event.sessions.order_by("pk")) == [noted, learned]
    assert (SessionPart.objects.filter(participation=part).count(), RemovedSession.objects.count()) == (0, 1)


def test_parts_are_of_those_who_take_part_here(cast: Cast, coming: Event) -> None:
    by, session = user_of(cast.coordinator), coming.sessions.get()
    here, there = make.participation(coming, make.person()), make.participation(cast.event, make.person())
    with pytest.raises(ValidationError) as caught:
        actions.add_part(session, participation=there, role="speaker", by=by)
    assert list(caught.value.message_dict) == ["participation"]
    part = actions.add_part(session, participation=here, role="speaker", by=by)
    other = actions.add_part(session, participation=here, role="moderator", by=by)
    assert actions.add_part(session, participation=here, role="speaker", by=by) == part
    actions.remove_part(part, by=by)
    assert list(session.parts.all()) == [other]
