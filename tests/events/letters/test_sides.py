"""Letters to an event's people on both sides of each condition: who is told, of what, in which words, and what is dropped."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.enums import EventState
from jirani.events.letters.actions.changes import arrangements, changes
from jirani.events.letters.actions.letters import called_off, mailing_of_changes, tell_changes
from jirani.events.letters.actions.turns import tell_without
from jirani.events.letters.actions.withdrawn import STANDS
from jirani.events.models import Delegation, Event, Participation, SessionPart
from jirani.notifications.actions import key_of
from jirani.notifications.models import Message
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def put(event: Event, name: str, **facts: Any) -> Participation:
    person = make.person(name, email=f"{name.lower()}@example.org", account=False, language=facts.pop("language", "en"))
    return make.participation(event, person, **({"state": "confirmed", "nonce": name.lower()} | facts))


def to(mailing: Any) -> list[str]:
    return [one.to for one in mailing.recipients]


def test_who_is_told_of_an_event_that_is_not_over(cast: Cast, coming: Event) -> None:
    rows: list[tuple[str, dict[str, Any], bool]] = [
        ("Asha", {"state": "invited"}, True), ("Badru", {"state": "confirmed"}, True), ("Chege", {"state": "waitlisted"}, True),
        ("Dalila", {"state": "declined"}, False), ("Eshe", {"state": "cancelled"}, False), ("Fumo", {"state": "applied"}, False),
        ("Gamba", {"nonce": ""}, False), ("Hawa", {"state": "attended", "attended_from": "confirmed"}, True),
        ("Imani", {"state": "attended", "attended_from": "declined"}, False),
    ]  # fmt: skip
    for name, facts, _told in rows:
        put(coming, name, **facts)
    make.participation(coming, make.person("X", email="", account=False), nonce="x")
    put(make.event(starts_on=coming.starts_on, ends_on=coming.ends_on), "Elsewhere")
    told = [f"{name.lower()}@example.org" for name, _facts, told in rows if told]
    assert to(actions.mailing_of_cancellation(coming)) == told
    for facts, some in [
        ({"starts_on": TODAY, "ends_on": TODAY}, True),
        ({"starts_on": TODAY - DAY, "ends_on": TODAY - DAY}, False),
    ]:
        for name, value in facts.items():
            setattr(coming, name, value)
        assert bool(to(actions.mailing_of_cancellation(coming))) is some
    coming.ends_on, coming.state = TODAY + DAY, EventState.DRAFT
    assert to(actions.mailing_of_cancellation(coming)) == []


def test_a_letter_names_its_records_and_its_recipient(cast: Cast, coming: Event) -> None:
    save_translation(coming, "title", "fr", "Échange sur la jeunesse")
    delegation = Delegation.objects.create(event=coming, authority=cast.kwale)
    part = put(coming, "Asha", language="fr", delegation=delegation)
    other = put(coming, "Badru")
    mailing = actions.mailing_of_cancellation(coming)
    asha, badru = mailing.recipients
    assert (asha.key, asha.name, asha.comes_for, badru.comes_for) == (part.pk, "Asha", ("Kwale County", "en"), ("", ""))
    assert mailing.kind == "events.cancelled"
    assert mailing.send() == 2
    letters = {one.to: one for one in Message.objects.all()}
    assert letters["asha@example.org"].records == [key_of(coming), key_of(part)]
    assert letters["badru@example.org"].records == [key_of(coming), key_of(other)]
    assert "Échange sur la jeunesse" in letters["asha@example.org"].subject + letters["asha@example.org"].body
    assert "Exchange on youth" in letters["badru@example.org"].subject + letters["badru@example.org"].body


def test_what_changed_is_said_from_what_to_what(cast: Cast, coming: Event) -> None:
    before = arrangements(coming)

    def said(**now: Any) -> list[str]:
        return changes(coming, before, {**before, **now}, language="en", inside=True)

    assert said() == []
    place = said(place="Ukunda")
    assert (len(place), "Ukunda" in place[0], "Kwale" in place[0]) == (1, True, True)
    assert "not known yet (before: " in said(place="")[0]
    assert changes(coming, {**before, "place": ""}, before, language="en", inside=True)[0].startswith("Place: ")
    assert "(before:" not in changes(coming, {**before, "place": ""}, before, language="en", inside=True)[0]
    assert said(link="https://other.example.org") == ["The link to join has changed."]
    assert said(link="") == ["There is no link to join any more."]
    assert [
        len(said(**one))
        for one in (
            {"format": "virtual"},
            {"country": "UG"},
            {"time_zone": "Africa/Kigali"},
            {"country": ""},
            {"time_zone": ""},
        )
    ] == [1] * 5
    assert changes(coming, {**before, "cancelled": True}, before, language="en", inside=True) == [
        "It takes place after all."
    ]
    later = (coming.ends_on + DAY).isoformat()
    assert [one.split(":")[0].strip("\u2068\u2069") for one in said(ends_on=later)] == ["Dates"]


def test_what_changed_of_sessions_and_who_reads_of_which(cast: Cast, coming: Event) -> None:
    open_, closed = coming.sessions.get(), make.session(coming, "Closed talk", access=AccessMode.CLOSED)
    before = arrangements(coming)

    def said(now: dict[str, Any], *, inside: bool) -> list[str]:
        return changes(coming, before, now, language="en", inside=inside)

    def changed(**facts: Any) -> dict[str, Any]:
        return {**before, "sessions": {key: {**one, **facts} for key, one in before["sessions"].items()}}

    gone = {**before, "sessions": {}}
    assert [len(said(gone, inside=inside)) for inside in (True, False)] == [2, 1]
    assert "is no longer in the programme" in said(gone, inside=False)[0]
    assert "Opening; with tea, and a vote" in said(gone, inside=False)[0]
    assert [len(said(changed(place="Hall"), inside=inside)) for inside in (True, False)] == [2, 1]
    assert said(changed(title="Renamed"), inside=True) == []
    assert "Day not yet known" in said(changed(held_on=None), inside=True)[0]
    coming.access = AccessMode.NETWORK
    assert (said(gone, inside=False), len(said(gone, inside=True))) == ([], 2)
    coming.access = AccessMode.PUBLIC
    # All that move with the first day are one sentence; who stays, or changes besides, is named.
    day = {name: (getattr(coming, name) + DAY).isoformat() for name in ("starts_on", "ends_on")}
    keys = [str(open_.pk), str(closed.pk)]
    moved = {key: {**before["sessions"][key], "held_on": day["starts_on"]} for key in keys}
    together = said({**before, **day, "sessions": moved}, inside=True)
    assert (len(together), together[1]) == (2, "The sessions move with the first day.")
    one = said({**before, **day, "sessions": {**moved, keys[0]: {**moved[keys[0]], "place": "Hall"}}}, inside=True)
    assert (len(one), one[1], "Hall" in one[2]) == (3, "The sessions move with the first day.", True)
    stays = said({**before, **day}, inside=True)
    assert [sentence for sentence in stays if "move with" in sentence] == []
    other = {**moved, keys[0]: {**moved[keys[0]], "held_on": day["ends_on"]}}
    assert len(said({**before, **day, "sessions": other}, inside=True)) == 3


def test_a_removal_tells_people_of_a_published_event(cast: Cast, coming: Event) -> None:
    put(coming, "Asha", state="waitlisted")
    put(coming, "Badru")
    session = coming.sessions.get()
    assert to(actions.mailing_of_removal(session)) == ["asha@example.org", "badru@example.org"]
    session.access = AccessMode.CLOSED
    session.save()
    assert to(actions.mailing_of_removal(session)) == ["badru@example.org"], "who waits does not read of it"
    session.event.state = EventState.DRAFT
    assert to(actions.mailing_of_removal(session)) == []


def test_a_change_that_is_changed_back_is_written_to_nobody(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    put(coming, "Asha")
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
    put(coming, "Asha")
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


def test_which_letters_still_stand(cast: Cast, coming: Event) -> None:
    states = ["invited", "confirmed", "waitlisted", "attended", "declined", "cancelled"]
    parts = {state: put(coming, state.title(), state=state) for state in states}

    def stands(kind: str, part: Participation, **other: Any) -> bool:
        address = part.person.email if part.person else ""
        facts = {"to": address, "records": [key_of(coming), key_of(part)]} | other
        return STANDS[kind](Message(kind=kind, **facts))

    there = dict.fromkeys(states[:4], True) | dict.fromkeys(states[4:], False)
    for state, kinds in [
        ("published", {"events.invitation": there, "events.changed": there, "events.cancelled": dict.fromkeys(states, False)}),
        ("cancelled", {"events.invitation": dict.fromkeys(states, False), "events.cancelled": there}),
    ]:  # fmt: skip
        Event.objects.filter(pk=coming.pk).update(state=state)
        found = {kind: {name: stands(kind, part) for name, part in parts.items()} for kind in kinds}
        assert found == kinds, state
        assert stands("events.answers", parts["invited"]) is (state == "published")
    Event.objects.filter(pk=coming.pk).update(state="published")
    asha = parts["invited"]
    assert stands("events.invitation", asha, to="other@example.org") is False
    assert stands("events.invitation", asha, records=[key_of(coming)]) is False
    assert stands("events.answers", asha, records=[]) is False


def test_those_who_run_it_read_who_turned_and_no_more_once_they_have_seen_it(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    people = [put(coming, name, state="invited") for name in ("Asha", "Badru")]
    session = coming.sessions.get()
    for role in ("speaker", "moderator"):
        SessionPart.objects.create(session=session, participation=people[0], role=role)
    for part in people:
        actions.answer(part, comes=False, nonce=part.nonce)
    letters = Message.objects.filter(kind="events.answers")
    first = Participation.objects.get(pk=people[0].pk)
    assert first.turned_at is not None
    assert sorted(letters.values_list("to", flat=True)) == ["hub_coordinator@example.org"]
    body = letters.first()
    assert body is not None
    assert (body.body.count("Opening; with tea"), "Asha" in body.body, "Badru" in body.body) == (1, True, True)
    assert body.records == [key_of(coming)]

    actions.see_turned(coming, until=first.turned_at, by=by)
    assert [Participation.objects.get(pk=one.pk).turned_at is None for one in people] == [True, False]
    assert letters.count() == 1, "one is left to be seen"
    actions.see_turned(coming, until=timezone.now(), by=by)
    assert letters.count() == 0

    # Of somebody who was erased no waiting letter speaks, and without others there is none.
    for part in people:
        actions.answer(Participation.objects.get(pk=part.pk), comes=True, nonce=part.nonce)
    Participation.objects.filter(pk=people[0].pk).update(person=None)
    tell_without([coming])
    assert [("Asha" in one.body, "Badru" in one.body) for one in letters] == [(False, True)]
    letters.update(state="sent", sent_at=timezone.now())
    tell_without([coming])
    assert letters.count() == 1
    letters.update(state="queued")
    Participation.objects.filter(pk=people[1].pk).update(person=None)
    tell_without([coming])
    assert letters.count() == 0


def test_hours_in_letters_are_those_of_the_session(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    put(coming, "Asha")
    actions.change_session(coming.sessions.get(), by=by, starts_at=time(10), ends_at=time(12), place="Hall")
    body = Message.objects.get().body
    assert [word in body for word in ("10:00–12:00", "09:00–11:00", "Hall")] == [True, True, True]
