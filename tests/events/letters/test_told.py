"""A letter about changes says once what changed, from what and to what; a session that is removed is announced like any other change."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.letters.actions.changes import arrangements, changes
from jirani.events.models import Event, Participation, Session
from jirani.notifications.actions import deliver_due
from jirani.notifications.models import Message
from jirani.translation.models import Translation, source_hash
from jirani.ui.text import day
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def guest(coming: Event) -> Participation:
    person = make.person("Asha", email="asha@example.org", account=False)
    return make.participation(coming, person, nonce="n" * 32)


@pytest.fixture
def waiting(coming: Event) -> Participation:
    """Somebody on the waiting list, who has no place yet."""
    person = make.person("Badru", email="badru@example.org", account=False)
    return make.participation(coming, person, state="waitlisted", nonce="w" * 32)


def told(to: str = "asha@example.org") -> list[str]:
    """Return the changes that the latest letter lists."""
    letter = Message.objects.filter(to=to, kind="events.changed").order_by("pk").last()
    return [line.removeprefix("– ") for line in letter.body.splitlines() if line.startswith("– ")] if letter else []


def on(event: Event, after: int = 0) -> str:
    return day(event.starts_on + timedelta(days=after), style="full")


def test_the_letter_says_what_changed_from_when_to_when(cast: Cast, coming: Event, guest: Participation) -> None:
    by, session = cast.users()["coordinator"], coming.sessions.get()
    actions.change_session(session, by=by, starts_at=time(14), ends_at=time(16), place="Hall 2")
    assert told() == [
        f"“Opening; with tea, and a vote”: {on(coming)} · 14:00–16:00 · Hall 2 (before: {on(coming)} · 09:00–11:00)"
    ]
    actions.change_event(
        coming, by=by, place="", format="virtual", time_zone="Africa/Kigali", link="https://b.example.org"
    )
    assert told()[:-1] == [
        "How people take part: virtual (before: hybrid)",
        "Place: not known yet (before: Kwale)",
        "Time zone: Kigali (Central Africa Time) (before: Nairobi (East Africa Time))",
        "The link to join has changed.",
    ]
    assert "meet.example.org" not in Message.objects.get(to="asha@example.org").body


def test_several_changes_are_one_from_before_the_first(cast: Cast, coming: Event, guest: Participation) -> None:
    by, session = cast.users()["coordinator"], coming.sessions.get()
    for hour in (10, 12):
        actions.change_session(session, by=by, starts_at=time(hour), ends_at=time(hour + 1))
    assert [line.partition(" · ")[2] for line in told()] == [f"12:00–13:00 (before: {on(coming)} · 09:00–11:00)"]

    Message.objects.update(next_attempt_at=timezone.now())
    assert deliver_due() == 1
    actions.change_session(session, by=by, starts_at=time(15), ends_at=time(16))
    assert [line.partition(" · ")[2] for line in told()] == [f"15:00–16:00 (before: {on(coming)} · 12:00–13:00)"]


def test_what_is_changed_back_is_not_told(cast: Cast, coming: Event, guest: Participation) -> None:
    by = cast.users()["coordinator"]
    for place in ("Ukunda", "Kwale"):
        coming = actions.change_event(coming, by=by, place=place)

    assert not Message.objects.exists()


def test_the_programme_that_moves_with_the_event_is_said_once(cast: Cast, coming: Event, guest: Participation) -> None:
    by, session = cast.users()["coordinator"], make.session(coming, "Second")
    actions.change_session(session, by=by, starts_at=time(8))
    later: Any = {"starts_on": coming.starts_on + timedelta(days=7), "ends_on": coming.ends_on + timedelta(days=7)}
    before = actions.change_event(coming, by=by, **later)
    lines = told()

    assert [line.partition(":")[0] for line in lines] == ["Dates", "The sessions move with the first day.", "“Second”"]
    assert f"(before: {on(before, -7)} · 09:00–11:00)" in lines[2]


def test_a_session_taken_out_is_told_to_those_who_saw_who_reads_it(
    cast: Cast, coming: Event, guest: Participation
) -> None:
    session = coming.sessions.get()
    client, page = client_of(cast.coordinator), f"/en/events/{coming.slug}/sessions/{session.pk}/delete/"
    shown = client.get(page)
    mailing = shown.context["form"].mailing
    line = f"“{session.title}” is no longer in the programme (it was to be: {on(coming)} · 09:00–11:00)."

    assert [one.email for one in mailing.recipients] == ["asha@example.org"]
    assert line in shown.content.decode().replace("&quot;", '"')
    sent: dict[str, Any] = {"version": session.version}
    assert (client.post(page, sent).status_code, Session.objects.filter(pk=session.pk).exists()) == (422, True)
    sent["shown"] = [stamp for stamp, _one, _letter in mailing.samples]
    assert (client.post(page, sent).status_code, Session.objects.filter(pk=session.pk).exists()) == (302, False)
    assert told() == [line]


def test_a_session_of_a_draft_goes_without_a_letter(cast: Cast, coming: Event, guest: Participation) -> None:
    Event.objects.update(state="draft")
    session = Session.objects.get(event=coming)
    client, page = client_of(cast.coordinator), f"/en/events/{coming.slug}/sessions/{session.pk}/delete/"

    assert client.get(page).context["form"].mailing.recipients == []
    assert client.post(page, {"version": session.version}).status_code == 302
    assert (Message.objects.count(), Session.objects.filter(pk=session.pk).exists()) == (0, False)


def test_who_is_not_inside_reads_nothing_of_a_closed_room(
    cast: Cast, coming: Event, guest: Participation, waiting: Participation
) -> None:
    by, closed = cast.users()["coordinator"], make.session(coming, "In a closed room", access=AccessMode.CLOSED)
    actions.change_session(closed, by=by, starts_at=time(14), ends_at=time(16))
    assert (len(told()), told("badru@example.org")) == (1, [])
    actions.change_session(coming.sessions.exclude(pk=closed.pk).get(), by=by, starts_at=time(15), ends_at=time(16))
    actions.delete_session(closed, by=by)

    assert ["closed room" in line for line in told()] == [False, True]
    assert ["closed room" in line for line in told("badru@example.org")] == [False]


def test_held_after_all_it_says_so_and_what_changed_meanwhile(cast: Cast, coming: Event, guest: Participation) -> None:
    by = cast.users()["coordinator"]
    actions.cancel_event(coming, by=by)
    actions.change_event(Event.objects.get(pk=coming.pk), by=by, place="Ukunda")
    client, page = client_of(cast.coordinator), f"/en/events/{coming.slug}/publish/"
    form = client.get(page).context["form"]
    sent = {"version": form["version"].value(), "shown": [stamp for stamp, _one, _letter in form.mailing.samples]}

    assert client.post(page, sent).status_code == 302
    assert told() == ["It takes place after all.", "Place: Ukunda (before: Kwale)"]


def test_it_is_in_the_readers_language(cast: Cast, coming: Event, guest: Participation) -> None:
    assert guest.person is not None
    type(guest.person).objects.filter(pk=guest.person.pk).update(language="fr")
    session = coming.sessions.get()
    title = {"body": "Ouverture", "state": "drafted", "source_hash": source_hash(session.title)}
    Translation.objects.create(record=session, field="title", language="fr", **title)
    actions.change_session(session, by=cast.users()["coordinator"], starts_at=time(14), ends_at=time(16))

    [line] = told()
    assert line.startswith("«\u202fOuverture\u202f»")
    assert "de 14:00 à 16:00" in line


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


def test_hours_in_letters_are_those_of_the_session(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    make.listed(coming, "Asha", state="confirmed")
    actions.change_session(coming.sessions.get(), by=by, starts_at=time(10), ends_at=time(12), place="Hall")
    body = Message.objects.get().body
    assert [word in body for word in ("10:00–12:00", "09:00–11:00", "Hall")] == [True, True, True]
