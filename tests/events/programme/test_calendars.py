"""Calendars of a programme: a calendar that has an event or a session learns if it moves, is cancelled or is removed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jirani.core.enums import AccessMode, Precision
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation, RemovedSession
from jirani.events.text import Appointment, calendar, sign_link
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(coming: Event) -> Participation:
    """Somebody without an account who has been invited."""
    person = make.person("Asha", email="asha@example.org", account=False)
    return make.participation(coming, person, state=ParticipationState.INVITED, nonce="n" * 32)


def entries(client: Client, guest: Participation, **headers: Any) -> dict[str, Any]:
    answer = client.get(f"/en/my-programme/{sign_link(guest.pk, guest.nonce)}/programme.ics", **headers)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(entry["UID"]): entry for entry in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


def facts(entry: Any) -> tuple[str, int, str]:
    return str(entry["STATUS"]), int(entry["SEQUENCE"]), str(entry.get("URL", ""))


LINK = "https://meet.example.org/secret-room"


def test_each_entry_says_what_it_is_and_when_it_changed(guest: Participation, client: Client) -> None:
    event = guest.event
    session = event.sessions.get()
    found = entries(client, guest)
    entry = found[f"session-{session.pk}@127.0.0.1"]

    assert list(found) == [f"event-{event.pk}@127.0.0.1", f"session-{session.pk}@127.0.0.1"]
    assert [facts(one) for one in found.values()] == [("CONFIRMED", 0, LINK)] * 2
    assert str(entry["SUMMARY"]) == "Opening; with tea, and a vote"
    begins = datetime.combine(event.starts_on, time(9), ZoneInfo("Africa/Nairobi"))
    assert (entry.decoded("DTSTART"), entry.decoded("DTEND")) == (begins, begins + timedelta(hours=2))
    assert entry.decoded("LAST-MODIFIED") == max(event.updated_at, session.updated_at).replace(microsecond=0)
    whole = found[f"event-{event.pk}@127.0.0.1"]
    assert (whole.decoded("DTSTART"), whole.decoded("DTEND")) == (event.starts_on, event.ends_on + timedelta(days=1))
    assert (str(whole["TRANSP"]), str(entry["TRANSP"])) == ("TRANSPARENT", "OPAQUE")

    event.sessions.update(starts_at=None, ends_at=None)  # nobody is busy all day because its hours are not yet known
    assert str(entries(client, guest)[f"session-{session.pk}@127.0.0.1"]["TRANSP"]) == "TRANSPARENT"


def test_what_changes_raises_its_sequence_and_keeps_its_name(cast: Cast, guest: Participation, client: Client) -> None:
    by, event = cast.users()["coordinator"], guest.event
    session, other = event.sessions.get(), make.session(event, "Other")
    steps: list[Any] = [
        lambda: actions.change_session(session, by=by, starts_at=time(10), ends_at=time(12)),
        lambda: actions.change_session(session, by=by, starts_at=time(10), ends_at=time(12)),  # nothing
        lambda: actions.change_event(event, by=by, place="Ukunda"),
        lambda: actions.change_session(session, by=by, title="Welcome"),
        lambda: actions.cancel_event(event, by=by),
        lambda: actions.publish_event(event, by=by),
    ]
    names = list(entries(client, guest))
    assert names == [f"event-{event.pk}@127.0.0.1", *(f"session-{one.pk}@127.0.0.1" for one in (session, other))]
    seen = []
    for step in steps:
        step()
        found = entries(client, guest)
        assert sorted(found) == sorted(names)
        seen.append([facts(found[name])[:2] for name in names])

    assert seen == [
        [(state, event), (state, session), (state, other)]
        for state, event, session, other in [
            ("CONFIRMED", 0, 1, 0), ("CONFIRMED", 0, 1, 0), ("CONFIRMED", 1, 2, 1), ("CONFIRMED", 1, 3, 1),
            ("CANCELLED", 2, 4, 2), ("CONFIRMED", 3, 5, 3),
        ]
    ]  # fmt: skip


def test_what_was_called_off_has_no_link_to_join(cast: Cast, guest: Participation, client: Client) -> None:
    actions.cancel_event(guest.event, by=cast.users()["coordinator"])
    answer = client.get(f"/en/my-programme/{sign_link(guest.pk, guest.nonce)}/")

    assert [facts(one) for one in entries(client, guest).values()] == [("CANCELLED", 1, "")] * 2
    assert "secret-room" not in answer.content.decode()


def test_a_session_taken_out_is_cancelled_in_calendars(cast: Cast, guest: Participation, client: Client) -> None:
    by, event = cast.users()["coordinator"], guest.event
    kept, closed = event.sessions.get(), make.session(event, "In a closed room", access=AccessMode.CLOSED)
    undated = make.session(event, "Some day", held_on=None, starts_at=None, ends_at=None)
    for session in (kept, closed, undated):
        name = f"session-{session.pk}@127.0.0.1"
        known = session.held_on is not None
        assert (name in entries(client, guest)) == known
        actions.delete_session(session, by=by)
        found = entries(client, guest).get(name)
        assert (found and facts(found)) == (("CANCELLED", 1, "") if known else None)

    actions.answer(guest, comes=False, nonce=guest.nonce)  # whoever does not come learns nothing of the closed room
    assert [str(entry["SUMMARY"]) for entry in entries(client, guest).values()] == [
        event.title, "Opening; with tea, and a vote",
    ]  # fmt: skip

    draft = make.event(state=EventState.DRAFT)
    actions.delete_session(make.session(draft), by=by)
    assert not RemovedSession.objects.filter(event=draft).exists()


def test_a_session_without_an_end_gets_none(guest: Participation, client: Client) -> None:
    guest.event.sessions.update(ends_at=None)
    entry = list(entries(client, guest).values())[1]
    page = client.get(f"/en/my-programme/{sign_link(guest.pk, guest.nonce)}/").content.decode()

    assert ("DTEND" in entry, "DURATION" in entry) == (False, False)
    own = page.partition("data-own-time")[2].partition("</p>")[0]
    assert own.count("<time") == 1


def test_names_are_those_of_the_base_url_whatever_host_is_asked(
    guest: Participation, client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert list(entries(client, guest, HTTP_HOST="other.example.org")) == list(entries(client, guest))


def test_days_that_are_not_known_are_in_no_calendar(guest: Participation, client: Client) -> None:
    Event.objects.update(date_precision=Precision.MONTH)

    assert [name.partition("-")[0] for name in entries(client, guest)] == ["session"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200)


@given(texts, texts, st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([None, time(9)]))
def test_calendars_hold_to_the_standard(title: str, place: str, day: date, at: time | None) -> None:
    begins = datetime.combine(day, at, UTC) if at else day
    entry = Appointment("k", title, begins, begins, 3, datetime(2026, 11, 20, tzinfo=UTC), place=place)
    text = calendar("Name", [entry], host="example.org", made_at=datetime(2026, 11, 22, tzinfo=UTC))
    lines = text.split("\r\n")

    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    values = dict(line.split(":", 1) for line in text.replace("\r\n ", "").split("\r\n") if ":" in line)
    if at:
        assert (values["DTSTART"], values["DTEND"]) == (f"{day:%Y%m%d}T090000Z",) * 2
    else:
        after = day + timedelta(days=1)
        assert (values["DTSTART;VALUE=DATE"], values["DTEND;VALUE=DATE"]) == (f"{day:%Y%m%d}", f"{after:%Y%m%d}")
    assert (values["UID"], values["DTSTAMP"], values["SEQUENCE"]) == ("k@example.org", "20261122T000000Z", "3")
