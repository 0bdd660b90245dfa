"""An event that has taken place can't be cancelled: nobody who was there is told that it won't take place."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from jirani.core.enums import Precision
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation
from jirani.events.text import zone_of
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of

from ..letters.test_mailings import page_of
from .test_working_day import shown_on

TODAY = timezone.localdate()
DAY = timedelta(days=1)

BEGUN = "It has begun, so it cannot be cancelled. If it ends early, change its last day, and its people will be told."
WERE_THERE = "People were there, so it cannot be cancelled. If it ended early, change its last day."


def listed(event: Event, state: str) -> Participation:
    return make.participation(event, make.person(account=False), state=state, nonce="n" * 32)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "more", "state", "fault"),
    [
        (1, 3, {}, "confirmed", ""),
        (0, 2, {}, "confirmed", ""),
        (0, 2, {}, "attended", WERE_THERE),
        (-1, 1, {}, "confirmed", BEGUN),
        (-1, 0, {}, "invited", BEGUN),
        (-1, 1, {}, "attended", WERE_THERE),
        (-1, 1, {"date_precision": Precision.MONTH}, "confirmed", ""),
        (-1, 1, {"state": EventState.DRAFT}, "confirmed", ""),
        (-9, -7, {}, "attended", WERE_THERE),
        (-9, -7, {"reported_attendance": "65–70"}, "confirmed", WERE_THERE),
        (-9, -7, {}, "confirmed", ""),
    ],
)
def test_what_took_place_is_not_called_off(
    cast: Cast, coming: Event, first: int, last: int, more: dict[str, Any], state: str, fault: str
) -> None:
    today = timezone.localdate(timezone=zone_of(coming.time_zone))
    days = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
    coming.sessions.all().delete()
    Event.objects.filter(pk=coming.pk).update(**days, **more)
    listed(coming, state)
    before, client, url = Event.objects.get(pk=coming.pk), client_of(cast.coordinator), page_of(coming, "event_cancel")

    page = client.get(url).content.decode()
    answer = client.post(url, {"version": before.version, "shown": shown_on(page)})
    now = Event.objects.get(pk=coming.pk)

    said = [words for words in (BEGUN, WERE_THERE) if words in page]
    assert (said, "Cancel the event</button>" in page) == ([fault] if fault else [], not fault)
    told = 1 if before.state == EventState.PUBLISHED and last >= 0 and not fault else 0
    assert (answer.status_code, Message.objects.count()) == (422 if fault else 302, told)
    assert (now.state, now.version == before.version) == (before.state if fault else EventState.CANCELLED, bool(fault))


@pytest.mark.django_db
def test_what_ends_early_ends_earlier_and_says_so(cast: Cast, coming: Event) -> None:
    today, by = timezone.localdate(), cast.users()["coordinator"]
    coming.sessions.all().delete()
    Event.objects.filter(pk=coming.pk).update(starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=1))
    listed(coming, "attended")

    actions.change_event(Event.objects.get(pk=coming.pk), by=by, ends_on=today)
    assert list(Message.objects.values_list("kind", flat=True)) == ["events.changed"]


@pytest.mark.django_db
def test_nobody_was_at_an_event_that_is_cancelled(cast: Cast, coming: Event) -> None:
    by = cast.users()["coordinator"]
    Event.objects.filter(pk=coming.pk).update(
        starts_on=date(2025, 5, 1), ends_on=date(2025, 5, 3), state=EventState.CANCELLED
    )
    guest, event = listed(coming, "confirmed"), Event.objects.get(pk=coming.pk)
    sent = {"shown": [guest.pk], "present": [guest.pk]}
    assert (
        client_of(cast.coordinator).post(f"/en/events/{event.slug}/participants/attendance/", sent).status_code == 422
    )
    with pytest.raises(ValidationError, match="held after all"):
        actions.change_participation(guest, by=by, state="attended")

    actions.publish_event(event, by=by)
    assert actions.mark_attended(event, shown=[guest.pk], present=[guest.pk], by=by) == 1


@pytest.mark.django_db(transaction=True)
def test_called_off_and_attended_at_once_it_is_one_of_both(cast: Cast, coming: Event) -> None:
    today, by = timezone.localdate(), cast.users()["coordinator"]
    for _ in range(5):
        Participation.objects.all().delete()
        Event.objects.filter(pk=coming.pk).update(
            starts_on=today, ends_on=today, state=EventState.PUBLISHED, date_precision=Precision.DAY
        )
        guest, event, start = listed(coming, "declined"), Event.objects.get(pk=coming.pk), threading.Barrier(2)

        def mark(guest: Participation = guest, event: Event = event, start: threading.Barrier = start) -> None:
            start.wait()
            actions.mark_attended(event, shown=[guest.pk], present=[guest.pk], by=by)

        def cancel(event: Event = event, start: threading.Barrier = start) -> None:
            start.wait()
            actions.cancel_event(event, by=by)

        refused: list[ValidationError] = []

        def run(act: Any, refused: list[ValidationError] = refused) -> None:
            try:
                act()
            except ValidationError as error:
                refused.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[act]) for act in (mark, cancel)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        now = Event.objects.get(pk=coming.pk).state, Participation.objects.get(pk=guest.pk).state
        assert len(refused) == 1
        assert now in {
            (EventState.CANCELLED, ParticipationState.DECLINED), (EventState.PUBLISHED, ParticipationState.ATTENDED),
        }  # fmt: skip


@pytest.mark.django_db
def test_what_took_place_or_has_begun_is_not_cancelled(cast: Cast) -> None:
    def fault(first: int, last: int, **facts: Any) -> str:
        return actions.cancelling_fault(make.event(starts_on=TODAY + first * DAY, ends_on=TODAY + last * DAY, **facts))[
            :12
        ]

    begun = "It has begun"
    rows = [
        ((-1, 0, {}), begun), ((-1, 1, {}), begun), ((0, 1, {}), ""), ((1, 2, {}), ""), ((-2, -1, {}), ""),
        ((-1, 1, {"state": "draft"}), ""), ((-1, 1, {"date_precision": "month"}), ""),
        ((1, 1, {"reported_attendance": "65"}), "People were "),
    ]  # fmt: skip
    assert [fault(first, last, **facts) for (first, last, facts), _said in rows] == [said for _row, said in rows]
    event = make.event()
    make.participation(event, make.person(), state=ParticipationState.CONFIRMED)
    assert actions.cancelling_fault(event) == ""
    make.participation(event, make.person(), state=ParticipationState.ATTENDED)
    assert actions.cancelling_fault(event)[:12] == "People were "
