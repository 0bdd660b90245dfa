"""A rapporteur's notes, each shown to those it is for and to nobody else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jirani.core.enums import AccessMode
from jirani.events.enums import ParticipationState
from jirani.events.models import Participation
from jirani.events.text import sign_link
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Note
from jirani.members.models import Person
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of
from tests.reader import tight

from .test_attribution import happens_now

pytestmark = pytest.mark.django_db


def test_lessons_made_of_a_note_say_their_language(cast: Cast) -> None:
    note = make.note(cast.session)
    make.lesson("Rotate the seats", session=cast.session).notes.set([note])

    page = tight(client_of(cast.rapporteur).get(notes_page(cast).replace("/en/", "/ar/")).content.decode())

    assert '<span lang="en" dir="ltr">Rotate the seats</span></a><span class="provenance">الإنجليزية</span>' in page


def test_a_count_of_notes_leads_to_those_notes(cast: Cast) -> None:
    other = make.session(cast.event, "Another")
    _, made, own = make.note(cast.session), make.note(cast.session), make.note(cast.session, speaker=cast.participant)
    lesson = make.lesson(event=cast.event, session=cast.session)
    lesson.notes.set([made, own, make.note(other)])
    make.note(cast.session, speaker=cast.participant)
    hidden = make.lesson(access=AccessMode.CLOSED, event=make.event(access=AccessMode.CLOSED))

    def led(person: Person | None) -> tuple[str, str, set[int]]:
        client = client_of(person)
        (link,) = (x for x in client.get(f"/en/lessons/{lesson.pk}/").context["chain"]() if x.kind == "notes")
        page = client.get(link.url).context if link.url else {}
        return str(link.words), link.url, {row.pk for row in [*page.get("notes", []), *page.get("waiting", [])]}

    mine = reverse("lessons:note_own")
    assert [led(person) for person in (cast.rapporteur, cast.participant, cast.outsider, None)] == [
        ("2 notes", f"{notes_page(cast)}?lesson={lesson.pk}", {made.pk, own.pk}),
        ("1 note", f"{mine}?session={cast.session.pk}&lesson={lesson.pk}", {own.pk}),
        ("", "", set()),
        ("", "", set()),
    ]
    told = client_of(cast.coordinator).get(f"/en/events/{cast.event.slug}/").context
    assert [str(link.words) for link in told["chain"]() if link.kind == "notes"] == ["5 notes"]
    assert {session.pk: session.kept for _, sessions in told["days"] for session in sessions} == {
        cast.session.pk: "4 notes",
        other.pk: "1 note",
    }
    addresses = [f"{notes_page(cast)}?lesson={hidden.pk}", f"{mine}?lesson={hidden.pk}", f"{mine}?lesson=x"]
    assert [client_of(cast.rapporteur).get(address).status_code for address in addresses] == [404, 404, 200]


def notes_page(cast: Cast, name: str = "note_list", session: Any = None) -> str:
    session = session or cast.session
    return reverse(f"lessons:{name}", args=[session.event.slug, session.pk])


def post_note(client: Client, cast: Cast, **fields: Any) -> Any:
    return client.post(
        notes_page(cast, "note_create", fields.pop("session", None)),
        {"text": "Rotate the seats", "language": "en", "once": "k1", **fields},
    )


def test_only_those_who_keep_the_record_come_to_it(cast: Cast) -> None:
    codes = {part: client_of(person).get(notes_page(cast)).status_code for part, person in cast.people().items()}

    keepers = {"coordinator", "hub_coordinator", "rapporteur"}
    assert codes == {part: 200 if part in keepers else 404 for part in codes}
    assert client_of(None).get(notes_page(cast)).status_code == 302


def test_a_note_is_kept_once_however_often_it_is_sent(cast: Cast) -> None:
    client = client_of(cast.rapporteur)

    first, second = post_note(client, cast), post_note(client, cast)

    assert [note.text for note in Note.objects.all()] == ["Rotate the seats"]
    assert [answer["Location"] for answer in (first, second)] == [notes_page(cast) + "#id_text"] * 2
    assert first.cookies["saved"].value == "k1"


def test_the_same_form_with_other_words_loses_nothing(cast: Cast) -> None:
    client = client_of(cast.rapporteur)
    post_note(client, cast)

    answer = post_note(client, cast, text="And pay the secretariat")

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert answer.context["form"]["text"].value() == "And pay the secretariat"
    resent = answer.context["form"]["once"].value()
    post_note(client, cast, text="And pay the secretariat", once=resent)
    assert {note.text for note in Note.objects.all()} == {"Rotate the seats", "And pay the secretariat"}


def test_a_closed_session_offers_no_speaker_and_takes_none(cast: Cast) -> None:
    closed = make.session(cast.event, access=AccessMode.CLOSED)
    make.rapporteur(closed, cast.rapporteur)
    part = Participation.objects.get(event=cast.event, person=cast.participant)
    client = client_of(cast.rapporteur)

    assert "speaker" in client.get(notes_page(cast)).context["form"].fields
    assert "speaker" not in client.get(notes_page(cast, session=closed)).context["form"].fields
    post_note(client, cast, session=closed, speaker=part.pk)
    assert Note.objects.get().speaker is None


def test_the_name_of_a_waiting_speaker_is_not_in_the_record(cast: Cast) -> None:
    part = Participation.objects.get(event=cast.event, person=cast.participant)
    client = client_of(cast.rapporteur)
    post_note(client, cast, speaker=part.pk)

    page = client.get(notes_page(cast)).content.decode()
    record = page[page.index('class="part"') :]

    assert "Participant" not in record
    assert "waiting for the speaker" in record


def test_a_speaker_says_by_sign_in_and_the_record_shows_it(cast: Cast) -> None:
    part = Participation.objects.get(event=cast.event, person=cast.participant)
    post_note(client_of(cast.rapporteur), cast, speaker=part.pk)
    note = Note.objects.get()
    speaker = client_of(cast.participant)

    assert [row.pk for row in speaker.get(reverse("lessons:note_own")).context["waiting"]] == [note.pk]
    address = reverse("lessons:note_attribute", args=[note.pk])
    for other in (cast.rapporteur, cast.coordinator, cast.outsider):
        assert client_of(other).post(address, {"attribution": Attribution.NAMED}).status_code == 404
    assert speaker.post(address, {"attribution": Attribution.NAMED}).status_code == 302

    page = client_of(cast.rapporteur).get(notes_page(cast)).content.decode()
    assert "Participant" in page[page.index('class="part"') :]


def test_a_speaker_without_an_account_says_by_their_invitation(cast: Cast) -> None:
    happens_now(cast)
    guest = make.person(account=False)
    part = make.participation(cast.event, guest, nonce="n1", state=ParticipationState.INVITED)
    post_note(client_of(cast.rapporteur), cast, speaker=part.pk)
    note, token = Note.objects.get(), sign_link(part.pk, "n1", guest.email)

    assert reverse("lessons:note_own_by_link", args=[token]) in Message.objects.get().body
    page = client_of(None).get(reverse("lessons:note_own_by_link", args=[token]))
    assert ([row.pk for row in page.context["waiting"]], page["Cache-Control"]) == ([note.pk], "no-store, private")
    address = reverse("lessons:note_attribute_by_link", args=[token, note.pk])
    assert client_of(None).post(address, {"attribution": Attribution.NAMED}).status_code == 302
    note.refresh_from_db()
    assert note.attribution == Attribution.NAMED

    part.nonce = "n2"
    part.save()
    assert client_of(None).get(address).status_code == 404


def test_a_link_opens_no_note_of_another(cast: Cast) -> None:
    happens_now(cast)
    guest = make.person(account=False)
    part = make.participation(cast.event, guest, nonce="n1")
    note = make.note(cast.session, speaker=cast.participant)

    address = reverse("lessons:note_attribute_by_link", args=[sign_link(part.pk, "n1"), note.pk])
    assert client_of(None).post(address, {"attribution": Attribution.NAMED}).status_code == 404


def test_two_who_change_a_note_do_not_overwrite_each_other(cast: Cast) -> None:
    note = make.note(cast.session, "First words")
    address = reverse("lessons:note_edit", args=[note.pk])
    mine, theirs = client_of(cast.rapporteur), client_of(cast.hub_coordinator)
    opened = mine.get(address).context["form"]["version"].value()
    theirs.post(address, {"text": "Their words", "language": "en", "version": opened})

    refused = mine.post(address, {"text": "My words", "language": "en", "version": opened})

    note.refresh_from_db()
    assert (note.text, refused.context["form"]["text"].value()) == ("Their words", "My words")
    again = refused.context["form"]["version"].value()
    mine.post(address, {"text": "My words", "language": "en", "version": again})
    note.refresh_from_db()
    assert note.text == "My words"


def test_a_note_is_withdrawn_by_its_speaker_and_its_keepers_only(cast: Cast) -> None:
    for who, gone in ((cast.outsider, False), (cast.editor, False), (cast.participant, True), (cast.rapporteur, True)):
        note = make.note(cast.session, speaker=cast.participant)
        answer = client_of(who).post(reverse("lessons:note_withdraw", args=[note.pk]))
        assert (answer.status_code, Note.objects.filter(pk=note.pk).exists()) == ((302, False) if gone else (404, True))


# ── Lessons ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [1, 30])
def test_the_record_costs_the_same_however_long(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        note = make.note(
            cast.session, speaker=cast.participant, attribution=Attribution.ORGANISATION, attributed_at=cast.session.created_at,
            organisation=cast.kwale.organisation,
        )  # fmt: skip
        make.lesson(session=cast.session, event=cast.event).notes.add(note)
    client = client_of(cast.rapporteur)
    client.get(notes_page(cast))

    with django_assert_num_queries(8):
        client.get(notes_page(cast))
