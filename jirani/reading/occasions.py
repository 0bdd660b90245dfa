"""The occasion on which a lesson was told: an event and a session of it. Or the outcome from which a good practice grew."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from jirani.commitments.models import Outcome
from jirani.events.models import Event, Session
from jirani.events.permissions import can_note_session
from jirani.lessons.models import Lesson, Note

from .chain import ChainLink, record_link
from .figures import notes_words
from .seen import seen


def with_occasion(lessons: QuerySet[Lesson], user: Any) -> QuerySet[Lesson]:
    """Load the event and the session in which each was told, and whether the reader may see them; and the outcomes that they
    may see from which a good practice grew. One more query.
    """
    return with_places(lessons, user).prefetch_related(Prefetch("grew_from", roots(user), to_attr="shown_roots"))


def with_places(lessons: QuerySet[Lesson], user: Any) -> QuerySet[Lesson]:
    """Load the event and the session in which each was told, and whether the reader may see them; no extra query."""
    return lessons.select_related("event", "session__event").annotate(
        event_seen=seen(Event.objects.visible_to(user), "event_id"),
        session_seen=seen(Session.objects.visible_to(user), "session_id"),
    )


def roots(user: Any) -> QuerySet[Outcome]:
    """Return outcomes that the reader may see, the latest first, for a good practice that grew from them."""
    found = Outcome.objects.visible_to(user).select_related("commitment__organisation")
    return found.order_by(F("observed_on").desc(nulls_last=True), "-id")


def occasion_of(lesson: Any) -> list[Any]:
    """Return the event and the session of a lesson of `with_occasion` and what it grew from, as far as the reader may see them."""
    if lesson is None:
        return []
    grown = [[root, root.commitment] for root in lesson.shown_roots]
    return [lesson.event if lesson.event_seen else None, lesson.session if lesson.session_seen else None, *grown]


def links_before(lesson: Any, user: Any) -> list[ChainLink]:
    """Return the links of a lesson's chain before its own: what it grew from, where it was told, and which notes it was made of.

    `lesson` is of `with_occasion`. One query, none for a visitor.
    """
    links = _growth(lesson)
    if lesson.event_seen:
        links.append(record_link("event", lesson.event))
    elif lesson.event_id:
        links.append(ChainLink("event", gettext("At an event that is not public.")))
    if lesson.session_seen:
        links.append(record_link("session", lesson.session))
    elif lesson.session_id:
        links.append(ChainLink("session", gettext("In a session that is not public.")))
    if lesson.session_id:
        links.append(notes_link(lesson.session, user, lesson))
    return links


def _growth(lesson: Any) -> list[ChainLink]:
    """Return the outcome from which a good practice grew, and that outcome's commitment."""
    if not lesson.shown_roots:
        return []
    outcome = lesson.shown_roots[0]
    return [record_link("commitment", outcome.commitment), record_link("outcome", outcome, "change")]


def notes_link(session: Session, user: Any, lesson: Lesson | None = None) -> ChainLink:
    """Return how many notes of a session (those that became `lesson`, if given) the reader may see, and where; empty if none.

    Its keepers find all of them, others what they said themselves. Queries only for somebody signed in.
    """
    if not user.is_authenticated:
        return ChainLink("notes")
    if can_note_session(user, session):
        notes, asked = session.notes.all(), {}
        page = reverse("lessons:note_list", args=[session.event.slug, session.pk])
    else:
        notes = Note.objects.attributable_by(user).filter(session=session)
        page, asked = reverse("lessons:note_own"), {"session": session.pk}
    if lesson:
        notes, asked = notes.filter(lessons=lesson), {**asked, "lesson": lesson.pk}
    count = notes.count()
    if not count:
        return ChainLink("notes")
    return ChainLink("notes", notes_words(count), f"{page}?{urlencode(asked)}" if asked else page)
