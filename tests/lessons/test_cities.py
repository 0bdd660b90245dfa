"""Cities chosen by hand: a lesson names none that a speaker has not agreed to have named."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jirani.events.models import Delegation
from jirani.lessons.actions import attribute_note
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Lesson
from tests import factories as make
from tests.cast import Cast, client_of

from .test_lessons import lesson_fields
from .test_notes import notes_page

pytestmark = pytest.mark.django_db


def test_leaving_a_waiting_note_out_does_not_let_a_city_be_named(cast: Cast) -> None:
    """Neither the speaker's city nor another is accepted: refusing only one would reveal where they come from."""
    for authority in (cast.kwale, cast.mombasa):
        Delegation.objects.create(event=cast.event, authority=authority)
    waiting = make.note(cast.session, speaker=cast.participant)
    client, address = client_of(cast.rapporteur), notes_page(cast, "session_lesson_create")
    for authority in (cast.kwale, cast.mombasa):
        answer = client.post(address, lesson_fields(authorities=[authority.pk]))
        assert list(answer.context["form"].errors) == ["authorities"]

    lesson = make.lesson(session=cast.session, event=cast.event, body="How", authorities=[cast.mombasa])
    lesson.notes.set([waiting])
    url = reverse("lessons:lesson_edit", args=[lesson.pk])
    before = lesson_fields(authorities=[cast.mombasa.pk], version=lesson.version)
    assert client.post(url, before | {"authorities": [cast.kwale.pk]}).status_code == 422, "another city is not named"
    assert client.post(url, before).status_code == 302, "what was named before the note was taken stays"

    attribute_note(waiting, Attribution.NAMED, by=cast.participant.user)  # type: ignore[arg-type]
    assert client.post(address, lesson_fields(authorities=[cast.kwale.pk])).status_code == 302


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("He said: rotate the seats – in PILLAR meetings, from July. It helped.", False),
        ("Seats go round.", True),
    ],
)
def test_words_of_a_settled_note_name_no_city_even_where_the_note_is_left_out(
    cast: Cast, body: str, named: bool
) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    note = make.note(cast.session, "Rotate the seats in pillar meetings, from July!", attributed_at=timezone.now())
    fields = lesson_fields(body=body, authorities=[cast.kwale.pk])
    answer = client_of(cast.rapporteur).post(notes_page(cast, "session_lesson_create"), fields)
    assert note.is_settled
    assert Lesson.objects.exists() is named
    assert named or list(answer.context["form"].errors) == ["authorities"]


@pytest.mark.parametrize(("said", "named"), [("Rotate the seats in July", False), ("Rotate the seats yearly", True)])
def test_five_words_in_a_row_are_a_note_and_four_could_stand_anywhere(cast: Cast, said: str, named: bool) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    make.note(cast.session, said, attributed_at=timezone.now())
    fields = lesson_fields(body=f"They {said}.", authorities=[cast.kwale.pk])
    client_of(cast.rapporteur).post(notes_page(cast, "session_lesson_create"), fields)
    assert Lesson.objects.exists() is named
