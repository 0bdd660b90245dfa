"""One session of an event: when, in which languages, and what was learned in it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jirani.core.routes import made_once, public
from jirani.events.models import Event, Session
from jirani.events.permissions import can_note_session
from jirani.lessons.models import Lesson
from jirani.public.text import Reach, activities_words, chain, lessons_words, outcomes_words, reach_words
from jirani.ui.text import ChainLink, language

from .showing import show
from .spine import lesson_rows, link_in_chain, notes_in, reach_of, records_in, taken_up, way, with_origins

#: Lessons that a session's page names; there are few in one session.
LESSONS = 30


@public
@made_once()
def session_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One session. Of a closed one neither host nor anybody's affiliation is shown."""
    user = request.user
    rows = Session.objects.visible_to(user).filter(event__in=Event.objects.visible_to(user).filter(slug=slug))
    session: Any = get_object_or_404(rows.select_related("event", "host"), pk=pk)
    session.begins, session.ends = moments(session)
    lessons = Lesson.objects.visible_to(user).published().filter(session=session)
    learned = lesson_rows(with_origins(lessons.order_by("-published_at", "-id"))[:LESSONS], user)
    reach, count = reach_of(taken_up(user).filter(lesson__in=lessons.values("pk")), user), lessons.count()
    may_note = user.is_authenticated and can_note_session(user, session)
    notes = notes_in(session, user)
    context = {
        "session": session,
        "event": session.event,
        "host": session.told_host,
        "learned": learned,
        "count": count,
        "kept": notes[0],
        "keep": way("lessons:note_list", slug, pk) if may_note else "",
        "interpretation": [language(code) for code in session.interpretation],
        "chain": lambda: _chain(session, count, notes, reach),
    }
    return show(request, "public/session_detail.html", context, session.event, records_in(context))


def moments(session: Session) -> tuple[datetime | None, datetime | None]:
    """When it begins and ends for a reader anywhere; nothing where day, hour or zone is not known."""
    hours = session.hours
    return (hours.moments() if hours else None) or (None, None)


def _chain(session: Session, lessons: int, notes: tuple[str, str], reach: Reach) -> list[ChainLink]:
    event = session.event
    here = f"?session={session.pk}"
    return chain(
        "session",
        event=link_in_chain(event, reverse("public:event_detail", args=[event.slug])),
        notes=notes,
        lesson=(lessons_words(lessons), "#lessons"),
        commitments=(reach_words(reach), reverse("public:commitment_list") + here),
        activities=(activities_words(reach.activities), reverse("public:commitment_list") + here),
        outcomes=(outcomes_words(reach.outcomes), reverse("public:outcome_list") + here),
    )
