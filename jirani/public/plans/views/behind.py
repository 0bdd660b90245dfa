"""The lessons behind a plan or an activity, and the chain that begins with them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from jirani.commitments.models import CommitmentQuerySet
from jirani.core.paging import Stretch, stretch_of
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson
from jirani.reading.chain import ChainLink, chain, record_link
from jirani.reading.figures import events_words, lessons_words, outcomes_words, sessions_words
from jirani.reading.occasions import links_before, with_occasion
from jirani.reading.reach import Reach, reach_words
from jirani.reading.seen import seen


class Cause(NamedTuple):
    """A commitment as it ties an activity to a lesson: keys of what the reader may see, None of what they may not."""

    activity: int
    lesson: int | None
    event: int | None
    session: int | None
    proof: int | None


class Told(NamedTuple):
    """How many lessons there are, and at how many events and sessions that the reader may see they were told."""

    lessons: int
    events: int
    sessions: int


def causes_of(taken: CommitmentQuerySet, user: Any) -> list[Cause]:
    """Return what these commitments tie together, the earliest first, in one query."""
    rows: Any = taken.with_proof(user).annotate(
        told=seen(Lesson.objects.visible_to(user).published(), "lesson_id"),
        event_seen=seen(Event.objects.visible_to(user), "lesson__event_id"),
        session_seen=seen(Session.objects.visible_to(user), "lesson__session_id"),
    )
    keys = rows.order_by("published_at", "id").values_list("activity", "told", "event_seen", "session_seen", "proof")
    return [Cause(*each) for each in keys]


def told_in(causes: Iterable[Cause]) -> Told:
    """Count the lessons, and where they were told."""
    told = [each for each in causes if each.lesson]
    keys = ({each.lesson for each in told}, {each.event for each in told}, {each.session for each in told})
    return Told(*(len(found - {None}) for found in keys))


def lessons_behind(
    request: HttpRequest, causes: Iterable[Cause], also: Iterable[int] = ()
) -> tuple[dict[int, Any], Stretch]:
    """The page that the address asks for of the lessons, and the lessons on it and `also` others by their keys; two queries."""
    keys = sorted({each.lesson for each in causes if each.lesson})
    page = stretch_of(request, {(place,): key for place, key in enumerate(keys, start=1)}, name="lessons")
    lessons: Any = with_occasion(Lesson.objects.all(), request.user)
    return lessons.in_bulk([*page.keys(1), *also]), page


def plan_chain(lessons: list[Any], told: Told, reach: Reach, promised: str, query: str, user: Any) -> list[ChainLink]:
    """Return the first links of a chain: a single lesson's own, or for several how many there are and where they were told. `promised` leads to the commitments."""
    links: list[ChainLink] = []
    if told.lessons == 1:
        links = [*links_before(lessons[0], user), record_link("lesson", lessons[0])]
    elif told.lessons:
        links = [
            ChainLink("event", events_words(told.events), "#lessons"),
            ChainLink("session", sessions_words(told.sessions), "#lessons"),
            ChainLink("lesson", lessons_words(told.lessons), "#lessons"),
        ]
    return chain(
        "activities",
        *links,
        ChainLink("commitments", reach_words(reach), promised),
        ChainLink("outcomes", outcomes_words(reach.outcomes), reverse("public:outcome_list") + query),
    )
