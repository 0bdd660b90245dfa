"""Where a lesson was told is shown only to people who may see it, also on the pages for writing it."""

from typing import Any

import pytest
from django.urls import reverse

from jirani.core.enums import AccessMode
from jirani.events.enums import EventState, ParticipationState
from jirani.events.models import Delegation, Participation
from jirani.lessons.enums import Publication
from jirani.lessons.models import Lesson
from tests import factories as make
from tests.cast import Cast, client_of

from .test_lessons import lesson_fields

pytestmark = pytest.mark.django_db


def pages(lesson: Lesson) -> list[str]:
    names = ("lessons:lesson_edit", "lessons:lesson_publish", "lessons:lesson_withdraw", "public:lesson_detail")
    return [reverse(name, args=[lesson.pk]) for name in names]


@pytest.mark.parametrize("state", Publication.values)
def test_an_editor_edits_every_lesson_but_those_of_closed_rooms(cast: Cast, state: Publication) -> None:
    codes: dict[tuple[str, str], set[int]] = {}
    for mode in AccessMode:
        lesson = make.lesson(event=cast.event, session=make.session(cast.event, access=mode), access=mode, state=state)
        for part in ("editor", "coordinator"):
            client = client_of(getattr(cast, part))
            codes[part, mode] = {client.get(address).status_code for address in pages(lesson)}
    shown = {("coordinator", mode): {200} for mode in AccessMode}
    assert codes == shown | {("editor", "public"): {200}, ("editor", "network"): {200}, ("editor", "closed"): {404}}


def test_an_editor_who_takes_part_reads_what_was_published_there(cast: Cast) -> None:
    make.participation(cast.event, cast.editor)
    lesson = make.lesson(event=cast.event, access=AccessMode.CLOSED)
    codes = [client_of(cast.editor).get(address).status_code for address in pages(lesson)]
    assert codes == [404, 404, 404, 200]


def shown(page: Any, cast: Cast) -> dict[str, bool]:
    """Return what a page reveals about where the lesson was told."""
    text = page.content.decode()
    return {
        "event": cast.event.title in text or cast.event.slug in text,
        "session": cast.session.title in text,
        "city": "Kwale County" in text,
    }


def written(cast: Cast) -> Lesson:
    """A lesson of the rapporteur's that names Kwale, which sent people to the event."""
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    return make.lesson(
        "Rotate", body="How", state=Publication.DRAFT, event=cast.event, session=cast.session, writer=cast.rapporteur,
        authorities=[cast.kwale],
    )  # fmt: skip


def test_of_an_event_that_is_no_draft_the_way_back_leads_there(cast: Cast) -> None:
    lesson = written(cast)
    keeper, editor = (client_of(who).get(pages(lesson)[0]) for who in (cast.rapporteur, cast.editor))
    assert shown(keeper, cast) == shown(editor, cast) == {"event": True, "session": True, "city": True}
    record = reverse("lessons:note_list", args=[cast.event.slug, cast.session.pk])
    session = reverse("public:session_detail", args=[cast.event.slug, cast.session.pk])
    ways = [
        [f'href="{address}"' in page.content.decode() for address in (record, session)] for page in (keeper, editor)
    ]
    assert ways == [[True, False], [False, True]]


def test_of_an_event_that_they_may_not_see_its_writer_and_an_editor_read_nothing(cast: Cast) -> None:
    lesson = written(cast)
    cast.event.state = EventState.DRAFT
    cast.event.save()
    Participation.objects.filter(person=cast.rapporteur).update(state=ParticipationState.CANCELLED)
    nothing = {"event": False, "session": False, "city": False}
    for who in (cast.rapporteur, cast.editor):
        client = client_of(who)
        seen = [shown(client.get(address), cast) for address in (*pages(lesson)[:3], reverse("desk:desk_detail"))]
        told_by_the_lesson = {**nothing, "city": True}  # as on its page
        assert seen == [nothing, told_by_the_lesson, nothing, nothing]
        client.post(pages(lesson)[0], lesson_fields(title=f"Changed by {who.name}"))
        lesson.refresh_from_db()
        assert (lesson.title, list(lesson.authorities.all())) == (f"Changed by {who.name}", [cast.kwale])
