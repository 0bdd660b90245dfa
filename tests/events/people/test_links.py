"""A link in an invitation is a secret that expires: pages don't leak it to logs, and it ends with the event, the account or the address."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from jirani.core.enums import Precision
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation
from jirani.events.people.actions.answers import link_ends
from jirani.events.text import sign_link
from jirani.lessons.actions import write_note
from jirani.members.models import Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.addresses import routes
from tests.cast import Cast, user_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def guest(coming: Event) -> Participation:
    """Somebody without an account, who spoke in the event's session."""
    person = make.person("Asha", email="asha@example.org", account=False)
    part = make.participation(coming, person, state=ParticipationState.CONFIRMED, nonce="n" * 32)
    make.note(coming.sessions.get(), speaker=person)
    return part


def token_of(part: Participation, **other: Any) -> str:
    """The token of the part's link, or, for `other` values, of one that was made up."""
    own: dict[str, Any] = {"number": part.pk, "nonce": part.nonce, "address": part.person.email if part.person else ""}
    return sign_link(**(own | other))


def pages(token: str, note: int) -> list[str]:
    """Return the pages that a link opens."""
    return [
        reverse("events:programme_detail", args=[token]),
        reverse("events:programme_calendar", args=[token]),
        reverse("lessons:note_own_by_link", args=[token]),
        reverse("lessons:note_attribute_by_link", args=[token, note]),
    ]


def opened(part: Participation, token: str = "") -> list[int]:
    note = part.event.sessions.get().notes.get()
    return [Client().get(address).status_code for address in pages(token or token_of(part), note.pk)]


def ended_on(event: Event, day: date, **fields: Any) -> None:
    Event.objects.filter(pk=event.pk).update(starts_on=day, ends_on=day, **fields)
    event.refresh_from_db()


def test_it_ends_some_weeks_after_the_event_and_says_so(guest: Participation, settings: Settings) -> None:
    settings.LINK_WEEKS = 3
    ended_on(guest.event, timezone.localdate() - timedelta(weeks=3))
    assert (opened(guest), actions.has_way_in(guest)) == ([200] * 4, True)
    ended_on(guest.event, timezone.localdate() - timedelta(weeks=3, days=1))
    guest = Participation.objects.get(pk=guest.pk)
    assert (opened(guest), actions.has_way_in(guest)) == ([410] * 4, False)

    answer = Client().get(pages(token_of(guest), 1)[0])
    page = answer.content.decode()
    assert "Links in invitations expire a few weeks after the event." in page
    assert f'href="{reverse("account_login")}"' in page
    assert guest.event.title not in page
    assert answer["Cache-Control"] == "no-store, private"
    assert Client().post(f"{pages(token_of(guest), 1)[0]}answer/", {"comes": "yes"}).status_code == 410
    with pytest.raises(PermissionDenied):
        actions.save_consents(guest, offered=["named"], given=["named"], nonce=guest.nonce)
    assert not guest.person.consents.exists()  # type: ignore[union-attr]


@pytest.mark.parametrize(("precision", "later"), [("day", 0), ("month", 31), ("year", 366)])
def test_an_event_whose_day_is_not_known_may_have_ended_later(coming: Event, precision: str, later: int) -> None:
    ended_on(coming, date(2026, 1, 1), date_precision=Precision(precision))
    assert link_ends(coming) == date(2026, 1, 2) + timedelta(days=later, weeks=settings.LINK_WEEKS)


def test_whoever_has_an_account_comes_by_it_when_the_link_has_ended(cast: Cast) -> None:
    part = Participation.objects.get(person=cast.participant)
    assert link_ends(part.event) < timezone.localdate()
    assert actions.has_way_in(part)
    cast.participant.user.is_active = False  # type: ignore[union-attr]
    cast.participant.user.save()  # type: ignore[union-attr]
    assert not actions.has_way_in(Participation.objects.get(pk=part.pk))


def test_it_ends_with_the_account_the_address_and_the_place(cast: Cast, guest: Participation) -> None:
    token = token_of(guest)
    without_address = sign_link(guest.pk, guest.nonce)  # as they were before addresses were in them
    assert [opened(guest, one) for one in (token, without_address)] == [[200] * 4] * 2

    people = Person.objects.filter(participations=guest)
    people.update(email="Asha@EXAMPLE.org")
    assert opened(guest, token) == [200] * 4
    people.update(email="somebody.else@example.org")
    assert opened(guest, token) == [404] * 4
    people.update(email="asha@example.org")

    account = make.user("asha@example.org")
    people.update(user=account)
    assert opened(guest, token) == [200, 200, 302, 302]
    account.is_active = False
    account.save()
    assert opened(guest, token) == [404] * 4
    people.update(user=None)
    actions.cancel_participation(guest, by=cast.users()["coordinator"])
    assert opened(guest, token) == [404] * 4


def test_letters_hold_a_link_for_the_address_they_go_to(cast: Cast, coming: Event) -> None:
    part = make.participation(coming, make.person(account=False), state=ParticipationState.INVITED)
    actions.invite(coming, participations=[part.pk], by=cast.users()["coordinator"])
    part.refresh_from_db()
    (token,) = re.findall(r"/my-programme/(\S+)/", Message.objects.get().body)
    assert token == token_of(part) != sign_link(part.pk, part.nonce)


def test_nobody_is_named_as_a_speaker_who_could_not_be_asked(cast: Cast) -> None:
    part = make.participation(cast.event, make.person(account=False), nonce="n" * 32)
    with pytest.raises(ValidationError, match="nobody could ask them"):
        write_note(session=cast.session, text="Said", language="en", by=user_of(cast.rapporteur), speaker=part)
    assert not cast.session.notes.exists()
    ended_on(cast.event, timezone.localdate())
    part = Participation.objects.get(pk=part.pk)
    assert write_note(
        session=cast.session, text="Said", language="en", by=user_of(cast.rapporteur), speaker=part
    ).is_waiting


def test_no_page_whose_address_is_a_secret_tells_it_to_a_log(cast: Cast, guest: Participation, client: Client) -> None:
    note = guest.event.sessions.get().notes.get()
    secret = {
        *pages(token_of(guest), note.pk),
        "/en/my-programme/unknown/",
        f"/en/my-programme/{token_of(guest)}/nothing/here/",
        f"/en/my-programme/{token_of(guest)}/answer/",  # only to be sent
        *(f"/ar/notes/{note.pk}/{act}/" for act in ("edit", "attribution", "narrow", "withdraw")),
    }
    client.force_login(user_of(cast.coordinator), backend="django.contrib.auth.backends.ModelBackend")
    assert {client.get(address)["Referrer-Policy"] for address in secret} == {"strict-origin"}
    forged = Client(enforce_csrf_checks=True).post(f"/en/my-programme/{token_of(guest)}/answer/", {"comes": "yes"})
    assert (forged.status_code, forged["Referrer-Policy"]) == (403, "strict-origin")
    assert {client.get(address)["Referrer-Policy"] for address in ("/en/", "/en/events/", "/en/desk/")} == {
        "same-origin"
    }


def test_every_address_with_a_token_or_a_note_in_it_is_a_secret() -> None:
    shapes = [shape for shape, _pattern in routes() if "token" in shape or "/notes/<" in shape]
    assert len(shapes) >= 10
    assert [shape for shape in shapes if not settings.SECRET_ADDRESSES.search(f"/{shape}")] == []


def test_the_log_of_the_documented_proxy_holds_none_of_them() -> None:
    page = (ROOT / "docs/how-to/install.md").read_text()
    (unlogged,) = re.findall(r'"~\*(\S+)" 0;', page)
    shapes = [shape for shape, _pattern in routes() if ("token" in shape and "cms/" not in shape) or "/notes/" in shape]
    assert len(shapes) >= 12
    assert [shape for shape in shapes if not re.search(unlogged, f"/{shape}", re.IGNORECASE)] == []
    assert not re.search(unlogged, "/en/lessons/", re.IGNORECASE)

    (logged,) = re.findall(r"log_format jirani '([^']+)'", page)
    behind_the_question_mark = {
        "$request",
        "$request_uri",
        "$args",
        "$query_string",
        "$is_args",
        "$http_referer",
        "$http_cookie",
    }
    assert set(re.findall(r"\$\w+", logged)) & behind_the_question_mark == set()


@pytest.mark.parametrize("told", [{"HTTP_ORIGIN": "https://testserver"}, {"HTTP_REFERER": "https://testserver/"}])
def test_an_answer_passes_the_check_against_forgery_with_the_origin_alone(
    guest: Participation, told: dict[str, str]
) -> None:
    client, address = Client(enforce_csrf_checks=True), pages(token_of(guest), 1)[0]
    form = client.get(address, secure=True).content.decode()
    sent = {"comes": "no", "csrfmiddlewaretoken": form.split('csrfmiddlewaretoken" value="')[1].split('"')[0]}
    codes = [
        client.post(f"{address}answer/", sent, secure=True, **headers).status_code  # type: ignore[arg-type]
        for headers in ({"HTTP_ORIGIN": "null"}, {"HTTP_REFERER": "https://elsewhere.example/"}, told)
    ]
    assert codes == [403, 403, 302]


def test_nobody_answers_for_somebody_who_was_listed_and_has_no_link_yet(cast: Cast, coming: Event) -> None:
    listed = make.participation(coming, cast.participant, state=ParticipationState.INVITED, nonce="")
    for by in (user_of(cast.outsider), user_of(cast.coordinator), None):
        with pytest.raises(PermissionDenied):
            actions.answer(listed, comes=True, by=by)
    with pytest.raises(ValidationError):  # they themselves may, once they are invited
        actions.answer(listed, comes=True, by=user_of(cast.participant))


def test_a_place_that_was_taken_back_has_no_link_even_if_its_secret_is_left(guest: Participation) -> None:
    Participation.objects.filter(pk=guest.pk).update(state=ParticipationState.CANCELLED)
    assert opened(guest) == [404] * 4


def test_whose_link_opens_and_whose_has_ended(cast: Cast, coming: Event) -> None:
    guest = make.listed(coming, "Asha")
    rows = {
        token_of(guest): guest, "": None, "nonsense": None, token_of(guest, nonce="other"): None,
        token_of(guest, address="other@example.org"): None, token_of(guest, number=0): None,
        token_of(make.listed(coming, "Badru", nonce=""), nonce="x"): None, token_of(make.listed(coming, "Chege", state="cancelled")): None,
        token_of(make.listed(make.event(state=EventState.DRAFT, starts_on=coming.starts_on, ends_on=coming.ends_on), "Dalila")): None,
    }  # fmt: skip
    assert {link: actions.holder_of(link) for link in rows} == rows
    past, holder = make.listed(cast.event, "Eshe"), make.listed(coming, "Fumo", account=True)
    assert (actions.holder_of(token_of(past)), actions.holder_of(token_of(holder))) == (None, holder)
    assert [actions.has_ended(token_of(one)) for one in (guest, past)] == [False, True]
    assert [actions.has_ended(one) for one in ("nonsense", token_of(past, number=0))] == [False, False]
    assert [actions.has_way_in(one) for one in (guest, past, holder)] == [True, False, True]
    link, user = token_of(holder), user_of(holder.person or cast.outsider)
    user.is_active = False
    user.save()
    closed = Participation.objects.get(pk=holder.pk)
    assert (actions.holder_of(link), actions.has_way_in(closed), actions.opens("fumo", closed)) == (None, False, False)
    Participation.objects.filter(pk=guest.pk).update(person=None)
    alone = Participation.objects.get(pk=guest.pk)
    assert (actions.holder_of(token_of(guest)), actions.opens("asha", alone)) == (None, True)


def test_the_last_day_of_a_link(cast: Cast, settings: Any) -> None:
    settings.LINK_WEEKS = 2
    lasts = 15 * DAY
    found = {
        name: link_ends(make.event(date_precision=name, starts_on=date(2021, 12, 6), ends_on=date(2021, 12, 8)))
        for name in ("day", "inferred", "month", "by-month", "year", "unknown")
    }
    more = {"day": 0, "inferred": 0, "month": 31, "by-month": 31, "year": 366, "unknown": 366}
    assert found == {name: date(2021, 12, 8) + lasts + days * DAY for name, days in more.items()}
    ends = {
        days: make.listed(make.event(ends_on=TODAY - days * DAY, starts_on=TODAY - 30 * DAY), f"G{days}")
        for days in (14, 15)
    }
    assert {days: actions.opens(part.nonce, part) for days, part in ends.items()} == {14: True, 15: False}
    assert {days: actions.has_way_in(part) for days, part in ends.items()} == {14: True, 15: False}
    assert {days: actions.has_ended(token_of(part)) for days, part in ends.items()} == {14: False, 15: True}
