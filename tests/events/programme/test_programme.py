"""A participant's own page: opened by a private link that can be revoked; answers, consents and calendar."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.config.languages import CODES
from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Event, Participation
from jirani.events.people.text import Link, read_link
from jirani.events.text import sign_link
from jirani.lessons.forms import NoteForm
from jirani.members.models import Consent, Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(coming: Event) -> Participation:
    """Somebody without an account who has been invited."""
    person = make.person("Asha", email="asha@example.org", account=False, language="ar")
    return make.participation(coming, person, state=ParticipationState.INVITED, nonce="n" * 32)


def page_of(participation: Participation, language: str = "en") -> str:
    return f"/{language}/my-programme/{sign_link(participation.pk, participation.nonce)}/"


def test_invitations_go_once_in_each_ones_language_with_their_own_link(cast: Cast, coming: Event) -> None:
    coordinator = cast.users()["coordinator"]
    people = [
        make.person(f"P{n}", email=f"p{n}@example.org", language=code, account=False) for n, code in enumerate(CODES)
    ]
    rows = [make.participation(coming, person, state=ParticipationState.INVITED) for person in people]
    silent = make.participation(coming, make.person(email="", account=False), state=ParticipationState.INVITED)
    declined = make.participation(coming, make.person(account=False), state=ParticipationState.DECLINED)
    everyone = [row.pk for row in (*rows, silent, declined)]

    assert actions.invite(coming, participations=everyone, by=coordinator) == 4
    assert actions.invite(coming, participations=everyone, by=coordinator) == 0
    sent = list(Message.objects.order_by("to"))
    assert [(one.to, one.language) for one in sent] == [(f"p{n}@example.org", code) for n, code in enumerate(CODES)]
    links = [re.search(rf"http://127\.0\.0\.1:8000/{one.language}/my-programme/\S+/\s", one.body) for one in sent]
    assert all(links)
    assert len({link[0] for link in links if link}) == len(CODES)
    assert "secret-room" not in "".join(one.body for one in sent)

    with pytest.raises(PermissionDenied):
        actions.invite(coming, participations=everyone, by=cast.users()["kwale_focal_point"])
    Event.objects.filter(pk=coming.pk).update(state=EventState.DRAFT)
    coming.refresh_from_db()
    with pytest.raises(ValidationError, match="Publish the event"):
        actions.invite(coming, participations=everyone, by=coordinator)


def test_the_page_needs_no_sign_in_and_is_for_one_pair_of_eyes(guest: Participation, client: Client) -> None:
    answer = client.get(page_of(guest))
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "Opening; with tea, and a vote" in page
    assert "https://meet.example.org/secret-room" in page
    assert (answer["Cache-Control"], answer["X-Robots-Tag"], answer["Referrer-Policy"]) == (
        "no-store, private", "noindex, nofollow", "strict-origin",
    )  # fmt: skip
    assert 'rel="noreferrer"' in page
    assert "the event’s time zone: Nairobi (East Africa Time)." in page


def test_links_that_do_not_open(cast: Cast, guest: Participation, client: Client) -> None:
    good = sign_link(guest.pk, guest.nonce)
    number, _, rest = good.partition("-")
    forged = signing.Signer(key="another key", sep=".", salt="jirani.events.invitation").sign(
        f"{guest.pk}-{guest.nonce}"
    )
    for token in (
        "x",
        good[:-1],
        good + "x",
        f"{int(number) + 1}-{rest}",
        forged,
        sign_link(guest.pk, "m" * 32),
        sign_link(10**9, "n" * 32),
    ):
        for part in ("", "programme.ics"):
            answer = client.get(f"/en/my-programme/{token}/{part}")
            assert (answer.status_code, "Asha" in answer.content.decode()) == (404, False), token
        assert client.post(f"/en/my-programme/{token}/answer/", {"comes": "yes"}).status_code == 404
    with pytest.raises(ValueError, match="guessed"):
        sign_link(guest.pk, "")

    coordinator = cast.users()["coordinator"]
    old = page_of(guest)
    actions.renew_invitation(guest, by=coordinator)
    assert client.get(old).status_code == 404
    assert client.get(page_of(guest)).status_code == 200
    actions.cancel_participation(guest, by=coordinator)
    guest.refresh_from_db()
    assert (guest.state, guest.nonce) == ("cancelled", "")


def test_a_draft_has_no_programme_yet(guest: Participation, client: Client) -> None:
    Event.objects.filter(pk=guest.event_id).update(state=EventState.DRAFT)

    assert client.get(page_of(guest)).status_code == 404


def test_saying_yes_gives_an_account_that_the_link_does_not_sign_in_to(guest: Participation, client: Client) -> None:
    answer = client.post(f"{page_of(guest)}answer/", {"comes": "yes"})
    guest.refresh_from_db()

    assert (answer.status_code, guest.state, guest.answered_at is not None) == (302, "confirmed", True)
    user = User.objects.get(email="asha@example.org")
    assert (guest.person, user.language, user.has_usable_password()) == (user.person, "ar", False)
    assert "_auth_user_id" not in client.session
    assert client.get("/en/events/youth/my-programme/").status_code == 302

    client.post(f"{page_of(guest)}answer/", {"comes": "no"})
    guest.refresh_from_db()
    assert guest.state == "declined"
    assert list(Entry.objects.order_by("id").values_list("verb", "actor__email")) == [
        ("events.accept", "asha@example.org"),
        ("events.decline", "asha@example.org"),
    ]
    assert client.post(f"{page_of(guest)}answer/", {"comes": "perhaps"}).status_code == 422


def test_an_account_of_the_same_address_is_taken_and_anothers_is_not(cast: Cast, coming: Event) -> None:
    free = make.user("badru@example.org")
    person = make.person("Badru", email="Badru@example.org", account=False)
    invited = make.participation(coming, person, state=ParticipationState.INVITED, nonce="b" * 32)
    actions.answer(invited, comes=True, nonce="b" * 32)
    assert Person.objects.get(pk=person.pk).user == free

    taken = make.user("shared@example.org")
    Person.objects.create(name="Owner", email="other@example.org", user=taken)
    second = make.person("Second", email="shared@example.org", account=False)
    invited = make.participation(coming, second, state=ParticipationState.INVITED, nonce="s" * 32)
    actions.answer(invited, comes=True, nonce="s" * 32)
    assert Person.objects.get(pk=second.pk).user is None


@pytest.mark.parametrize("way", ["over", "cancelled event", "cancelled place", "wrong nonce", "another person"])
def test_when_there_is_nothing_to_answer(cast: Cast, guest: Participation, way: str) -> None:
    proof: dict[str, Any] = {"nonce": guest.nonce}
    expected: type[Exception] = ValidationError
    if way == "over":
        yesterday = timezone.localdate() - timedelta(days=1)
        Event.objects.filter(pk=guest.event_id).update(starts_on=yesterday, ends_on=yesterday)
    elif way == "cancelled event":
        Event.objects.filter(pk=guest.event_id).update(state=EventState.CANCELLED)
    elif way == "cancelled place":
        Participation.objects.filter(pk=guest.pk).update(state=ParticipationState.CANCELLED)
    else:
        proof = {"nonce": "m" * 32} if way == "wrong nonce" else {"by": cast.users()["outsider"]}
        expected = PermissionDenied
    with pytest.raises(expected):
        actions.answer(guest, comes=True, **proof)


def test_what_is_closed_to_those_who_do_not_come(guest: Participation, client: Client) -> None:
    make.session(guest.event, "In a closed room", access=AccessMode.CLOSED)
    before = client.get(page_of(guest)).content.decode()
    client.post(f"{page_of(guest)}answer/", {"comes": "no"})
    after = client.get(page_of(guest)).content.decode()

    shown = [("In a closed room" in page, "secret-room" in page, "Opening" in page) for page in (before, after)]
    assert shown == [(True, True, True), (False, False, True)]


def test_consents_are_dated_records_in_the_words_shown(guest: Participation, client: Client) -> None:
    address = page_of(guest)
    client.post(f"{address}consents/", {"photographs": "on"})
    client.post(f"{address}consents/", {"photographs": "on", "named": "on"})
    client.post(f"{address}consents/", {"named": "on"})

    rows = list(Consent.objects.order_by("given_at"))
    assert [(one.purpose, one.withdrawn_at is None) for one in rows] == [("photographs", False), ("named", True)]
    assert rows[0].wording == "I may be seen in photographs of events that the network publishes."


def test_signed_in_one_sees_ones_own_and_nobody_elses(
    cast: Cast, coming: Event, as_person: Callable[[Person], Client]
) -> None:
    make.participation(coming, cast.participant)
    address = f"/en/events/{coming.slug}/my-programme/"

    assert [
        as_person(person).get(address).status_code for person in (cast.participant, cast.outsider, cast.coordinator)
    ] == [200, 404, 404]
    client = as_person(cast.participant)
    client.post(f"{address}answer/", {"comes": "no"})
    assert coming.participations.get().state == "declined"
    assert client.get(f"{address}programme.ics").status_code == 200


def test_the_organisers_word_is_not_the_guests_to_take_back(cast: Cast, guest: Participation, client: Client) -> None:
    coordinator, address = cast.users()["coordinator"], page_of(guest)
    Event.objects.update(access=AccessMode.CLOSED)

    def after(comes: str) -> tuple[int, str, bool]:
        status = client.post(f"{address}answer/", {"comes": comes}).status_code
        guest.refresh_from_db()
        return status, guest.state, "secret-room" in client.get(address).content.decode()

    def set_by_organisers(state: str) -> bool:
        actions.change_participation(guest, by=coordinator, state=state)
        page = client.get(address).content.decode()
        return 'value="yes"' in page

    assert (after("no"), after("yes")) == ((302, "declined", False), (302, "confirmed", True))
    assert not set_by_organisers("waitlisted")
    assert [after(comes) for comes in ("yes", "no", "yes")] == [
        (302, "waitlisted", False), (302, "declined", False), (302, "waitlisted", False),
    ]  # fmt: skip
    assert not set_by_organisers("declined")
    assert [after(comes) for comes in ("yes", "no")] == [(422, "declined", False)] * 2
    assert "not on the list of participants" in client.get(address).content.decode()
    assert set_by_organisers("invited")
    assert after("yes") == (302, "confirmed", True)
    after("no")
    assert not set_by_organisers("waitlisted")
    assert after("yes") == (302, "waitlisted", False)


def test_who_is_only_listed_is_told_nothing_yet(
    cast: Cast, coming: Event, as_person: Callable[[Person], Client]
) -> None:
    Event.objects.filter(pk=coming.pk).update(access=AccessMode.CLOSED)
    session, coordinator = coming.sessions.get(), cast.users()["coordinator"]
    listed = make.participation(coming, cast.participant, state=ParticipationState.INVITED)
    actions.add_part(session, participation=listed, role="rapporteur", by=coordinator)
    client, own = as_person(cast.participant), f"/en/events/{coming.slug}/my-programme/"
    public, notes = f"/en/events/{coming.slug}/", f"/en/events/{coming.slug}/sessions/{session.pk}/notes/"

    def opened() -> list[int]:
        return [client.get(address).status_code for address in (public, own, f"{own}programme.ics", notes)]

    assert opened() == [404, 404, 404, 404]
    assert client.post(f"{own}answer/", {"comes": "yes"}).status_code == 404
    actions.invite(coming, participations=[listed.pk], by=coordinator)
    assert opened() == [200, 200, 200, 200]

    listed.refresh_from_db()
    by_link = page_of(listed)
    actions.cancel_participation(listed, by=coordinator)
    off = client.get(own)
    assert (opened(), client.get(by_link).status_code) == ([404, 404, 404, 404], 404)
    assert ("You are not on the list" in off.content.decode(), coming.title in off.content.decode()) == (True, False)
    with pytest.raises(ValidationError, match="No invitation has gone out"):
        actions.renew_invitation(Participation.objects.get(pk=listed.pk), by=coordinator)


def test_only_those_who_are_in_can_be_named_as_speakers(cast: Cast, coming: Event) -> None:
    states = {"listed": ("invited", ""), "invited": ("invited", "n" * 32), "waiting": ("waitlisted", "w" * 32)}
    for name, (state, nonce) in states.items():
        make.participation(coming, make.person(name), state=state, nonce=nonce)
    form = NoteForm(session=coming.sessions.get(), user=cast.users()["coordinator"])

    assert [str(name) for _, name in form.fields["speaker"].choices] == ["Not named", "invited"]  # type: ignore[attr-defined]


def test_with_an_account_the_link_neither_consents_nor_attributes(
    guest: Participation, client: Client, as_person: Callable[[Person], Client]
) -> None:
    note = make.note(guest.event.sessions.get(), "Words of mine", speaker=guest.person)
    address, person = page_of(guest), guest.person
    assert person is not None
    assert "Words of mine" in client.get(f"{address}notes/").content.decode()
    client.post(f"{address}answer/", {"comes": "yes"})
    person.refresh_from_db()

    own = ["/en/notes/mine/", f"/en/notes/{note.pk}/attribution/", f"/en/events/{guest.event.slug}/my-programme/"]
    answers = [
        client.get(f"{address}notes/"),
        client.post(f"{address}notes/{note.pk}/", {"attribution": "named"}),
        client.post(f"{address}consents/", {"named": "on"}),
    ]
    assert [answer.headers["Location"] for answer in answers] == own
    assert [client.get(path).status_code for path in own] == [302, 302, 302]
    with pytest.raises(PermissionDenied):
        actions.save_consents(guest, offered=["named"], given=["named"], nonce=guest.nonce)
    note.refresh_from_db()
    assert (note.is_waiting, Consent.objects.count(), "Save my choices" in client.get(address).content.decode()) == (
        True, 0, False,
    )  # fmt: skip

    entered = as_person(person)
    entered.post(f"{own[2]}consents/", {"named": "on"})
    entered.post(own[1], {"attribution": "named"})
    note.refresh_from_db()
    assert (note.attribution, Consent.objects.get().purpose) == ("named", "named")


def test_what_a_guest_agreed_to_is_seen_and_taken_back_by_the_link_that_took_it(
    guest: Participation, client: Client, as_person: Callable[[Person], Client]
) -> None:
    address, own = page_of(guest), f"/en/events/{guest.event.slug}/my-programme/consents/"
    client.post(f"{address}consents/", {"photographs": "on", "named": "on"})
    client.post(f"{address}answer/", {"comes": "yes"})
    guest.refresh_from_db()
    assert guest.person is not None
    as_person(guest.person).post(own, {"photographs": "on", "directory": "on"})

    before = list(client.get(address).context["consents"].fields)
    with pytest.raises(PermissionDenied):  # it gives nothing, and takes back nothing else
        actions.save_consents(guest, offered=["photographs", "directory"], given=[], nonce=guest.nonce)
    client.post(f"{address}consents/", {"named": "on"})

    assert (before, list(client.get(address).context["consents"].fields)) == (["photographs"], [])
    assert Consent.objects.get(withdrawn_at__isnull=True).purpose == "directory"


def test_a_link_opens_what_was_said_in_its_own_event(cast: Cast, guest: Participation, client: Client) -> None:
    elsewhere = make.note(cast.session, "Said elsewhere", speaker=guest.person)
    here = make.note(guest.event.sessions.get(), "Said here", speaker=guest.person)
    address = page_of(guest)

    page = client.get(f"{address}notes/").content.decode()
    assert ("Said here" in page, "Said elsewhere" in page) == (True, False)
    paths = [f"{address}notes/{note.pk}/" for note in (here, elsewhere)]
    assert [client.get(path).status_code for path in paths] == [200, 404]
    assert [client.post(path, {"attribution": "named"}).status_code for path in paths] == [302, 404]


def test_the_host_of_a_closed_session_stays_in_the_room(cast: Cast, guest: Participation, client: Client) -> None:
    make.session(guest.event, "In a closed room", access=AccessMode.CLOSED, host=cast.mombasa.organisation)
    make.session(guest.event, "In the open", host=cast.kwale.organisation)

    page = client.get(page_of(guest)).content.decode()

    assert ("In a closed room" in page, "Kwale County" in page, "Mombasa County" in page) == (True, True, False)


@given(st.integers(1, 2**60), st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_", min_size=1, max_size=32))
def test_a_link_reads_back_and_nothing_near_it_does(number: int, nonce: str) -> None:
    token = sign_link(number, nonce)

    assert read_link(token) == Link(number, nonce, "")
    for place in (0, len(token) // 2, len(token) - 2):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert read_link(other) is None
