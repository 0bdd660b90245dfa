"""Lists that another page's count led to: of what came of a lesson, a session, an event or a plan."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from jirani.commitments.models import CommitmentQuerySet
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson
from jirani.members.models import Organisation
from jirani.plans.models import ActionPlan, Activity


def of_lessons(commitments: CommitmentQuerySet, wanted: Mapping[str, Any], user: Any) -> CommitmentQuerySet:
    """Limit to commitments that carry out a lesson, the lessons of a session or an event, or a plan, that the reader may see."""
    if "plan" in wanted:
        activities = Activity.objects.visible_to(user).filter(objective__pillar__plan__slug=wanted["plan"])
        commitments = commitments.filter(activity__in=activities.values("pk"))
    lessons = Lesson.objects.visible_to(user).published()
    if "lesson" in wanted:
        commitments = commitments.filter(lesson__in=lessons.filter(pk=wanted["lesson"]).values("pk"))
    if "session" in wanted:
        sessions = Session.objects.visible_to(user).filter(pk=wanted["session"]).values("pk")
        commitments = commitments.filter(lesson__in=lessons.filter(session__in=sessions).values("pk"))
    if "event" in wanted:
        events = Event.objects.visible_to(user).with_follow_ups(slug=wanted["event"]).values("pk")
        told = Q(lesson__in=lessons.filter(event__in=events).values("pk"))
        commitments = commitments.filter(told | Q(event__in=events))
    return commitments


def place_of(wanted: Mapping[str, Any], user: Any) -> Lesson | Session | Event | ActionPlan | Organisation | None:
    """Return the record whose count on another page led here; a query only if there is one."""
    if "lesson" in wanted:
        return Lesson.objects.visible_to(user).published().filter(pk=wanted["lesson"]).first()
    if "session" in wanted:
        return Session.objects.visible_to(user).select_related("event").filter(pk=wanted["session"]).first()
    if "event" in wanted:
        return Event.objects.visible_to(user).filter(slug=wanted["event"]).first()
    if "plan" in wanted:
        return ActionPlan.objects.visible_to(user).filter(slug=wanted["plan"]).first()
    slug = wanted.get("authority") or wanted.get("organisation") or wanted.get("from")
    return Organisation.objects.filter(slug=slug).first() if slug else None
