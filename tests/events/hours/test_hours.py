"""Hours that a day lacks or has twice because the clocks change, and hours after midnight."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jirani.events.actions import add_session, change_event
from jirani.events.hours.actions import hour_faults, hours_in_words, settle_programme, settle_sides
from jirani.events.models import Event, Session
from jirani.events.text import AFTER, BEFORE, Hours, repeated, skipped
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

ZONES = (
    "Europe/Berlin",
    "Africa/Cairo",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "UTC",
)


@given(st.dates(date(2000, 1, 1), date(2037, 1, 1)), st.times(), st.sampled_from(ZONES))
def test_an_hour_is_left_out_or_repeated_or_comes_once(on: date, at: time, name: str) -> None:
    zone, wall = ZoneInfo(name), datetime.combine(on, at)
    stands_for = [
        (wall - offset).replace(tzinfo=UTC)
        for offset in {wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1)}
    ]
    shown = [moment for moment in stands_for if moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall]

    assert [skipped(on, at, zone) is not None, repeated(on, at, zone) is not None] == [len(shown) == 0, len(shown) == 2]


@given(
    st.dates(date(2027, 1, 1), date(2027, 12, 31)), st.times(), st.times(), st.sampled_from(ZONES),
    st.sampled_from(["", BEFORE, AFTER]), st.sampled_from(["", BEFORE, AFTER]),
)  # fmt: skip
def test_what_ends_ends_after_it_begins(on: date, begins: time, ends: time, zone: str, one: str, other: str) -> None:
    moments = Hours(on, begins, ends, ZoneInfo(zone), one, other).moments()

    assert moments is not None
    assert moments[1] is not None
    assert moments[0] <= moments[1]
    assert (moments[0] == moments[1]) <= (begins == ends)


@pytest.mark.parametrize(
    ("zone", "on", "at", "change"),
    [
        ("Europe/London", date(2028, 3, 26), time(1, 30), ("01:00", "02:00")),
        ("Asia/Beirut", date(2027, 3, 28), time(0, 59), ("00:00", "01:00")),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 10), ("02:00", "02:30")),
        ("America/Santiago", date(2027, 4, 3), time(23, 30), ("00:00", "23:00")),
    ],
)
def test_the_change_of_the_clocks_is_known_to_the_minute(
    zone: str, on: date, at: time, change: tuple[str, str]
) -> None:
    found = skipped(on, at, ZoneInfo(zone)) or repeated(on, at, ZoneInfo(zone))

    assert found is not None
    assert tuple(f"{wall:%H:%M}" for wall in found) == change


@pytest.mark.parametrize(
    ("one", "other", "ends_on"),
    [
        (AFTER, "", date(2027, 11, 1)),
        ("", BEFORE, date(2027, 11, 1)),
        (BEFORE, AFTER, date(2027, 10, 31)),
        ("", "", date(2027, 10, 31)),
    ],
)
def test_what_begins_after_the_clocks_went_back_does_not_end_before_its_beginning(
    one: str, other: str, ends_on: date
) -> None:
    hours = Hours(date(2027, 10, 31), time(2, 30), time(2, 10), ZoneInfo("Europe/Oslo"), one, other)
    assert hours.ends_on == ends_on


@pytest.fixture
def nights(cast: Cast) -> Event:
    """An event in London that spans the nights on which the clocks go forward and back."""
    return make.event(
        "Nights", slug="nights", hub=cast.hub, place="London", time_zone="Europe/London", starts_on=date(2028, 3, 25),
        ends_on=date(2028, 10, 29),
    )  # fmt: skip


def send(client: Client, event: Event, on: date, begins: str, ends: str = "", **more: str) -> dict[str, str]:
    """Send a new session; return the first error of each field, or {"saved": the messages shown} if it was created."""
    sent = {
        "kind": "panel", "title": "Night", "language": "en", "access": "public", "held_on": on.isoformat(),
        "starts_at": begins, "ends_at": ends, **more,
    }  # fmt: skip
    answer = client.post(f"/en/events/{event.slug}/sessions/new/", sent, follow=True)
    form = answer.context.get("form")
    if form is not None and form.errors:
        assert answer.status_code == 422
        return {name: str(reasons[0]) for name, reasons in form.errors.items()}
    return {"saved": " ".join(str(one) for one in answer.context["messages"])}


SPRING, AUTUMN = date(2028, 3, 26), date(2028, 10, 29)
THERE_ARE = (
    "Choose an hour before 01:00 or from 02:00 on: on 26 March 2028 the clocks of London (British Summer Time) "
    "go forward from 01:00 to 02:00."
)
TWICE = (
    "Choose which is meant: on 29 October 2028 the clocks of London (Greenwich Mean Time) go back from 02:00 to 01:00, "
    "so that this hour comes twice."
)


@pytest.mark.parametrize(
    ("on", "begins", "ends", "faults"),
    [
        (SPRING, "01:10", "03:00", {"starts_at": THERE_ARE}),
        (SPRING, "00:10", "01:30", {"ends_at": THERE_ARE}),
        (SPRING, "01:10", "01:30", {"starts_at": THERE_ARE, "ends_at": THERE_ARE}),
        (date(2028, 3, 25), "23:00", "01:30", {"ends_at": THERE_ARE}),
        (AUTUMN, "01:10", "03:00", {"starts_side": TWICE}),
        (date(2028, 10, 28), "23:00", "01:30", {"ends_side": TWICE}),
        (AUTUMN, "01:40", "01:10", {"starts_side": TWICE, "ends_side": TWICE}),
        (SPRING, "", "10:00", {"starts_at": "Enter a start time too."}),
        (
            SPRING, "10:00", "09:00",
            {"ends_at": "Choose an earlier end: until 09:00 on 27 March 2028 it would last more than 12 hours."},
        ),
    ],
)  # fmt: skip
def test_hours_that_are_none_change_nothing(
    cast: Cast, nights: Event, on: date, begins: str, ends: str, faults: dict[str, str]
) -> None:
    assert send(client_of(cast.coordinator), nights, on, begins, ends) == faults
    assert not nights.sessions.exists()


@pytest.mark.parametrize(
    ("on", "begins", "ends", "sides", "moments"),
    [
        (SPRING, "00:10", "01:00", (), ("26 00:10", "26 01:00")),  # it ends as the clocks go forward
        (AUTUMN, "01:10", "03:00", ("before",), ("29 00:10", "29 03:00")),
        (AUTUMN, "01:10", "03:00", ("after",), ("29 01:10", "29 03:00")),
        (AUTUMN, "01:40", "01:10", ("before", "after"), ("29 00:40", "29 01:10")),
        (date(2028, 5, 1), "23:00", "01:00", (), ("01 22:00", "02 00:00")),
        (date(2028, 5, 1), "22:00", "00:00", (), ("01 21:00", "01 23:00")),
        (date(2028, 5, 1), "22:00", "", (), ("01 21:00", None)),
    ],
)
def test_hours_mean_one_moment(
    cast: Cast, nights: Event, on: date, begins: str, ends: str, sides: tuple[str, ...], moments: tuple[str, str | None]
) -> None:
    chosen = dict(zip(("starts_side", "ends_side"), sides, strict=False))
    assert list(send(client_of(cast.coordinator), nights, on, begins, ends, **chosen)) == ["saved"]
    hours = nights.sessions.get().hours

    assert hours is not None
    found = hours.moments()
    assert found is not None
    assert tuple(moment and f"{moment:%d %H:%M}" for moment in found) == moments


def test_the_day_after_is_said(cast: Cast, nights: Event) -> None:
    client = client_of(cast.coordinator)
    said = send(client, nights, date(2028, 5, 1), "23:00", "01:00")["saved"]
    session = nights.sessions.get()
    pages = (f"/en/events/nights/sessions/{session.pk}/", "/en/events/nights/", "/en/events/nights/edit/")

    assert said == ("The session is in the programme. It ends the day after it begins: at 01:00 on Tuesday 2 May 2028.")
    for page in pages:
        text = client.get(page).content.decode()
        assert ("23:00–01:00" in text, "(until the day after)" in text) == (True, True), page


def test_which_of_two_is_said_and_goes_with_the_hour(cast: Cast, nights: Event) -> None:
    client = client_of(cast.coordinator)
    send(client, nights, AUTUMN, "01:10", "03:00", starts_side="after")
    session = nights.sessions.get()
    page = f"/en/events/nights/sessions/{session.pk}/"
    edit = f"{page}edit/"

    assert "(after the clocks change)" in client.get(page).content.decode()
    assert client.get(edit).context["form"]["starts_side"].value() == "after"
    sent = {"kind": "panel", "title": "Day", "language": "en", "access": "public", "held_on": AUTUMN.isoformat()}
    client.post(edit, sent | {"starts_at": "10:00", "starts_side": "after"})
    session.refresh_from_db()
    assert (session.starts_at, session.starts_side) == (time(10), "")


def test_no_event_moves_its_programme_to_hours_that_are_none(cast: Cast, nights: Event) -> None:
    by = cast.users()["coordinator"]
    add_session(nights, by=by, kind="panel", title="Late", held_on=SPRING - timedelta(days=1), starts_at=time(1, 30))

    def faults(**facts: Any) -> list[str]:
        try:
            change_event(nights, by=by, **facts)
        except ValidationError as error:
            return list(error.error_dict)
        return []

    moved = {"starts_on": nights.starts_on + timedelta(days=1), "ends_on": nights.ends_on + timedelta(days=1)}
    assert (faults(**moved), nights.sessions.get().held_on) == (["starts_on"], SPRING - timedelta(days=1))
    assert faults(time_zone="Africa/Nairobi") == []
    assert faults(**moved) == []
    assert faults(time_zone="Europe/London") == ["starts_on"]


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
