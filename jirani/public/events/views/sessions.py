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
from jirani.reading.chain import ChainLink, chain, record_link
from jirani.reading.figures import activities_words, lessons_words, outcomes_words
from jirani.reading.lessons import lesson_rows
from jirani.reading.occasions import notes_link
from jirani.reading.origins import with_origins
from jirani.reading.pledges import taken_up
from jirani.reading.reach import Reach, reach_of, reach_words
from jirani.reading.showing import records_in, show
from jirani.ui.text import language

#: How many lessons a session's page names; one session has few.
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
    notes = notes_link(session, user)
    context = {
        "session": session,
        "event": session.event,
        "host": session.shown_host,
        "learned": learned,
        "count": count,
        "kept": notes.words,
        "keep": reverse("lessons:note_list", args=[slug, pk]) if may_note else "",
        "interpretation": [language(code) for code in session.interpretation],
        "chain": lambda: _chain(session, count, notes, reach),
    }
    return show(request, "public/events/session_detail.html", context, session.event, records_in(context))


def moments(session: Session) -> tuple[datetime | None, datetime | None]:
    """Return when it begins and ends for a reader anywhere; nothing if day, hour or zone is not known."""
    hours = session.hours
    return (hours.moments() if hours else None) or (None, None)


def _chain(session: Session, lessons: int, notes: ChainLink, reach: Reach) -> list[ChainLink]:
    here = f"?session={session.pk}"
    commitments = reverse("public:commitment_list") + here
    return chain(
        "session",
        record_link("event", session.event),
        notes,
        ChainLink("lesson", lessons_words(lessons), "#lessons"),
        ChainLink("commitments", reach_words(reach), commitments),
        ChainLink("activities", activities_words(reach.activities), commitments),
        ChainLink("outcomes", outcomes_words(reach.outcomes), reverse("public:outcome_list") + here),
    )
