"""Sessions on both sides of each condition: days, hours and places, who sees them, what goes with them, what a form offers."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jirani.config.languages import CODES
from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.enums import EventState, SessionKind
from jirani.events.forms import PartForm, SessionCreateForm, SessionEditForm
from jirani.events.hours.actions import hour_faults, hours_in_words, settle_programme, settle_sides
from jirani.events.models import Event, RemovedSession, Session, SessionPart
from jirani.events.permissions import can_note_session, can_see_session
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


SPRING, AUTUMN = date(2028, 3, 26), date(2028, 10, 29)


def london(on: Any, begins: Any, ends: Any = None, zone: str = "Europe/London", **sides: str) -> Session:
    event = Event(starts_on=SPRING, ends_on=AUTUMN, time_zone=zone)
    return Session(event=event, title="Night", held_on=on, starts_at=begins, ends_at=ends, **sides)


def test_a_side_stays_with_an_hour_that_comes_twice_alone() -> None:
    both = {"starts_side": "before", "ends_side": "after"}
    rows = [
        (AUTUMN, time(1, 10), time(1, 40), ("before", "after")), (AUTUMN, time(1, 10), time(3), ("before", "")),
        (date(2028, 10, 28), time(23), time(1, 30), ("", "after")), (AUTUMN, time(4), time(5), ("", "")),
        (AUTUMN, time(1, 10), None, ("before", "")), (None, time(1, 10), time(1, 40), ("", "")), (AUTUMN, None, None, ("", "")),
    ]  # fmt: skip
    for on, begins, ends, sides in rows:
        session = london(on, begins, ends, **both)
        settle_sides(session)
        assert (session.starts_side, session.ends_side) == sides, (on, begins, ends)
    unknown = london(AUTUMN, time(1, 10), time(1, 40), zone="", **both)
    settle_sides(unknown)
    assert (unknown.starts_side, unknown.ends_side) == ("", "")


def test_hours_are_asked_for_once_each_and_last_no_longer_than_half_a_day() -> None:
    rows: list[tuple[Session, list[str]]] = [
        (london(AUTUMN, time(1, 10)), ["starts_side"]), (london(AUTUMN, time(1, 10), starts_side="after"), []),
        (london(AUTUMN, time(1, 10), time(1, 40), starts_side="before"), ["ends_side"]),
        (london(SPRING, time(10), time(9)), ["ends_at"]), (london(SPRING, time(10), time(22)), []),
        (london(SPRING, time(10), time(23)), []), (london(SPRING, time(22), time(10)), []),
        (london(SPRING, time(22), time(10, 1)), ["ends_at"]), (london(SPRING, time(22), time(10, 1), zone=""), ["ends_at"]),
        (london(None, time(10), time(9)), []), (london(SPRING, None, time(9)), ["starts_at"]),
        (london(SPRING, time(1, 30)), ["starts_at"]), (london(SPRING, time(1, 30), zone=""), []),
        (london(SPRING, time(0, 30), time(1)), []), (london(SPRING, time(0, 30), time(1, 1)), ["ends_at"]),
    ]  # fmt: skip
    assert [list(hour_faults(session)) for session, _wrong in rows] == [wrong for _session, wrong in rows]


def test_which_hours_there_are_is_said() -> None:
    gone = hour_faults(london(date(2011, 12, 30), time(9), zone="Pacific/Apia"))
    midnight = hour_faults(london(date(2018, 11, 4), time(0, 30), zone="America/Sao_Paulo"))
    assert gone["starts_at"][0].startswith("Choose another day: the clocks of ")
    assert gone["starts_at"][0].endswith(" leave out 30 December 2011.") or "December 2011" in gone["starts_at"][0]
    assert midnight["starts_at"][0].startswith("Choose an hour from 01:00 on: on 4 November 2018 the clocks of ")
    assert midnight["starts_at"][0].endswith("go forward from 00:00 to 01:00.")


def test_hours_in_words() -> None:
    said = [
        hours_in_words(one) for one in [
            london(SPRING, None), london(None, time(9)), london(None, time(9), time(10)), london(SPRING, time(9), time(10)),
            london(SPRING, time(23), time(1)), london(AUTUMN, time(1, 10), starts_side="after"),
            london(AUTUMN, time(1, 10), time(1, 40), starts_side="before", ends_side="after"),
            london(AUTUMN, time(1, 10), time(1, 40), starts_side="after", ends_side="after"),
        ]
    ]  # fmt: skip
    assert said == [
        "", "09:00", "09:00–10:00", "09:00–10:00", "23:00–01:00 (until the day after)", "01:10 (after the clocks change)",
        "01:10–01:40 (before the clocks change) (after the clocks change)", "01:10–01:40 (after the clocks change)",
    ]  # fmt: skip
    zoned = [hours_in_words(london(on, at, zone=zone, **sides), zone=True) for on, at, zone, sides in [
        (date(2028, 7, 1), time(9), "Europe/London", {}), (date(2028, 7, 1), time(9), "", {}),
        (AUTUMN, time(1, 10), "Europe/London", {"starts_side": "before"}), (AUTUMN, time(1, 10), "Europe/London", {"starts_side": "after"}),
    ]]  # fmt: skip
    assert zoned[1] == "09:00"
    assert zoned[0] != "09:00"
    assert "Summer" in zoned[0] or "UTC+1" in zoned[0] or "GMT+1" in zoned[0]
    assert zoned[2].replace("before", "") != zoned[3].replace("after", ""), "each with its own time in the world"


def test_a_programme_is_settled_where_day_and_hour_are_known(cast: Cast) -> None:
    event = make.event(starts_on=SPRING, ends_on=AUTUMN, time_zone="Europe/London")
    kept = make.session(event, held_on=AUTUMN, starts_at=time(1, 10), ends_at=None, starts_side="before")
    loose = make.session(event, held_on=AUTUMN, starts_at=time(5), ends_at=None, starts_side="before")
    make.session(event, held_on=None, starts_at=None, ends_at=None)
    settle_programme(event)
    assert [Session.objects.get(pk=one.pk).starts_side for one in (kept, loose)] == ["before", ""]
    late = make.session(event, "Late", held_on=SPRING, starts_at=time(1, 30), ends_at=None)
    with pytest.raises(ValidationError) as caught:
        settle_programme(event)
    assert list(caught.value.message_dict) == ["starts_on"]
    assert caught.value.message_dict["starts_on"][0].startswith("“Late” would begin or end at an hour")
    for gone in ({"held_on": None}, {"held_on": SPRING, "starts_at": None}):
        Session.objects.filter(pk=late.pk).update(**gone)
        settle_programme(event)


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


def test_who_sees_which_sessions_and_the_list_agrees(cast: Cast) -> None:
    other = make.hub("Other")
    sessions = {
        f"{mode} {inner} {'own' if hub == cast.hub else 'other'} {state}": make.session(
            make.event(access=mode, hub=hub, state=state), access=inner
        )
        for mode, inner in [("public", "public"), ("public", "network"), ("public", "closed"), ("closed", "closed")]
        for hub in (cast.hub, other) for state in ("published", "draft")
    }  # fmt: skip
    guest = make.person("Guest")
    for name in ("public closed other published", "closed closed other published", "public public other draft"):
        make.participation(sessions[name].event, guest)

    def seen(person: Any) -> set[str]:
        user = user_of(person)
        listed = set(Session.objects.visible_to(user).values_list("pk", flat=True))
        asked = {name for name, one in sessions.items() if can_see_session(user, Session.objects.get(pk=one.pk))}
        assert {name for name, one in sessions.items() if one.pk in listed} == asked
        return asked

    shown = {name for name in sessions if name.endswith("published")}
    public = {name for name in shown if name.startswith("public public")}
    network = public | {name for name in shown if name.startswith("public network")}
    own = {name for name in sessions if " own " in name}
    assert seen(cast.coordinator) == set(sessions)
    assert seen(cast.outsider) == public
    assert seen(cast.kwale_focal_point) == network
    assert seen(cast.hub_coordinator) == own | network
    inside = {"public closed other published", "closed closed other published"}
    assert seen(guest) == public | inside
    session = sessions["public public own published"]
    noting = [can_note_session(user_of(one), session) for one in (cast.coordinator, cast.hub_coordinator, guest)]
    assert noting == [True, True, False]
    make.rapporteur(session, guest)
    assert can_note_session(user_of(guest), session) is True


def values(form: Any, name: str) -> list[Any]:
    return [value for value, _label in form.fields[name].choices]


def test_what_the_form_of_a_session_offers(cast: Cast, coming: Event) -> None:
    first = coming.starts_on
    form = SessionCreateForm(event=coming)
    days = ["", *((first + number * DAY).isoformat() for number in range(3))]
    assert (values(form, "held_on"), form.fields["held_on"].initial) == (days, first.isoformat())
    assert (form.fields["language"].initial, form.fields["access"].initial) == (coming.language, "public")
    assert values(form, "host")[0] == ""
    assert (values(form, "floor_language")[0], values(form, "interpretation")) == ("", list(CODES))
    for length, listed in [(31, True), (32, False)]:
        coming.ends_on = first + (length - 1) * DAY
        assert hasattr(SessionCreateForm(event=coming).fields["held_on"], "choices") is listed
    coming.access = AccessMode.NETWORK
    narrow = SessionCreateForm(event=coming)
    assert ("public" in values(narrow, "access"), narrow.fields["access"].initial) == (False, "network")
    # What is spoken and interpreted already stays to be chosen.
    session = coming.sessions.get()
    session.floor_language, session.interpretation = "la", ["fr", "la"]
    edit = SessionEditForm(session=session)
    assert values(edit, "interpretation") == [*CODES, "la"]
    assert ("la" in values(edit, "floor_language"), edit.source()) == (True, session)


def test_a_day_is_read_from_the_list_and_faults_are_foreseen(cast: Cast, coming: Event) -> None:
    said = {"kind": "panel", "title": "New", "language": "en", "access": "public", "once": "f" * 32}

    def form(**more: str) -> SessionCreateForm:
        return SessionCreateForm(said | more, event=coming)

    good, none = form(held_on=coming.ends_on.isoformat()), form()
    assert (good.is_valid(), none.is_valid()) == (True, True)
    assert (good.cleaned_data["held_on"], none.cleaned_data["held_on"]) == (coming.ends_on, None)
    rows: list[tuple[dict[str, str], set[str]]] = [
        ({"starts_at": "09:00"}, {"held_on"}), ({"ends_at": "09:00"}, {"starts_at"}), ({"held_on": "2001-01-01"}, {"held_on"}),
        ({"kind": "site-visit", "title": ""}, {"title", "place"}),
    ]  # fmt: skip
    assert [set(form(**more).errors) for more, _wrong in rows] == [wrong for _more, wrong in rows]


def test_who_may_be_named_at_a_session(cast: Cast, coming: Event) -> None:
    states = ["invited", "applied", "confirmed", "waitlisted", "attended", "declined", "cancelled"]
    parts = {state: make.participation(coming, make.person(f"P {state}"), state=state) for state in states}
    gone = make.participation(coming, make.person("Gone"))
    type(gone).objects.filter(pk=gone.pk).update(person=None)
    elsewhere = make.participation(cast.event, make.person("Elsewhere"))
    user = user_of(cast.coordinator)
    form = PartForm(event=coming, user=user)
    labels = [str(label) for _value, label in form.fields["participation"].choices]  # type: ignore[attr-defined]
    assert labels == ["Choose a person", "P applied", "P attended", "P confirmed", "P invited", "P waitlisted"]
    keys = {"confirmed": parts["confirmed"], "declined": parts["declined"], "gone": gone, "elsewhere": elsewhere}
    wrong = {
        name: set(
            PartForm({"participation": one.pk, "role": "speaker", "once": "a" * 32}, event=coming, user=user).errors
        )
        for name, one in keys.items()
    }
    assert wrong == {"confirmed": set(), **{name: {"participation"} for name in ("declined", "gone", "elsewhere")}}
