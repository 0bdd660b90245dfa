"""The dates of an event are kept and said as exactly as they are known."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jirani.core.enums import Precision
from jirani.events.actions import invitations
from jirani.events.models import Event
from tests import factories as make
from tests.cast import Cast, client_of

from .test_mailings import form_of
from .test_working_day import facts

pytestmark = pytest.mark.django_db

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
    refused = editor.post("/en/events/new/", facts(title="Once", date_precision="month", **nothing))
    editor.post("/en/events/new/", facts(title="Once", date_precision="unknown", **nothing))
    event = Event.objects.get(title="Once")
    Event.objects.update(state="published")

    assert dict(refused.context["form"].errors) == {
        "starts_on": ["Give the first day, or say that nothing is known of it."]
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
