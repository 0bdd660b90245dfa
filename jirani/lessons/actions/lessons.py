"""Lessons: written from notes, previewed, published, withdrawn."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, record
from jirani.core.enums import AccessMode, Publication, narrower_than
from jirani.core.models import Shared
from jirani.core.permissions import require
from jirani.events.models import Session
from jirani.events.permissions import can_edit_event, can_note_session
from jirani.events.registry import narrow_what_follows
from jirani.lessons.enums import Attribution, LessonKind
from jirani.lessons.models import Lesson, Note
from jirani.lessons.permissions import can_edit_lesson, can_write_lesson
from jirani.members.models import Person

from .narrowing import hold

#: Modes from the widest to the narrowest.
WIDTH = (AccessMode.PUBLIC, AccessMode.NETWORK, AccessMode.CLOSED)

Links = Mapping[str, Iterable[models.Model]]


def modes_within(*records: Shared | None) -> list[AccessMode]:
    """The modes that something made of these records may have: never wider than the narrowest of them."""
    narrowest = max((WIDTH.index(AccessMode(record.access)) for record in records if record is not None), default=0)
    return list(WIDTH[narrowest:])


def write_lesson(lesson: Lesson, *, links: Links, by: User) -> Lesson:
    """Keep a new lesson as a draft. `lesson` is unsaved; `links` holds its themes, notes, authorities by field name.

    Raises ValidationError for what the rules of access or attribution forbid.
    """
    require(_may_write(by, lesson))
    with transaction.atomic():
        hold(lesson)
        _check(lesson, links)
        lesson.state, lesson.writer = Publication.DRAFT, Person.objects.filter(user=by).first()
        lesson.save()
        _link(lesson, links)
        record("lessons.write_lesson", lesson, by=by)
    return lesson


def edit_lesson(lesson: Lesson, *, links: Links, by: User, version: str = "") -> Lesson:
    """Save a changed lesson; what was made of it is shown no wider than it. Raises ChangedMeanwhile where somebody else has saved
    since `version`.
    """
    with transaction.atomic():
        hold(lesson)
        stored = lock_unchanged(lesson, version)
        require(can_edit_lesson(by, stored))
        named = set(stored.authorities.values_list("pk", flat=True))
        _check(lesson, {"notes": stored.notes.all(), "authorities": stored.authorities.all(), **links}, named=named)
        if stored.state == Publication.PUBLISHED:
            _check_complete(lesson)
        lesson.state, lesson.published_at = stored.state, stored.published_at
        lesson.save()
        _link(lesson, links)
        record("lessons.edit_lesson", lesson, by=by)
        if lesson.access in narrower_than(stored.access):
            narrow_what_follows(lesson, by=by)
    return lesson


def publish_lesson(lesson: Lesson, *, by: User) -> Lesson:
    """Show a lesson to those whom its mode lets see it. Publishing again what was withdrawn keeps its first day."""
    with transaction.atomic():
        hold(lesson)
        lesson = Lesson.objects.select_for_update(of=("self",)).get(pk=lesson.pk)
        require(can_edit_lesson(by, lesson))
        if lesson.state == Publication.PUBLISHED:
            return lesson
        named = set(lesson.authorities.values_list("pk", flat=True))
        _check(lesson, {"notes": lesson.notes.all(), "authorities": lesson.authorities.all()}, named=named)
        _check_complete(lesson)
        lesson.state = Publication.PUBLISHED
        lesson.published_at = lesson.published_at or timezone.now()
        lesson.save(update_fields=["state", "published_at", "updated_at"])
        record("lessons.publish_lesson", lesson, by=by)
    return lesson


def withdraw_lesson(lesson: Lesson, *, by: User) -> Lesson:
    """Take a lesson back: whatever shows it looks again and no longer finds it."""
    with transaction.atomic():
        lesson = Lesson.objects.select_for_update(of=("self",)).get(pk=lesson.pk)
        require(can_edit_lesson(by, lesson))
        if lesson.state != Publication.PUBLISHED:
            return lesson
        lesson.state = Publication.WITHDRAWN
        lesson.save(update_fields=["state", "updated_at"])
        record("lessons.withdraw_lesson", lesson, by=by)
    return lesson


def _may_write(by: User, lesson: Lesson) -> bool:
    if lesson.session is not None:
        return can_note_session(by, lesson.session)
    if lesson.event is not None:
        return can_edit_event(by, lesson.event)
    return can_write_lesson(by)


def _link(lesson: Lesson, links: Links) -> None:
    for name, records in links.items():
        getattr(lesson, name).set(records)


def _check(lesson: Lesson, links: Links, *, named: Collection[int] = ()) -> None:
    """The rules that hold for drafts too: access no wider than the room's, nothing told that a note does not tell.

    `named` are the cities that it names already.
    """
    notes: list[Any] = list(links.get("notes", ()))
    if any(note.session_id != lesson.session_id for note in notes):
        raise ValidationError({"notes": _("A lesson is made of notes of its own session.")})
    if lesson.access not in modes_within(lesson.event, lesson.session):
        raise ValidationError({"access": _("A lesson is never shared wider than the session it comes from.")})
    if (lesson.kind == LessonKind.RECOMMENDATION) != bool(lesson.addressee):
        raise ValidationError({"addressee": _addressee_fault(lesson)})
    told = {authority.pk for authority in links.get("authorities", ())}
    fault = untold_fault(lesson.session, notes, told) or _circumvented(lesson, notes, told, named)
    if fault:
        raise ValidationError({"authorities": fault})


def _addressee_fault(lesson: Lesson) -> str:
    if lesson.addressee:
        return _("Only a recommendation has an addressee.")
    return _("Choose to whom the recommendation speaks.")


def untold_fault(session: Session | None, notes: Iterable[Note], told: set[int]) -> str:
    """Why these authorities must not be named with these notes, or "". A note that tells its own lets that one be named."""
    told = told - {note.authority_id for note in notes if note.attribution != Attribution.UNATTRIBUTED}
    if not told:
        return ""
    if session is not None and session.is_closed:
        return _("This session is closed: where a lesson comes from does not leave the room. Leave this empty.")
    if any(note.is_waiting or note.is_settled for note in notes):
        return _(
            "A speaker has not said, or does not want, that their city is named with one of these notes. "
            "Leave the city out, or leave that note out."
        )
    return ""


def _circumvented(lesson: Lesson, notes: list[Note], told: set[int], named: Collection[int]) -> str:
    """Why cities must not be named although the notes that forbid it were left out of the lesson, or "".

    While anybody who spoke in the session has not said how they are attributed, no city is named by hand that was not named
    before, whichever note it would be about: to refuse some cities only would tell where the speaker comes from. And where the
    words of a note still stand in the lesson, it is made of it, ticked or not.
    """
    session = lesson.session
    told = told - {note.authority_id for note in notes if note.attribution != Attribution.UNATTRIBUTED}
    if session is None or not told:
        return ""
    if told - set(named) and session.notes.waiting().exists():
        return _(
            "A speaker of this session has not said yet how they are attributed. Until they do, a city is named only with a note "
            "that tells it. Leave it out, or wait."
        )
    kept = {note.pk for note in notes}
    if any(note.is_settled and note.pk not in kept and _repeats(lesson, note) for note in session.notes.all()):
        return _(
            "The words of a note stand in this lesson whose speaker does not want their city named. Leave the city out, or leave "
            "these words out."
        )
    return ""


#: Words in a row by which a note is known again; fewer could stand in any text.
TELLING = 5


def _repeats(lesson: Lesson, note: Note) -> bool:
    said = _plain(note.text)
    return len(said.split()) >= TELLING and any(
        said in _plain(getattr(lesson, name)) for name in Lesson.translatable_fields
    )


def _plain(text: str) -> str:
    """The words alone, so that other spacing, capitals and punctuation do not make other words of them."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _check_complete(lesson: Lesson) -> None:
    if not lesson.body.strip():
        raise ValidationError({"body": _("Tell the lesson in a few sentences before it is published.")})
