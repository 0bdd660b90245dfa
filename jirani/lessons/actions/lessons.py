"""Lessons: written from notes, previewed, published, withdrawn."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, record, require_as_shown
from jirani.core.enums import AccessMode, narrower_than, no_wider_than
from jirani.core.models import Shared
from jirani.core.permissions import require
from jirani.events.permissions import can_edit_event, can_note_session
from jirani.events.registry import narrow_what_follows
from jirani.lessons.enums import LessonKind, Publication
from jirani.lessons.models import Lesson, Note
from jirani.lessons.permissions import can_edit_lesson, can_write_lesson
from jirani.members.models import Person

from .holding import hold_occasion
from .telling import circumvention_fault, naming_fault

Links = Mapping[str, Iterable[models.Model]]


def modes_within(*records: Shared | None) -> list[AccessMode]:
    """The modes that something made of these records may have: never wider than the narrowest of them."""
    return no_wider_than(*(record.access for record in records if record is not None))


def lesson_modes(lesson: Lesson) -> list[AccessMode]:
    """The modes that a lesson may have. One that was told at no event is not closed: an event's people alone read what is."""
    modes = modes_within(lesson.event, lesson.session)
    return modes if lesson.event is not None else [mode for mode in modes if mode != AccessMode.CLOSED]


def write_lesson(lesson: Lesson, *, links: Links, by: User) -> Lesson:
    """Keep a new lesson as a draft. `lesson` is unsaved; `links` holds its themes, notes, authorities by field name.

    Raises ValidationError for what the rules of access or attribution forbid.
    """
    require(_may_write(by, lesson))
    with transaction.atomic():
        hold_occasion(lesson)
        links = _as_they_are(links)
        _check_begun(lesson)
        _check(lesson, links)
        _check_readers(lesson)
        lesson.state, lesson.writer = Publication.DRAFT, Person.objects.filter(user=by).first()
        lesson.save()
        _link(lesson, links)
        record("lessons.write_lesson", lesson, by=by)
    return lesson


def edit_lesson(lesson: Lesson, *, links: Links, by: User, version: str = "") -> Lesson:
    """Save a changed lesson and narrow whatever was made of it. Raises ChangedMeanwhile if somebody else has saved
    since `version`.
    """
    with transaction.atomic():
        hold_occasion(lesson)
        stored, links = lock_unchanged(lesson, version), _as_they_are(links)
        require(can_edit_lesson(by, stored))
        named = set(stored.authorities.values_list("pk", flat=True))
        # A writer who may not see the notes is not offered them: the stored ones then still count.
        _check(lesson, {"notes": stored.notes.all(), "authorities": stored.authorities.all(), **links}, named=named)
        if lesson.access != stored.access:
            _check_readers(lesson)
        _check_begun(lesson)
        if stored.state == Publication.PUBLISHED:
            _check_complete(lesson)
        lesson.state, lesson.published_at = stored.state, stored.published_at
        lesson.save()
        _link(lesson, links)
        record("lessons.edit_lesson", lesson, by=by)
        if lesson.access in narrower_than(stored.access):
            narrow_what_follows(lesson, by=by)
    return lesson


def publish_lesson(lesson: Lesson, *, by: User, version: str = "") -> Lesson:
    """Show a lesson to the people whom its mode allows. Publishing a withdrawn lesson again keeps its first day.

    Raises ChangedMeanwhile if somebody has saved it since `version`: its text and its readers are those that `by` was shown.
    """
    with transaction.atomic():
        hold_occasion(lesson)
        lesson = lock_unchanged(lesson, "")
        require(can_edit_lesson(by, lesson))
        if lesson.state == Publication.PUBLISHED:
            return lesson
        require_as_shown(lesson, version)
        named = set(lesson.authorities.values_list("pk", flat=True))
        _check(lesson, {"notes": lesson.notes.all(), "authorities": lesson.authorities.all()}, named=named)
        _check_complete(lesson)
        _check_readers(lesson)
        lesson.state = Publication.PUBLISHED
        lesson.published_at = lesson.published_at or timezone.now()
        lesson.save(update_fields=["state", "published_at", "updated_at"])
        record("lessons.publish_lesson", lesson, by=by)
    return lesson


def withdraw_lesson(lesson: Lesson, *, by: User) -> Lesson:
    """Take a lesson back: whatever shows it looks again and no longer finds it."""
    with transaction.atomic():
        # Without the event and the session: a withdrawal shows less, whatever their mode has become.
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


def _as_they_are(links: Links) -> Links:
    """The links with their notes read again, once the room is held: a speaker may have said otherwise since the form was opened.

    Raises ValidationError if one was withdrawn, because its content must not be retyped.
    """
    if "notes" not in links:
        return links
    chosen = {note.pk for note in links["notes"]}
    notes = list(Note.objects.filter(pk__in=chosen))
    if len(notes) < len(chosen):
        words = _(
            "A note has since been withdrawn. Leave out of the lesson what only that note said, and choose again."
        )
        raise ValidationError({"notes": words})
    return {**links, "notes": notes}


def _link(lesson: Lesson, links: Links) -> None:
    for name, records in links.items():
        getattr(lesson, name).set(records)


def _check(lesson: Lesson, links: Links, *, named: Collection[int] = ()) -> None:
    """Check the rules that hold for drafts too: access no wider than the session's, and no city named that the notes
    don't allow.

    `named` are the cities that it names already.
    """
    notes: list[Any] = list(links.get("notes", ()))
    if any(note.session_id != lesson.session_id for note in notes):
        raise ValidationError({"notes": _("Choose notes of the lesson’s own session.")})
    if lesson.access not in modes_within(lesson.event, lesson.session):
        raise ValidationError({"access": _("A lesson is never shared more widely than the session it comes from.")})
    if lesson.addressees and lesson.kind != LessonKind.RECOMMENDATION:
        raise ValidationError({"addressees": _("Only a recommendation has addressees.")})
    if fault := cities_fault(lesson, links, named):
        raise ValidationError({"authorities": fault})


def cities_fault(lesson: Lesson, links: Links, named: Collection[int] = ()) -> str:
    """Return why the cities of `links` must not be named with its notes, or "". `named` are those that the lesson names already."""
    notes: list[Any] = list(links.get("notes", ()))
    told = {authority.pk for authority in links.get("authorities", ())}
    return naming_fault(lesson.session, notes, told) or circumvention_fault(lesson, notes, told, named)


def what_is_missing(lesson: Lesson) -> dict[str, str]:
    """Return, by field, what a lesson needs to be published. A draft is saved however incomplete."""
    missing: dict[str, str] = {}
    if not lesson.kind:
        missing["kind"] = _("Choose what it is: a lesson, a good practice, a challenge or another kind.")
    if lesson.kind == LessonKind.RECOMMENDATION and not lesson.addressees:
        missing["addressees"] = _("Choose who the recommendation is for.")
    if not lesson.title:
        missing["title"] = _("Give it a title: a sentence that somebody else can repeat.")
    if not lesson.body.strip():
        missing["body"] = _("Describe the lesson in a few sentences before it is published.")
    return missing


def _check_complete(lesson: Lesson) -> None:
    if missing := what_is_missing(lesson):
        raise ValidationError(missing)


def _check_begun(lesson: Lesson) -> None:
    """Refuse a lesson in which nothing is written: it would be a page that says nothing."""
    if not any(getattr(lesson, name) for name in lesson.translatable_fields):
        raise ValidationError(_("Write something first: a title, or a few words of what was learned."))


def _check_readers(lesson: Lesson) -> None:
    if lesson.access not in lesson_modes(lesson):
        raise ValidationError({"access": _("Choose more people: without an event nobody could read it.")})
