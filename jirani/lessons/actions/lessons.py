"""Lessons: written from notes, previewed, published, withdrawn."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, record
from jirani.core.enums import AccessMode, Publication
from jirani.core.models import Shared
from jirani.core.permissions import require
from jirani.events.models import Session
from jirani.events.permissions import can_edit_event, can_note_session
from jirani.lessons.enums import Attribution, LessonKind
from jirani.lessons.models import Lesson, Note
from jirani.lessons.permissions import can_edit_lesson, can_write_lesson
from jirani.members.models import Person

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
    _check(lesson, links)
    with transaction.atomic():
        lesson.state, lesson.writer = Publication.DRAFT, Person.objects.filter(user=by).first()
        lesson.save()
        _link(lesson, links)
        record("lessons.write_lesson", lesson, by=by)
    return lesson


def edit_lesson(lesson: Lesson, *, links: Links, by: User, version: str = "") -> Lesson:
    """Save a changed lesson. Raises ChangedMeanwhile where somebody else has saved since `version`."""
    with transaction.atomic():
        stored = lock_unchanged(lesson, version)
        require(can_edit_lesson(by, stored))
        _check(lesson, {"notes": stored.notes.all(), "authorities": stored.authorities.all(), **links})
        if stored.state == Publication.PUBLISHED:
            _check_complete(lesson)
        lesson.state, lesson.published_at = stored.state, stored.published_at
        lesson.save()
        _link(lesson, links)
        record("lessons.edit_lesson", lesson, by=by)
    return lesson


def publish_lesson(lesson: Lesson, *, by: User) -> Lesson:
    """Show a lesson to those whom its mode lets see it. Publishing again what was withdrawn keeps its first day."""
    with transaction.atomic():
        lesson = Lesson.objects.select_for_update(of=("self",)).get(pk=lesson.pk)
        require(can_edit_lesson(by, lesson))
        if lesson.state == Publication.PUBLISHED:
            return lesson
        _check(lesson, {"notes": lesson.notes.all(), "authorities": lesson.authorities.all()})
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


def _check(lesson: Lesson, links: Links) -> None:
    """The rules that hold for drafts too: access no wider than the room's, nothing told that a note does not tell."""
    notes: list[Any] = list(links.get("notes", ()))
    if any(note.session_id != lesson.session_id for note in notes):
        raise ValidationError({"notes": _("A lesson is made of notes of its own session.")})
    if lesson.access not in modes_within(lesson.event, lesson.session):
        raise ValidationError({"access": _("A lesson is never shared wider than the session it comes from.")})
    if (lesson.kind == LessonKind.RECOMMENDATION) != bool(lesson.addressee):
        raise ValidationError({"addressee": _addressee_fault(lesson)})
    told = {authority.pk for authority in links.get("authorities", ())}
    if fault := untold_fault(lesson.session, notes, told):
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


def _check_complete(lesson: Lesson) -> None:
    if not lesson.body.strip():
        raise ValidationError({"body": _("Tell the lesson in a few sentences before it is published.")})
