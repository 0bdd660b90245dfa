"""When a person is erased, their contributions stay without their name."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.core.registry import personal_erasers, personal_exporters
from jirani.lessons.actions.personal import keep
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Note
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def spoken(cast: Cast, attribution: str, **fields: Any) -> Note:
    return make.note(
        cast.session, typist=cast.rapporteur, speaker=cast.participant, attribution=attribution,
        attributed_at=cast.session.created_at, **fields,
    )  # fmt: skip


def test_what_is_held_about_a_person_is_exported(cast: Cast) -> None:
    note = spoken(cast, Attribution.NAMED)
    lesson = make.lesson(writer=cast.rapporteur)
    commitment = make.commitment(cast.kwale.organisation, writer=cast.rapporteur)
    export = personal_exporters()

    assert [row["text"] for row in export["lessons"](cast.participant)["notes_spoken"]] == [note.text]
    held = export["lessons"](cast.rapporteur)
    assert ([row["text"] for row in held["notes_typed"]], [row["title"] for row in held["lessons_written"]]) == (
        [note.text],
        [lesson.title],
    )
    written = export["commitments"](cast.rapporteur)["commitments_written"]
    assert [row["title"] for row in written] == [commitment.title]


def test_an_erased_speaker_is_named_nowhere_and_their_city_may_stay(cast: Cast) -> None:
    named = spoken(cast, Attribution.NAMED, organisation=cast.kwale.organisation, authority=cast.kwale)
    told = spoken(cast, Attribution.AUTHORITY, authority=cast.kwale)
    lesson = make.lesson(writer=cast.participant)
    commitment = make.commitment(cast.kwale.organisation, writer=cast.participant)

    for erase in personal_erasers().values():
        erase(cast.participant)

    for record in (named, told, lesson, commitment):
        record.refresh_from_db()
    assert (named.speaker, named.typist, named.authority, named.attribution) == (
        None,
        cast.rapporteur,
        cast.kwale,
        "authority",
    )
    assert named.organisation is None
    assert (told.speaker, told.authority, told.attribution) == (None, cast.kwale, Attribution.AUTHORITY)
    assert (lesson.writer, commitment.writer) == (None, None)


def test_whoever_said_lately_how_an_old_note_is_attributed_is_kept(cast: Cast) -> None:
    now = timezone.now()
    long_ago, before = now - timedelta(days=3 * 366), (now - timedelta(days=2 * 366)).date()
    notes = {moment: make.note(cast.session, speaker=make.person(account=False)) for moment in (long_ago, now)}
    for moment, note in notes.items():
        Note.objects.filter(pk=note.pk).update(created_at=long_ago, attribution="named", attributed_at=moment)
    assert list(keep(before)) == [notes[now].speaker]
