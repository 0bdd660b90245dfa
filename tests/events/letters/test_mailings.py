"""Before an event is cancelled or its dates, place or hours change, the page shows who will be written to, and the text."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jirani.config.languages import CODES
from jirani.core.enums import AccessMode
from jirani.events import actions
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Delegation, Event
from jirani.members.models import Person
from jirani.notifications.actions import NotShown, key_of
from jirani.notifications.models import Message
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import Cast
from tests.reader import tight

from ..event.test_working_day import shown_on

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)
Enter = Callable[[Person], Client]


@pytest.fixture
def guests(coming: Event) -> list[str]:
    """Add one person for each state and language, and one who was never invited. Returns the addresses of those who will be told."""
    states = [ParticipationState.INVITED, ParticipationState.CONFIRMED, ParticipationState.WAITLISTED]
    states += [ParticipationState.DECLINED, ParticipationState.CANCELLED]
    for state, code in zip(states, ["ar", "fr", "fr", "sw", "sw"], strict=True):
        person = make.person(f"Name {state}", email=f"{state}@example.org", language=code, account=False)
        make.participation(coming, person, state=state, nonce=f"nonce-{state}")
    never = make.person("Never invited", email="never@example.org", account=False)
    make.participation(coming, never, state=ParticipationState.CONFIRMED)
    return ["confirmed@example.org", "invited@example.org", "waitlisted@example.org"]


def recipients(page: str) -> list[str]:
    """Return the addresses that the page lists as recipients."""
    section = re.search(r'<section class="mailing">.*?</ul>', page, re.DOTALL)
    return sorted(addresses(section[0])) if section else []


def addresses(page: str) -> list[str]:
    return re.findall(r"<bdi>([\w.]+@example\.org)</bdi>", page)


def letters(page: str) -> list[tuple[str, str]]:
    """Return the letters that the page shows: the language and plain text of each."""
    found = re.findall(r'<div class="letter" lang="(\w+)" dir="\w+">(.*?)</div></details>', tight(page))
    return [(code, words(re.sub(r"<[^>]*>", " ", text))) for code, text in found]


def words(text: str) -> str:
    return " ".join(unescape(text).split())


def sent() -> list[tuple[str, str]]:
    """Return the letters that were sent, one for each language, without the personal link."""
    first: dict[str, str] = {}
    for message in Message.objects.order_by("id"):
        text = re.sub(r"http://\S+/my-programme/\S+/", "…", f"{message.subject} {message.body}")
        first.setdefault(message.language, words(text))
    return list(first.items())


def page_of(event: Event, name: str) -> str:
    return reverse(f"events:{name}", args=[event.slug])


def test_cancelling_shows_everybody_who_is_told_and_tells_exactly_them(
    cast: Cast, coming: Event, guests: list[str], as_person: Enter
) -> None:
    client, url = as_person(cast.coordinator), page_of(coming, "event_cancel")
    page = client.get(url).content.decode()
    assert recipients(page) == guests
    assert "3 recipients" in page
    assert "nonce-" not in page, "the link is each one's own"
    assert [code for code, _text in letters(page)] == ["fr", "ar"]

    unseen = client.post(url, {})
    assert (unseen.status_code, Message.objects.count()) == (422, 0)
    assert recipients(unseen.content.decode()) == guests
    coming.refresh_from_db()
    assert coming.state == EventState.PUBLISHED

    assert client.post(url, {"shown": shown_on(page)}).status_code == 302
    assert sorted(Message.objects.values_list("to", flat=True)) == guests
    assert sent() == letters(page)


@pytest.mark.parametrize("meanwhile", ["somebody is invited", "an address changes", "the title changes"])
def test_what_was_not_seen_is_not_sent(
    cast: Cast, coming: Event, guests: list[str], as_person: Enter, meanwhile: str
) -> None:
    client, url = as_person(cast.coordinator), page_of(coming, "event_cancel")
    seen = shown_on(client.get(url).content.decode())
    if meanwhile == "somebody is invited":
        make.participation(coming, make.person("New", email="new@example.org"), nonce="new")
    elif meanwhile == "an address changes":
        Person.objects.filter(email="confirmed@example.org").update(email="new@example.org")
    else:
        Event.objects.filter(pk=coming.pk).update(title="Another title")

    again = client.post(url, {"shown": seen})
    coming.refresh_from_db()
    assert (again.status_code, coming.state, Message.objects.count()) == (422, EventState.PUBLISHED, 0)
    client.post(url, {"shown": shown_on(again.content.decode())})
    assert sorted(Message.objects.values_list("to", flat=True)) == recipients(again.content.decode())


def test_who_declines_meanwhile_is_not_told_and_does_not_hold_it_up(
    cast: Cast, coming: Event, guests: list[str], as_person: Enter
) -> None:
    client, url = as_person(cast.coordinator), page_of(coming, "event_cancel")
    seen = shown_on(client.get(url).content.decode())
    coming.participations.filter(state="invited").update(state=ParticipationState.DECLINED)

    assert client.post(url, {"shown": seen}).status_code == 302
    assert sorted(Message.objects.values_list("to", flat=True)) == ["confirmed@example.org", "waitlisted@example.org"]


def form_of(client: Client, url: str) -> dict[str, Any]:
    """Return a form's values as its page shows them."""
    initial = client.get(url).context["form"].initial
    return {name: value for name, value in initial.items() if value not in (None, "")}


def test_a_change_of_arrangements_is_saved_once_its_letters_were_seen(
    cast: Cast, coming: Event, guests: list[str], as_person: Enter
) -> None:
    client, url = as_person(cast.coordinator), page_of(coming, "detail_edit")
    form = form_of(client, url) | {"place": "Ukunda"}
    assert recipients(client.get(url).content.decode()) == []

    first = client.post(url, form)
    page = first.content.decode()
    coming.refresh_from_db()
    assert (first.status_code, coming.place, coming.rearranged_on, Message.objects.count()) == (422, "Kwale", None, 0)
    assert recipients(page) == guests
    assert all("Ukunda" in text for _code, text in letters(page))
    assert 'value="Ukunda"' in page

    other = client.post(url, form | {"place": "Diani", "shown": shown_on(page)})
    assert (other.status_code, Message.objects.count()) == (422, 0), "this letter was not seen"
    assert client.post(url, form | {"shown": shown_on(page)}).status_code == 302
    coming.refresh_from_db()
    assert coming.place == "Ukunda"
    assert sorted(Message.objects.values_list("to", flat=True)) == guests
    assert sent() == letters(page)


def test_what_changes_nothing_for_them_is_saved_at_once(
    cast: Cast, coming: Event, guests: list[str], as_person: Enter
) -> None:
    client, url = as_person(cast.coordinator), page_of(coming, "detail_edit")
    assert client.post(url, form_of(client, url) | {"summary": "Who is coming"}).status_code == 302
    coming.refresh_from_db()
    assert (coming.summary, Message.objects.count()) == ("Who is coming", 0)


def test_other_hours_of_a_session_are_told_likewise(
    cast: Cast, coming: Event, guests: list[str], as_person: Enter
) -> None:
    client, session = as_person(cast.coordinator), coming.sessions.get()
    url = reverse("events:session_edit", args=[coming.slug, session.pk])
    form = form_of(client, url) | {"starts_at": "10:00", "ends_at": "12:00"}
    first = client.post(url, form)
    session.refresh_from_db()
    assert (first.status_code, str(session.starts_at), Message.objects.count()) == (422, "09:00:00", 0)
    assert recipients(first.content.decode()) == guests

    assert client.post(url, form | {"shown": shown_on(first.content.decode())}).status_code == 302
    session.refresh_from_db()
    assert (str(session.starts_at), sorted(Message.objects.values_list("to", flat=True))) == ("10:00:00", guests)


def test_holding_it_after_all_is_told_likewise(cast: Cast, coming: Event, guests: list[str], as_person: Enter) -> None:
    Event.objects.filter(pk=coming.pk).update(state=EventState.CANCELLED)
    client, url = as_person(cast.coordinator), page_of(coming, "event_publish")
    page = client.get(url).content.decode()
    assert recipients(page) == guests
    assert (client.post(url, {}).status_code, Message.objects.count()) == (422, 0)
    assert client.post(url, {"shown": shown_on(page)}).status_code == 302
    assert sent() == letters(page)


@pytest.mark.parametrize("case", ["draft", "over", "nobody was invited"])
def test_where_nobody_is_told_the_page_says_so(
    cast: Cast, coming: Event, guests: list[str], as_person: Enter, case: str
) -> None:
    events = Event.objects.filter(pk=coming.pk)
    if case == "draft":
        events.update(state=EventState.DRAFT)
    elif case == "over":
        events.update(starts_on="2021-12-06", ends_on="2021-12-08")
    else:
        coming.participations.update(nonce="")
    client, url = as_person(cast.coordinator), page_of(coming, "event_cancel")
    page = client.get(url).content.decode()
    assert ("Nobody gets an e-mail." in page, recipients(page)) == (True, [])
    assert client.post(url, {}).status_code == 302
    assert (events.get().state, Message.objects.count()) == (EventState.CANCELLED, 0)


def test_invitations_go_to_those_left_ticked(cast: Cast, coming: Event, as_person: Enter) -> None:
    rows = [
        make.participation(coming, make.person(name, email=f"{name}@example.org", account=False), state="invited")
        for name in ("asha", "badru", "chege")
    ]
    client, url = as_person(cast.coordinator), page_of(coming, "participation_invite")
    page = client.get(url).content.decode()
    assert recipients(page) == ["asha@example.org", "badru@example.org", "chege@example.org"]
    none = client.post(url, {})
    assert (none.status_code, "Choose at least one person." in none.content.decode()) == (422, True)

    asha, badru, _chege = shown_on(page)
    with pytest.raises(NotShown):
        actions.invite(coming, participations=[rows[2].pk], by=cast.users()["coordinator"], shown=[asha, badru])
    Event.objects.filter(pk=coming.pk).update(place="Ukunda")
    other = client.post(url, {"shown": [asha, badru]})
    assert (other.status_code, Message.objects.count()) == (422, 0), "they would read of another place"
    assert recipients(other.content.decode()) == ["asha@example.org", "badru@example.org"]

    for _twice in range(2):
        client.post(url, {"shown": shown_on(other.content.decode())})
    assert sorted(Message.objects.values_list("to", flat=True)) == ["asha@example.org", "badru@example.org"]
    assert sent() == letters(other.content.decode())


def test_a_new_link_is_sent_with_the_letter_in_view(cast: Cast, coming: Event, as_person: Enter) -> None:
    person = make.person("Asha", email="asha@example.org", language="sw", account=False)
    row = make.participation(coming, person, state=ParticipationState.INVITED, nonce="nonce-asha")
    client, url = as_person(cast.coordinator), reverse("events:participation_renew", args=[coming.slug, row.pk])
    page = client.get(url).content.decode()
    client.post(url)
    assert (sent(), [code for code, _text in letters(page)]) == (letters(page), ["sw"])


def test_others_see_none_of_it(cast: Cast, coming: Event, guests: list[str], as_person: Enter) -> None:
    for person in (cast.participant, cast.kwale_focal_point, cast.editor):
        for name in ("event_cancel", "event_publish", "participation_invite", "detail_edit"):
            answer = as_person(person).post(page_of(coming, name), {"shown": []})
            assert (answer.status_code in {403, 404}, addresses(answer.content.decode())) == (True, [])
    assert Message.objects.count() == 0


@pytest.mark.parametrize("name", ["event_cancel", "participation_invite"])
def test_pages_cost_the_same_with_one_and_with_thirty(
    cast: Cast, coming: Event, as_person: Enter, name: str, django_assert_max_num_queries: Any
) -> None:
    client, url = as_person(cast.coordinator), page_of(coming, name)

    def cost(count: int) -> int:
        for number in range(count):
            person = make.person(account=False, language=CODES[number % len(CODES)])
            delegation = Delegation.objects.create(event=coming, authority=make.authority())
            nonce = "nonce" if name == "event_cancel" else ""
            make.participation(coming, person, state=ParticipationState.INVITED, delegation=delegation, nonce=nonce)
        with django_assert_max_num_queries(15) as counted:
            assert client.get(url).status_code == 200
        return len(counted)

    assert cost(len(CODES)) == cost(30)


def test_what_an_event_follows_stays_if_they_may_not_see_it(cast: Cast, as_person: Enter) -> None:
    before = make.event(
        "The closed talks", slug="talks", starts_on=date(2020, 1, 6), ends_on=date(2020, 1, 6), access="closed"
    )
    event = cast.event
    event.follow_up_of = before
    event.save()
    client, url = as_person(cast.hub_coordinator), page_of(event, "detail_edit")
    page = client.get(url).content.decode()
    assert [word for word in ("The closed talks", 'name="follow_up_of"') if word in page] == []
    assert client.post(url, form_of(client, url) | {"place": "Kwale"}).status_code == 302
    event.refresh_from_db()
    assert event.follow_up_of == before

    client = as_person(cast.coordinator)
    assert "The closed talks" in client.get(url).content.decode()
    assert client.post(url, form_of(client, url) | {"follow_up_of": ""}).status_code == 302
    event.refresh_from_db()
    assert event.follow_up_of is None


def to(mailing: Any) -> list[str]:
    return [one.to for one in mailing.recipients]


def test_who_is_told_of_an_event_that_is_not_over(cast: Cast, coming: Event) -> None:
    rows: list[tuple[str, dict[str, Any], bool]] = [
        ("Asha", {"state": "invited"}, True), ("Badru", {"state": "confirmed"}, True), ("Chege", {"state": "waitlisted"}, True),
        ("Dalila", {"state": "declined"}, False), ("Eshe", {"state": "cancelled"}, False), ("Fumo", {"state": "applied"}, False),
        ("Gamba", {"state": "confirmed", "nonce": ""}, False), ("Hawa", {"state": "attended", "attended_from": "confirmed"}, True),
        ("Imani", {"state": "attended", "attended_from": "declined"}, False),
    ]  # fmt: skip
    for name, facts, _told in rows:
        make.listed(coming, name, **facts)
    make.participation(coming, make.person("X", email="", account=False), nonce="x")
    make.listed(make.event(starts_on=coming.starts_on, ends_on=coming.ends_on), "Elsewhere", state="confirmed")
    told = [f"{name.lower()}@example.org" for name, _facts, told in rows if told]
    assert to(actions.mailing_of_cancellation(coming)) == told
    for facts, some in [
        ({"starts_on": TODAY, "ends_on": TODAY}, True),
        ({"starts_on": TODAY - DAY, "ends_on": TODAY - DAY}, False),
    ]:
        for name, value in facts.items():
            setattr(coming, name, value)
        assert bool(to(actions.mailing_of_cancellation(coming))) is some
    coming.ends_on, coming.state = TODAY + DAY, EventState.DRAFT
    assert to(actions.mailing_of_cancellation(coming)) == []


def test_a_letter_names_its_records_and_its_recipient(cast: Cast, coming: Event) -> None:
    save_translation(coming, "title", "fr", "Échange sur la jeunesse")
    delegation = Delegation.objects.create(event=coming, authority=cast.kwale)
    part = make.listed(coming, "Asha", language="fr", delegation=delegation, state="confirmed")
    other = make.listed(coming, "Badru", state="confirmed")
    mailing = actions.mailing_of_cancellation(coming)
    asha, badru = mailing.recipients
    assert (asha.key, asha.name, asha.comes_for, badru.comes_for) == (part.pk, "Asha", ("Kwale County", "en"), ("", ""))
    assert mailing.kind == "events.cancelled"
    assert mailing.send() == 2
    letters = {one.to: one for one in Message.objects.all()}
    assert letters["asha@example.org"].records == [key_of(coming), key_of(part)]
    assert letters["badru@example.org"].records == [key_of(coming), key_of(other)]
    assert "Échange sur la jeunesse" in letters["asha@example.org"].subject + letters["asha@example.org"].body
    assert "Exchange on youth" in letters["badru@example.org"].subject + letters["badru@example.org"].body


def test_a_removal_tells_people_of_a_published_event(cast: Cast, coming: Event) -> None:
    make.listed(coming, "Asha", state="waitlisted")
    make.listed(coming, "Badru", state="confirmed")
    session = coming.sessions.get()
    assert to(actions.mailing_of_removal(session)) == ["asha@example.org", "badru@example.org"]
    session.access = AccessMode.CLOSED
    session.save()
    assert to(actions.mailing_of_removal(session)) == ["badru@example.org"], "who waits does not read of it"
    session.event.state = EventState.DRAFT
    assert to(actions.mailing_of_removal(session)) == []
