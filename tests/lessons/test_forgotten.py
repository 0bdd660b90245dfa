"""An unattributed note leads to nobody: not by its form, its numbers, the letter to its speaker, nor a cookie."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from jirani.accounts.models import User
from jirani.audit.actions import record
from jirani.audit.models import Entry, Submission
from jirani.events.enums import ParticipationState
from jirani.events.models import Participation
from jirani.lessons.actions import attribute_note, edit_note, narrow_note, withdraw_note
from jirani.lessons.actions.personal import erase_person
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Note
from jirani.members.enums import Sector
from jirani.notifications.actions import deliver_due
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of, user_of

from .test_attribution import NOBODY, links_of, said, speaker_of

pytestmark = pytest.mark.django_db

FIRST_RANDOM = 2**52


def notes_of(cast: Cast) -> str:
    return f"/en/events/{cast.event.slug}/sessions/{cast.session.pk}/notes/"


def form_of(client: Client, cast: Cast, **fields: Any) -> dict[str, Any]:
    page = client.get(notes_of(cast)).content.decode()
    once = page.split('name="once" value="')[1].split('"', maxsplit=1)[0]
    return {"text": "Rotate the seats", "language": "en", "speaker": "", "once": once, **fields}


def holding(value: object) -> set[str]:
    """The models of which some row holds a value, or a text in which it occurs."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            texts = isinstance(field, models.CharField | models.TextField | models.JSONField)
            column = model._base_manager.values_list(field.attname, flat=True)
            if any(str(value) in str(held) if texts else str(held) == str(value) for held in column):
                found.add(model.__name__)
    return found


def sent() -> list[tuple[Any, str]]:
    return [(row.made, row.digest) for row in Submission.objects.all()]


@pytest.fixture
def letters(settings: Settings, tmp_path: Path) -> Path:
    """Return the folder of messages that is used if no SMTP server is set."""
    settings.EMAIL_BACKEND = "jirani.notifications.backends.FilesAndConsole"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def test_a_speaker_who_wants_nobody_to_know_is_forgotten_everywhere(
    cast: Cast, letters: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    keeper, part = client_of(cast.rapporteur), speaker_of(cast)
    form = form_of(keeper, cast, speaker=part.pk)
    assert keeper.post(f"{notes_of(cast)}new/", form).status_code == 302
    note = Note.objects.get()
    deliver_due()
    assert (len(list(letters.iterdir())), Message.objects.count()) == (1, 1)
    assert holding(note.pk) == {"Note", "Entry", "Submission"}
    assert form["once"] not in "".join(Submission.objects.values_list("key", "digest").get())

    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(cast.participant).post(
            f"/en/notes/{note.pk}/attribution/", {"attribution": Attribution.UNATTRIBUTED}
        )
    assert answer.status_code == 302

    assert links_of(note) == NOBODY
    assert holding(note.pk) == {"Note", "Entry"}
    assert holding(form["once"]) == set()
    assert (list(letters.iterdir()), Message.objects.count()) == ([], 0)
    assert sent() == [(cast.session, "")]
    again = keeper.post(f"{notes_of(cast)}new/", form)
    assert (again.status_code, Note.objects.count()) == (422, 1)
    assert "This form was sent before" in again.content.decode()


def test_a_note_without_a_speaker_is_remembered_by_its_session(cast: Cast) -> None:
    keeper = client_of(cast.rapporteur)
    form = form_of(keeper, cast)
    answers = [keeper.post(f"{notes_of(cast)}new/", form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    note = Note.objects.get()
    assert holding(note.pk) == {"Note", "Entry"}
    assert holding(form["once"]) == set()
    assert [made for made, _digest in sent()] == [cast.session]
    assert (answers[0].cookies["saved"].value, answers[0].cookies["saved"]["max-age"]) == (form["once"], 60)


def test_neither_a_number_nor_a_gap_tells_when(cast: Cast) -> None:
    before = record("tests.before", cast.session)
    note = said(cast)
    attribute_note(note, Attribution.UNATTRIBUTED, by=user_of(cast.participant))
    edit_note(note, text="Rotate them", language="en", by=user_of(cast.rapporteur))
    after = record("tests.after", cast.session)

    kind = ContentType.objects.get_for_model(Note)
    numbers = [note.pk, *Entry.objects.filter(content_type=kind, object_id=note.pk).values_list("pk", flat=True)]
    assert len(numbers) == 4
    assert min(numbers) >= FIRST_RANDOM
    assert after.pk == before.pk + 1
    assert numbers != sorted(numbers) or len(set(numbers)) == 4
    assert [said_now.pk for said_now in Note.objects.all()] == [note.pk]


@pytest.mark.parametrize("way", ["speaker", "keeper", "withdrawn", "erased"])
def test_the_letter_to_a_speaker_goes_with_the_last_note_of_theirs(cast: Cast, way: str) -> None:
    part = speaker_of(cast)
    notes = [said(cast, speaker=part), said(cast, speaker=part)]
    elsewhere = make.session(make.event(), "Another room")
    make.note(elsewhere, speaker=cast.participant)
    asked = Message.objects.get(kind="lessons.word_wanted")

    def let_go(note: Note) -> None:
        match way:
            case "speaker":
                attribute_note(note, Attribution.UNATTRIBUTED, by=user_of(cast.participant))
            case "keeper":
                narrow_note(note, Attribution.UNATTRIBUTED, by=user_of(cast.rapporteur))
            case "withdrawn":
                withdraw_note(note, by=user_of(cast.participant))
            case _:
                Note.objects.filter(pk=note.pk).update(attribution=Attribution.AUTHORITY, attributed_at=note.created_at)

    let_go(notes[0])
    assert list(Message.objects.all()) == [asked]
    let_go(notes[1])
    if way == "erased":
        erase_person(cast.participant)
    assert list(Message.objects.all()) == []


def test_a_withdrawn_note_leaves_its_form_nothing(cast: Cast) -> None:
    keeper = client_of(cast.rapporteur)
    keeper.post(f"{notes_of(cast)}new/", form_of(keeper, cast, speaker=speaker_of(cast).pk))
    note = Note.objects.get()
    number = note.pk
    withdraw_note(note, by=User.objects.get(person=cast.participant))

    assert holding(number) == {"Entry"}
    assert sent() == [(cast.session, "")]


def test_a_sector_is_told_only_as_long_as_three_present_share_it(cast: Cast) -> None:
    attribute_note(said(cast, crowd=3), Attribution.SECTOR, by=user_of(cast.participant))
    keeper = client_of(cast.rapporteur)
    alike = Participation.objects.filter(event=cast.event, sector=Sector.HEALTH).order_by("pk")

    def told() -> str:
        page = keeper.get(notes_of(cast)).content.decode()
        row = page.split("Rotate the seats")[1]
        return row.split('<p class="quiet">')[1].split("</p>")[0].strip()

    seen = [told()]
    for came in range(1, 4):
        alike.filter(pk__in=list(alike.values_list("pk", flat=True)[:came])).update(state=ParticipationState.ATTENDED)
        seen.append(told())
    assert seen == ["Health", "Unattributed", "Unattributed", "Health"]
    alike.filter(pk=alike[0].pk).update(sector=Sector.YOUTH)
    assert told() == "Unattributed"
