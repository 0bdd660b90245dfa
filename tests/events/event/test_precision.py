"""The dates of an event are stored and shown only as precisely as they are known."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jirani.core.constraints import find_broken
from jirani.core.enums import Precision
from jirani.events.actions import invitations
from jirani.events.enums import EventState
from jirani.events.event.forms.events import as_far_as_known
from jirani.events.forms import EventEditForm
from jirani.events.models import Event
from tests import factories as make
from tests.cast import Cast, client_of, user_of

from ..letters.test_mailings import form_of
from .test_working_day import facts

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)

MAY, NOVEMBER = date(2019, 5, 17), date(2019, 11, 30)


@pytest.mark.parametrize(
    ("precision", "typed", "kept", "said"),
    [
        ("day", (MAY, None), (MAY, MAY), "17 May 2019"),
        ("day", (MAY, date(2019, 5, 19)), (MAY, date(2019, 5, 19)), "17 to 19 May 2019"),
        ("month", (MAY, None), (date(2019, 5, 1), date(2019, 5, 31)), "May 2019"),
        ("year", (NOVEMBER, NOVEMBER), (date(2019, 1, 1), date(2019, 12, 31)), "2019"),
        ("by", (MAY, None), (MAY, MAY), "by 17 May 2019"),
        ("by-month", (MAY, None), (date(2019, 5, 1), date(2019, 5, 31)), "by May 2019"),
        ("inferred", (MAY, None), (MAY, MAY), "17 May 2019, year inferred"),
        ("unknown", (MAY, None), (MAY, MAY), "date not known"),
    ],
)
def test_every_precision_is_kept_and_said(
    cast: Cast, precision: str, typed: tuple[date, date | None], kept: tuple[date, date], said: str
) -> None:
    client = client_of(cast.coordinator)
    days = {"starts_on": str(typed[0]), "ends_on": str(typed[1] or "")}
    client.post("/en/events/new/", facts(title="Then", date_precision=precision, **days))
    event = Event.objects.get(title="Then")
    Event.objects.update(state="published")

    assert (event.date_precision, event.starts_on, event.ends_on) == (precision, *kept)
    for page in (f"/en/events/{event.slug}/", f"/en/events/{event.slug}/edit/", "/en/events/"):
        assert said in client.get(page).content.decode(), page
    form = client.get(f"/en/events/{event.slug}/edit/details/").context["form"]
    assert (form["date_precision"].value(), form["starts_on"].value()) == (precision, kept[0])


def test_of_what_nothing_is_known_no_day_is_asked(cast: Cast, client: Client) -> None:
    nothing = {"starts_on": "", "ends_on": ""}
    editor = client_of(cast.coordinator)
    last = nothing | {"ends_on": "2030-01-01"}
    refused = editor.post("/en/events/new/", facts(title="Once", date_precision="month", **last))
    editor.post("/en/events/new/", facts(title="Once", date_precision="unknown", **nothing))
    event = Event.objects.get(title="Once")
    Event.objects.update(state="published")

    assert dict(refused.context["form"].errors) == {
        "starts_on": ["Enter the first day, or say that the date is not known."]
    }
    yesterday = timezone.localdate() - timedelta(days=1)
    assert (event.starts_on, event.date_precision) == (yesterday, Precision.UNKNOWN)
    said = [client.get(f"/{code}/events/{event.slug}/").content.decode() for code in ("en", "fr", "ar", "sw")]
    words = ("date not known", "date inconnue", "تاريخ غير معروف", "tarehe haijulikani")
    assert [word in page for word, page in zip(words, said, strict=True)] == [True] * 4
    assert str(yesterday) not in said[0]


def test_a_programme_stays_when_its_days_become_less_exact(cast: Cast, coming: Event) -> None:
    session = coming.sessions.get()
    client, page = client_of(cast.coordinator), f"/en/events/{coming.slug}/edit/details/"
    assert client.post(page, form_of(client, page) | {"date_precision": "month"}).status_code == 302
    coming.refresh_from_db()

    assert (coming.date_precision, coming.starts_on.day) == (Precision.MONTH, 1)
    assert coming.sessions.get().held_on == session.held_on


def test_the_letter_says_no_more_than_is_known(cast: Cast, coming: Event) -> None:
    guest = make.participation(coming, make.person(account=False), state="invited")
    coming.date_precision, coming.starts_on = Precision.MONTH, date(2030, 6, 1)
    [(letter, _count)] = invitations(coming, [guest]).letters

    assert letter.subject == "Invitation: Exchange on youth, June 2030"


@pytest.mark.parametrize(
    ("follow_up", "moved", "fault"),
    [
        (("2021-06-01", "year"), ("2023-02-03", "year"), True),
        (("2021-06-01", "year"), ("2022-02-03", "day"), True),
        (("2021-06-01", "year"), ("2021-09-03", "year"), False),
        (("2021-06-01", "year"), ("2021-09-03", "day"), False),
        (("2021-06-01", "day"), ("2022-01-01", "month"), True),
        (("2021-06-01", "day"), ("2021-09-03", "month"), False),
        (("2021-06-01", "day"), ("2021-06-02", "day"), True),
        (("2021-06-01", "day"), ("2021-06-01", "day"), False),
    ],
)
def test_an_event_does_not_come_after_what_follows_it_as_far_as_both_are_known(
    cast: Cast, follow_up: tuple[str, str], moved: tuple[str, str], fault: bool
) -> None:
    base = make.event("The talks", place="Kwale", hub=cast.hub, starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 2))
    day = date.fromisoformat(follow_up[0])
    make.event("A year later", follow_up_of=base, starts_on=day, ends_on=day, date_precision=follow_up[1])
    client, address = client_of(cast.coordinator), f"/en/events/{base.slug}/edit/details/"
    typed = {"starts_on": moved[0], "ends_on": moved[0], "date_precision": moved[1]}

    answer = client.post(address, form_of(client, address) | typed)

    words = "Enter a day no later than that of “A year later”, which follows this event."
    told = answer.context["form"].errors if answer.status_code == 422 else {}
    assert (told, find_broken()) == ({"starts_on": [words]} if fault else {}, {})


def test_what_follows_is_not_said_to_be_of_a_day_before(cast: Cast) -> None:
    base = make.event("The talks", hub=cast.hub, starts_on=date(2021, 6, 1), ends_on=date(2021, 6, 1))
    first, last = date(2021, 1, 1), date(2021, 12, 31)
    late = make.event(
        "A year later", place="Kwale", hub=cast.hub, follow_up_of=base, starts_on=first, ends_on=last,
        date_precision=Precision.YEAR,
    )  # fmt: skip
    client, address = client_of(cast.coordinator), f"/en/events/{late.slug}/edit/details/"
    sent = form_of(client, address) | {"ends_on": str(first), "date_precision": "day"}

    refused = client.post(address, sent | {"starts_on": str(first)})
    assert refused.context["form"].errors["follow_up_of"] == [
        "Choose an earlier event: a follow-up comes after what it follows."
    ]
    assert client.post(address, sent | {"starts_on": "2021-07-01", "ends_on": "2021-07-01"}).status_code == 302


def test_what_contradicts_its_follow_up_already_is_moved_towards_it(cast: Cast) -> None:
    base = make.event("The talks", place="Kwale", hub=cast.hub, starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 2))
    make.event("Before", follow_up_of=base, starts_on=date(2020, 6, 1), ends_on=date(2020, 6, 1))
    Event.objects.filter(pk=base.pk).update(starts_on=date(2020, 8, 1), ends_on=date(2020, 8, 2))
    client, address = client_of(cast.coordinator), f"/en/events/{base.slug}/edit/details/"

    def move(day: str) -> int:
        return client.post(address, form_of(client, address) | {"starts_on": day, "ends_on": day}).status_code

    assert [move("2020-08-03"), move("2020-07-31"), move("2020-05-31")] == [422, 302, 302]


def test_what_people_know_of_is_moved_within_a_decade(cast: Cast) -> None:
    base = make.event("The talks", place="Kwale", hub=cast.hub, starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 2))
    client, address = client_of(cast.coordinator), f"/en/events/{base.slug}/edit/details/"

    def move(day: str, state: EventState) -> int:
        Event.objects.filter(pk=base.pk).update(
            state=state, starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 2), date_precision=Precision.DAY
        )
        return client.post(address, form_of(client, address) | {"starts_on": day, "ends_on": day}).status_code

    known, draft = EventState.PUBLISHED, EventState.DRAFT
    assert [move("2010-05-01", known), move("2009-12-31", known), move("2009-12-31", draft)] == [302, 422, 302]


@pytest.mark.parametrize(
    ("first", "last", "precision", "stored"),
    [
        ((2022, 2, 10), None, "day", ((2022, 2, 10), (2022, 2, 10))),
        ((2022, 2, 10), (2022, 2, 12), "day", ((2022, 2, 10), (2022, 2, 12))),
        ((2022, 2, 10), (2022, 2, 12), "inferred", ((2022, 2, 10), (2022, 2, 12))),
        ((2022, 2, 10), (2022, 3, 12), "month", ((2022, 2, 1), (2022, 2, 28))),
        ((2024, 2, 10), None, "by-month", ((2024, 2, 1), (2024, 2, 29))),
        ((2022, 2, 10), (2023, 3, 12), "year", ((2022, 1, 1), (2022, 12, 31))),
        ((2022, 2, 10), (2022, 2, 12), "by", ((2022, 2, 10), (2022, 2, 10))),
        ((2022, 2, 10), (2022, 2, 12), "unknown", ((2022, 2, 10), (2022, 2, 10))),
    ],
)
def test_days_are_stored_as_far_as_known(first: Any, last: Any, precision: str, stored: Any) -> None:
    found = as_far_as_known(date(*first), date(*last) if last else None, Precision(precision))
    assert found == tuple(date(*one) for one in stored)


def test_an_unknown_day_stays_the_one_that_was_stored(cast: Cast) -> None:
    event = cast.event
    user = user_of(cast.coordinator)
    assert EventEditForm(user=user, event=event).day_unknown() == TODAY - DAY
    event.date_precision = Precision.UNKNOWN
    assert EventEditForm(user=user, event=event).day_unknown() == event.starts_on
