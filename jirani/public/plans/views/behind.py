"""The lessons behind a plan or an activity, and the chain that begins with them."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from jirani.commitments.models import Commitment
from jirani.lessons.models import Lesson
from jirani.reading.chain import ChainLink, chain, record_link
from jirani.reading.figures import events_words, lessons_words, outcomes_words, sessions_words
from jirani.reading.occasions import links_before, with_occasion
from jirani.reading.reach import Reach, reach_words


def lessons_behind(taken: QuerySet[Commitment], user: Any) -> list[Any]:
    """The lessons that these commitments carry out; two queries."""
    lessons = with_occasion(Lesson.objects.visible_to(user).published(), user)
    return list(lessons.filter(pk__in=taken.order_by().values("lesson")).order_by("pk"))


def plan_chain(lessons: list[Any], reach: Reach, promised: str, query: str, user: Any) -> list[ChainLink]:
    """Return the first links of a chain: a single lesson's own, or for several how many there are and where they were told. `promised` leads to the commitments."""
    links: list[ChainLink] = []
    if len(lessons) == 1:
        links = [*links_before(lessons[0], user), record_link("lesson", lessons[0])]
    elif lessons:
        events = {each.event_id for each in lessons if each.event_seen}
        sessions = {each.session_id for each in lessons if each.session_seen}
        links = [
            ChainLink("event", events_words(len(events)), "#lessons"),
            ChainLink("session", sessions_words(len(sessions)), "#lessons"),
            ChainLink("lesson", lessons_words(len(lessons)), "#lessons"),
        ]
    return chain(
        "activities",
        *links,
        ChainLink("commitments", reach_words(reach), promised),
        ChainLink("outcomes", outcomes_words(reach.outcomes), reverse("public:outcome_list") + query),
    )
