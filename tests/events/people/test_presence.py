"""Attendance: it can't be marked before the first day, and marking somebody by mistake leaves no trace."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation
from jirani.events.text import sign_link
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def today(coming: Event) -> Event:
    """An event of three days that begins today."""
    Event.objects.update(starts_on=timezone.localdate(), ends_on=timezone.localdate() + timedelta(days=2))
    return Event.objects.get(pk=coming.pk)


def listed(event: Event, state: str, **more: str) -> Participation:
    person = make.person(account=False)
    return make.participation(event, person, state=state, nonce=f"{person.pk}".rjust(32, "n"), **more)


def mark(event: Event, cast: Cast, *people: Participation, there: bool) -> tuple[int, list[str]]:
    """Mark attendance on the page as the coordinator. Returns the status code and the errors."""
    sent = {"shown": [one.pk for one in people], "present": [one.pk for one in people if there]}
    answer = client_of(cast.coordinator).post(f"/en/events/{event.slug}/participants/attendance/", sent)
    form = answer.context and answer.context["form"]
    return answer.status_code, list(form.non_field_errors()) if form else []


def test_nobody_was_there_before_the_first_day(cast: Cast, coming: Event) -> None:
    guest = listed(coming, "invited")
    page = client_of(cast.coordinator).get(f"/en/events/{coming.slug}/participants/attendance/").content.decode()
    status, faults = mark(coming, cast, guest, there=True)
    guest.refresh_from_db()

    assert "Attendance can be entered from the first day" in page
    assert (status, [fault.partition(",")[0] for fault in faults], guest.state) == (
        422, ["Attendance can be entered from the first day"], "invited",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="Attendance can be entered from the first day"):
        actions.change_participation(guest, by=cast.users()["coordinator"], state="attended")


@pytest.mark.parametrize(("zone", "begun"), [("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)])
def test_the_first_day_begins_where_the_event_is(monkeypatch: Any, zone: str, begun: bool) -> None:
    noon = datetime(
        2027, 5, 1, 10, 30, tzinfo=UTC
    )  # the second of May in Kiritimati, half past eleven of the day before in Pago Pago
    monkeypatch.setattr(timezone, "now", lambda: noon)
    first = date(2027, 5, 2) if begun else date(2027, 5, 1)

    assert Event(starts_on=first, time_zone=zone).has_begun == begun


@pytest.mark.parametrize(
    ("state", "declined_from"),
    [
        ("invited", ""),
        ("confirmed", ""),
        ("waitlisted", ""),
        ("applied", ""),
        ("declined", "confirmed"),
        ("declined", ""),
    ],
)
def test_taken_back_it_is_as_it_was(cast: Cast, today: Event, state: str, declined_from: str) -> None:
    guest = listed(today, state, declined_from=declined_from)
    seen = []
    for there in (True, True, False, False):
        assert mark(today, cast, guest, there=there) == (302, [])
        guest.refresh_from_db()
        seen.append((guest.state, guest.standing, guest.declined_from))

    assert seen == [("attended", state, declined_from)] * 2 + [(state, state, declined_from)] * 2


def test_who_was_marked_present_can_still_answer(cast: Cast, today: Event, client: Client) -> None:
    guest = listed(today, "invited")
    page = f"/en/my-programme/{sign_link(guest.pk, guest.nonce)}/"
    mark(today, cast, guest, there=True)

    def after(comes: str) -> tuple[int, str, str]:
        status = client.post(f"{page}answer/", {"comes": comes}).status_code
        guest.refresh_from_db()
        return status, guest.state, guest.standing

    shown = client.get(page).content.decode()
    assert ("You were there." in shown, "You have not answered yet." in shown, 'value="yes"' in shown) == (True,) * 3
    assert [after(comes) for comes in ("yes", "no")] == [(302, "attended", "confirmed"), (302, "attended", "declined")]
    shown = client.get(page).content.decode()
    assert ("You were there." in shown, "You have said that you cannot come." in shown) == (True, True)
    mark(today, cast, guest, there=False)
    guest.refresh_from_db()
    assert (guest.state, guest.declined_from) == ("declined", "confirmed")
    assert after("yes") == (302, "confirmed", "confirmed")


def test_who_was_there_hears_what_changes_on_the_days_that_follow(cast: Cast, today: Event) -> None:
    there, gone = listed(today, "confirmed"), listed(today, "declined", declined_from="confirmed")
    mark(today, cast, there, gone, there=True)

    actions.change_event(today, by=cast.users()["coordinator"], place="Ukunda")
    assert there.person is not None
    assert list(Message.objects.values_list("to", flat=True)) == [there.person.email]


def test_what_those_who_run_it_set_takes_the_place_of_what_was(cast: Cast, today: Event) -> None:
    by, guest = cast.users()["coordinator"], listed(today, ParticipationState.DECLINED, declined_from="invited")

    def after(state: str) -> tuple[str, str, str]:
        changed = actions.change_participation(guest, by=by, state=state)
        return changed.state, changed.attended_from, changed.declined_from

    assert [after(state) for state in ("attended", "confirmed", "attended", "invited")] == [
        ("attended", "declined", "invited"), ("confirmed", "", ""), ("attended", "confirmed", ""), ("invited", "", ""),
    ]  # fmt: skip


def test_marks_are_made_of_those_shown_at_this_event(cast: Cast, coming: Event) -> None:
    by = user_of(cast.coordinator)
    Event.objects.filter(pk=coming.pk).update(starts_on=TODAY)
    parts = [
        make.listed(coming, f"P{number}", state=state)
        for number, state in enumerate(["confirmed", "invited", "declined", "cancelled"])
    ]
    elsewhere = make.participation(cast.event, make.person(), state="confirmed")
    keys = [one.pk for one in (*parts, elsewhere)]
    assert actions.mark_attended(coming, shown=keys, present=[*keys[:2], *keys[3:]], by=by) == 2

    def now() -> list[tuple[str, str]]:
        return [(one.state, one.attended_from) for one in Participation.objects.filter(pk__in=keys).order_by("pk")]

    left = [("declined", ""), ("cancelled", ""), ("confirmed", "")]
    assert now() == [("attended", "confirmed"), ("attended", "invited"), *left]
    assert actions.mark_attended(coming, shown=keys[:1], present=[], by=by) == 0
    assert now() == [("confirmed", ""), ("attended", "invited"), *left]
    Event.objects.filter(pk=coming.pk).update(state=EventState.CANCELLED)
    assert actions.mark_attended(coming, shown=keys, present=keys[1:2], by=by) == 1, "who was marked before stays so"
    with pytest.raises(ValidationError, match="nobody can have been at a cancelled one"):
        actions.mark_attended(coming, shown=keys, present=keys[:2], by=by)
