"""Rows of what is said, noted and learned in sessions."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.events.enums import EventState, SessionKind
from jirani.events.models import Event, Session
from jirani.lessons.actions import what_is_missing
from jirani.lessons.enums import Publication
from jirani.lessons.models import Lesson, Note

from .rows import MOST, Row


def words_wanted(user: Any) -> list[Row]:
    """Return notes of what they said whose attribution they have not decided."""
    notes = Note.objects.attributable_by(user).filter(attributed_at__isnull=True).select_related("session__event")
    return [
        Row(
            (note.session.event, "title"),
            _("Say how what you said in “%(about)s” may be attributed."),
            (note.session, "title"),
            address := reverse("lessons:note_attribute", args=[note.pk]),
            _("Say how"),
            address,
            since=_held_on(note.session),
        )
        for note in notes.order_by("-created_at", "pk")[:MOST]
    ]


def draft_lessons(user: Any) -> list[Row]:
    """Drafts that they began, or that were begun in a session whose record they keep."""
    own = Q(writer__user=user) | Q(session__in=Session.objects.kept_by(user).values("pk"))
    drafts: Any = Lesson.objects.filter(own, state=Publication.DRAFT).select_related("event")
    drafts = drafts.annotate(event_seen=Q(event__in=Event.objects.visible_to(user).values("pk")))
    return [
        Row(
            (lesson.event, "title") if lesson.event_seen else _("Lesson"),
            _("Finish and publish: %(about)s"),
            (lesson, "title"),
            address := reverse("lessons:lesson_edit", args=[lesson.pk]),
            _("Continue"),
            address,
            since=timezone.localdate(lesson.updated_at),
            missing=tuple(what_is_missing(lesson).values()),
        )
        for lesson in drafts.order_by("-updated_at")[:MOST]
    ]


def kept_by(user: Any) -> list[Any]:
    """Sessions whose record they keep and in which something is left to do: `untold` ones have no lesson yet, of `unsaid` ones
    a speaker has not said how a note may be attributed.
    """
    untold = Q(event__state=EventState.PUBLISHED) & ~Exists(Lesson.objects.filter(session=OuterRef("pk")))
    unsaid = Exists(Note.objects.waiting().filter(session=OuterRef("pk")))
    sessions = Session.objects.kept_by(user).exclude(kind=SessionKind.BREAK)
    return list(
        sessions.annotate(untold=Case(When(untold, then=True), default=False), unsaid=unsaid)
        .filter(Q(untold=True) | Q(unsaid=True))
        .select_related("event")
        .order_by("held_on", "id")[: 2 * MOST]
    )


def sessions_to_note(kept: list[Any]) -> list[Row]:
    """Sessions of which they keep the record and that have no lesson yet."""
    today = timezone.localdate()
    return [
        Row(
            (session.event, "title"),
            _("Keep the record of “%(about)s”."),
            (session, "title"),
            address := reverse("lessons:note_list", args=[session.event.slug, session.pk]),
            _("Type notes"),
            address,
            on=day if day >= today else None,
            since=day if day < today else None,
        )
        for session in kept
        if session.untold and (day := _held_on(session))
    ]


def unsaid(kept: list[Any]) -> list[Row]:
    """Sessions of theirs in which a speaker has not said how a note may be attributed."""
    return [
        Row(
            (session.event, "title"),
            _("Speakers of “%(about)s” have not said yet how their words may be attributed."),
            (session, "title"),
            address := reverse("lessons:note_list", args=[session.event.slug, session.pk]),
            _("See the notes"),
            address,
            since=_held_on(session),
        )
        for session in reversed(kept)
        if session.unsaid
    ]


def _held_on(session: Session) -> Any:
    return session.held_on or session.event.ends_on
