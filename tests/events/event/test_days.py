"""The days of an event are within reason, stay before what follows it, and take its programme along."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from jirani.core.enums import Precision
from jirani.events import actions
from jirani.events.enums import EventState
from jirani.events.models import Event, Session
from tests import factories as make
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def faults(changed: dict[str, Any], by: Any = None, **stored: Any) -> dict[str, list[str]]:
    """What is said of an event with these facts once it is changed so."""
    event = make.event(**stored)
    before = Event.objects.get(pk=event.pk)
    for name, value in changed.items():
        setattr(event, name, value)
    return actions.event_faults(event, before, by=by)


def test_days_are_within_reason_and_people_who_know_of_them_find_them_again(cast: Cast) -> None:
    latest = TODAY.year + 10
    within = f"Enter a day of a year from 1900 to {latest}."
    rows: list[tuple[Any, dict[str, list[str]]]] = [
        (None, {}), (date(1900, 1, 1), {}), (date(1899, 12, 31), {"starts_on": [within]}),
        (date(latest, 12, 31), {}), (date(latest + 1, 1, 1), {"starts_on": [within]}),
    ]  # fmt: skip
    assert [actions.event_faults(Event(starts_on=on, ends_on=on)) for on, _said in rows] == [said for _on, said in rows]

    def moved(to: int, state: EventState) -> list[str]:
        on = date(to, 12, 6)
        return list(faults({"starts_on": on, "ends_on": on}, state=state))

    assert [moved(year, EventState.PUBLISHED) for year in (2010, 2011, 2031, 2032)] == [
        ["starts_on"], [], [], ["starts_on"],
    ]  # fmt: skip
    assert moved(2010, EventState.DRAFT) == []


def test_an_event_stays_before_what_follows_it_and_what_is_hidden_is_not_named(cast: Cast) -> None:
    before = make.event(starts_on=date(2022, 3, 1), ends_on=date(2022, 3, 1))
    closed = make.event(
        "Debrief", follow_up_of=before, access="closed", starts_on=date(2022, 5, 1), ends_on=date(2022, 5, 1)
    )

    def said(user: Any, **changes: Any) -> dict[str, list[str]]:
        event = Event.objects.get(pk=before.pk)
        for name, value in changes.items():
            setattr(event, name, value)
        return actions.event_faults(event, Event.objects.get(pk=before.pk), by=user)

    outsider, coordinator = user_of(cast.outsider), user_of(cast.coordinator)
    same, later = date(2022, 5, 1), date(2022, 5, 2)
    assert said(coordinator, starts_on=same, ends_on=same) == {}
    assert said(coordinator, starts_on=later, ends_on=later) == {
        "starts_on": ["Enter a day no later than that of “Debrief”, which follows this event."]
    }
    assert said(outsider, starts_on=later, ends_on=later) == {
        "starts_on": ["Enter an earlier day: another event follows this one."]
    }
    # Known to the year, its own or the other's, only years are compared.
    year = {"date_precision": Precision.YEAR}
    assert said(coordinator, starts_on=later, ends_on=later, **year) == {}
    assert set(said(coordinator, starts_on=date(2023, 1, 1), ends_on=date(2023, 1, 1), **year)) == {"starts_on"}
    Event.objects.filter(pk=closed.pk).update(date_precision=Precision.YEAR)
    assert said(coordinator, starts_on=later, ends_on=later) == {}
    assert set(said(coordinator, starts_on=date(2023, 1, 1), ends_on=date(2023, 1, 1))) == {"starts_on"}


def test_sessions_move_along_and_none_is_left_outside(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    first, last = date(2021, 12, 6), date(2021, 12, 8)
    event = make.event(hub=cast.hub, starts_on=first, ends_on=last)
    opening, closing = make.session(event, "Opening"), make.session(event, "Closing", held_on=last)
    undated = make.session(event, "Some day", held_on=None, starts_at=None, ends_at=None)

    def held() -> list[date | None]:
        return [Session.objects.get(pk=one.pk).held_on for one in (opening, closing, undated)]

    for ends_on, outside in [(last - DAY, "Closing")]:
        with pytest.raises(ValidationError) as caught:
            actions.change_event(event, by=by, ends_on=ends_on)
        words = f"“{outside}” would not fall within these days. Change its day first, or choose other days."
        assert caught.value.message_dict == {"ends_on": [words]}
    actions.change_event(event, by=by, ends_on=last + DAY)
    assert held() == [first, last, None]
    actions.change_event(event, by=by, starts_on=first + 7 * DAY, ends_on=last + 7 * DAY)
    assert held() == [first + 7 * DAY, last + 7 * DAY, None]
    # Of a month, no session is out; nothing moves with what was not known to the day.
    actions.change_event(
        event, by=by, starts_on=date(2021, 12, 1), ends_on=date(2021, 12, 31), date_precision=Precision.MONTH
    )
    assert held() == [first + 7 * DAY, last + 7 * DAY, None]
    with pytest.raises(ValidationError, match="“Opening” would not fall"):
        actions.change_event(
            event, by=by, starts_on=date(2021, 12, 14), ends_on=date(2021, 12, 20), date_precision=Precision.DAY
        )
    assert held() == [first + 7 * DAY, last + 7 * DAY, None]
