"""One activity of a plan."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jirani.core.paging import LONG, page_by_place, page_of, query_from
from jirani.core.routes import made_once, public
from jirani.forums.models import Decision
from jirani.members.models import Grant
from jirani.plans.models import Activity, Indicator, Measurement
from jirani.plans.permissions import can_edit_activity
from jirani.public.plans.text import budget_words
from jirani.reading.completion import how_far
from jirani.reading.occasions import occasion_of
from jirani.reading.pledges import pledge, taken_up, with_ties
from jirani.reading.reach import reach_of
from jirani.reading.seen import seen
from jirani.reading.showing import records_in, show

from .behind import causes_of, lessons_behind, plan_chain, told_in

#: Measurements of an indicator on the page of its activity, the latest; its own page has all.
MEASURED = 3


@public
@made_once("lessons", "indicators", "commitments")
def activity_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One activity of a plan: who, until when, with what money, how one can tell, and the lesson behind it."""
    user = request.user
    activity: Any = get_object_or_404(_with_papers(user).filter(objective__pillar__plan__slug=slug), pk=pk)
    taken = taken_up(user).filter(activity=activity)
    causes = causes_of(taken, user)
    known, behind = lessons_behind(request, causes)
    lessons = [known[key] for key in behind.keys(1)]
    reach = reach_of(taken, user)
    latest = Prefetch("measurements", Measurement.objects.all()[: MEASURED + 1], to_attr="latest")
    measured = activity.indicators.prefetch_related(latest).order_by("pk")
    indicators, indicators_page = page_by_place(request, measured, name="indicators")
    page: Any = page_of(request, with_ties(taken, user), ("-published_at", "-id"), size=LONG, name="commitments")
    promised = [pledge(row) for row in page.rows]
    context = {
        "activity": activity,
        "got": how_far(activity, proven=any(each.proof for each in causes)),
        "promised": promised,
        "page": page,
        "lessons": lessons,
        "behind": behind,
        "indicators": indicators,
        "indicators_page": indicators_page,
        "measured": [each.latest for each in indicators],
        "supporting": list(activity.supporting.order_by("pk")),
        "budget": budget_words(activity),
        "edit": reverse("plans:activity_edit", args=[slug, pk])
        if user.is_authenticated and can_edit_activity(user, activity)
        else "",
        **_surroundings(activity),
        "chain": lambda: plan_chain(lessons, told_in(causes), reach, "#commitments", f"?activity={pk}", user),
    }
    rooms = [occasion_of(lesson) for lesson in lessons]
    return show(request, "public/plans/activity_detail.html", context, records_in(context), rooms)


@public
@made_once("cursor")
def indicator_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One indicator of an activity, with everything that was measured, the latest first."""
    user = request.user
    seen_ones = Activity.objects.visible_to(user).filter(objective__pillar__plan__slug=slug)
    known = Indicator.objects.filter(activity__in=seen_ones.values("pk")).select_related("activity__objective__pillar")
    indicator = get_object_or_404(known.select_related("activity__objective__pillar__plan"), pk=pk)
    measurements, page = page_by_place(request, indicator.measurements.all())
    activity = indicator.activity
    context = {
        "indicator": indicator,
        "activity": activity,
        "plan": activity.objective.pillar.plan,
        "measurements": measurements,
        "page": page,
        "edit": user.is_authenticated and can_edit_activity(user, activity),
    }
    return show(request, "public/plans/indicator_detail.html", context, records_in(context))


def _surroundings(activity: Any) -> dict[str, Any]:
    """Return what has been loaded with an activity, as far as the reader may see it."""
    objective, decision = activity.objective, activity.decided_in if activity.decision_seen else None
    plan = objective.pillar.plan
    return {
        "plan": plan,
        "place": plan.authority.organisation,
        "above": [objective, objective.pillar],
        "leads": [activity.lead, activity.co_lead],
        "decision": decision,
        "meeting": decision.meeting if decision else None,
        "meeting_page": query_from(decision.meeting, ("-held_on", "-id"), name="meetings") if decision else "",
        "grant": activity.grant if activity.grant_seen else None,
    }


def _with_papers(user: Any) -> QuerySet[Activity]:
    """Activities with their plan, the decision that asked for them and their grant, and whether the reader may see these two."""
    return (
        Activity.objects.visible_to(user)
        .select_related(
            "objective__pillar__plan__authority__organisation", "lead", "co_lead", "grant", "decided_in__meeting__forum"
        )
        .annotate(
            decision_seen=seen(Decision.objects.visible_to(user), "decided_in_id"),
            grant_seen=seen(Grant.objects.visible_to(user), "grant_id"),
        )
    )
