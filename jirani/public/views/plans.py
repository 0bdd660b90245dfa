"""Local action plans: pillars as chapters, activities, and the lessons that caused them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jirani.commitments.models import Commitment
from jirani.core.enums import Completion
from jirani.core.routes import public
from jirani.forums.models import Decision, Forum
from jirani.lessons.models import Lesson
from jirani.members.models import Grant
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from jirani.plans.permissions import can_edit_activity, can_edit_plan
from jirani.public.forms import PlanFilter, countries
from jirani.public.text import budget_words, chain, events_words, lessons_words, outcomes_words, reach_words, type_link
from jirani.ui.text import ChainLink

from .showing import show
from .spine import (
    in_room,
    link_in_chain,
    page_of,
    pledges,
    reach_of,
    records_in,
    room_links,
    room_of,
    seen,
    taken_up,
    way,
)


@public
def plan_list(request: HttpRequest) -> HttpResponse:
    """Adopted plans and those that have ended, by the place that their address begins with."""
    user = request.user
    shown = ActionPlan.objects.visible_to(user).exclude(state=PlanState.DRAFT)
    form = PlanFilter(
        request.GET, country=countries(shown.order_by().values_list("authority__country", flat=True).distinct())
    )
    fields = {"country": "authority__country", "state": "state"}
    found = shown.filter(**{fields[name]: value for name, value in form.wanted.items()})
    page = page_of(request, found.select_related("authority__organisation"), ("slug", "id"))
    progress = _progress(page.rows)
    rows = [{"plan": plan, "done": progress[plan.pk]} for plan in page.rows]
    context = {"form": form, "page": page, "rows": rows, "query": form.query()}
    return show(
        request, "public/plan_list.html", context, page.rows, [plan.authority.organisation for plan in page.rows]
    )


def _progress(plans: Iterable[ActionPlan]) -> dict[int, list[dict[str, Any]]]:
    """How many activities of each plan are at each completion, the furthest first; one query."""
    rows = Activity.objects.filter(objective__pillar__plan__in=[plan.pk for plan in plans]).order_by()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for plan, completion, count in rows.values_list("objective__pillar__plan", "completion").annotate(Count("pk")):
        counts[plan][completion] = count
    return defaultdict(
        list,
        {
            plan: [
                {"code": each.value, "name": each.label, "count": found[each]}
                for each in reversed(Completion)
                if each in found
            ]
            for plan, found in counts.items()
        },
    )


@public
def plan_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One plan: its pillars as chapters."""
    user = request.user
    rows = ActionPlan.objects.visible_to(user).select_related("authority__organisation", "forum")
    plan: Any = get_object_or_404(rows.annotate(forum_seen=seen(Forum.objects.visible_to(user), "forum_id")), slug=slug)
    caused = _caused(plan, user)
    context: dict[str, Any] = {
        "plan": plan,
        "place": plan.authority.organisation,
        "forum": plan.forum if plan.forum_seen else None,
        "themes": list(plan.themes.all()),
        "chapters": [_chapter(pillar, caused) for pillar in _pillars(plan)],
        "progress": _progress([plan])[plan.pk],
        "create": way("plans:activity_create", slug) if user.is_authenticated and can_edit_plan(user, plan) else "",
        **_versions(plan, user),
    }
    return show(request, "public/plan_detail.html", context, records_in(context))


def _versions(plan: ActionPlan, user: Any) -> dict[str, ActionPlan | None]:
    """The plan whose place it took and the one that took its place; one query."""
    found = list(ActionPlan.objects.visible_to(user).filter(Q(pk=plan.supersedes_id) | Q(supersedes=plan)))
    return {
        "before": next((each for each in found if each.pk == plan.supersedes_id), None),
        "after": next((each for each in found if each.supersedes_id == plan.pk), None),
    }


def _pillars(plan: ActionPlan) -> QuerySet[Pillar]:
    """Pillars with all that stands under them; three queries."""
    activities = Activity.objects.select_related("lead", "co_lead").order_by("number")
    objectives = Objective.objects.prefetch_related(Prefetch("activities", activities)).order_by("number")
    return plan.pillars.select_related("lead_government", "lead_civil_society", "working_group").prefetch_related(
        Prefetch("objectives", objectives)
    )


def _caused(plan: ActionPlan, user: Any) -> dict[int, list[Lesson]]:
    """The lessons that caused each activity, by way of commitments that the reader may see; one query."""
    taken = taken_up(user).filter(activity__objective__pillar__plan=plan)
    shown = Lesson.objects.visible_to(user).published()
    caused: dict[int, list[Lesson]] = defaultdict(list)
    for commitment in (
        taken.filter(lesson__in=shown.values("pk")).select_related("lesson").order_by("published_at", "id")
    ):
        if commitment.activity_id and commitment.lesson and commitment.lesson not in caused[commitment.activity_id]:
            caused[commitment.activity_id].append(commitment.lesson)
    return caused


def _chapter(pillar: Pillar, caused: dict[int, list[Lesson]]) -> dict[str, Any]:
    """A pillar with its leads, its objectives' activities and, in the margin, the lessons behind them."""
    leads = [each for each in (pillar.lead_government, pillar.lead_civil_society) if each]
    objectives = list(pillar.objectives.all())
    activities = [activity for objective in objectives for activity in objective.activities.all()]
    lessons = list(dict.fromkeys(lesson for activity in activities for lesson in caused.get(activity.pk, [])))
    return {
        "pillar": pillar,
        "leads": leads,
        "lessons": lessons,
        "objectives": [
            (objective, [(activity, caused.get(activity.pk, [])) for activity in objective.activities.all()])
            for objective in objectives
        ],
        "records": [
            pillar,
            leads,
            pillar.working_group,
            objectives,
            activities,
            [[each.lead, each.co_lead] for each in activities],
        ],
    }


@public
def activity_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One activity of a plan: who, until when, with what money, how one can tell, and the lesson behind it."""
    user = request.user
    activity: Any = get_object_or_404(_with_papers(user).filter(objective__pillar__plan__slug=slug), pk=pk)
    taken = taken_up(user).filter(activity=activity)
    lessons: list[Any] = _behind(taken, user)
    reach = reach_of(taken, user)
    indicators = list(activity.indicators.prefetch_related("measurements").order_by("pk"))
    context = {
        "activity": activity,
        "promised": pledges(taken, user),
        "lessons": lessons,
        "indicators": indicators,
        "measured": [list(each.measurements.all()) for each in indicators],
        "supporting": list(activity.supporting.order_by("pk")),
        "budget": budget_words(activity),
        "edit": way("plans:activity_edit", slug, pk)
        if user.is_authenticated and can_edit_activity(user, activity)
        else "",
        **_surroundings(activity),
        "chain": lambda: _chain(activity, lessons, reach, user),
    }
    rooms = [room_of(lesson) for lesson in lessons]
    return show(request, "public/activity_detail.html", context, records_in(context), rooms)


def _behind(taken: QuerySet[Commitment], user: Any) -> list[Any]:
    """The lessons that these commitments carry out; one query."""
    lessons = in_room(Lesson.objects.visible_to(user).published(), user)
    return list(lessons.filter(pk__in=taken.order_by().values("lesson")).order_by("pk"))


def _surroundings(activity: Any) -> dict[str, Any]:
    """What has been loaded with an activity, so far as the reader may see it."""
    objective, decision = activity.objective, activity.decided_in if activity.decision_seen else None
    plan = objective.pillar.plan
    return {
        "plan": plan,
        "place": plan.authority.organisation,
        "above": [objective, objective.pillar],
        "leads": [activity.lead, activity.co_lead],
        "decision": decision,
        "meeting": decision.meeting if decision else None,
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


def _chain(activity: Activity, lessons: list[Any], reach: Any, user: Any) -> list[ChainLink]:
    """Of one lesson its own first links; of several, how many there are and at how many events they were told."""
    links: dict[str, type_link] = {}
    if len(lessons) == 1:
        links |= room_links(lessons[0], user)
        links["lesson"] = link_in_chain(lessons[0], reverse("public:lesson_detail", args=[lessons[0].pk]))
    elif lessons:
        events = {each.event_id for each in lessons if each.event_seen}
        links = {"event": (events_words(len(events)), "#lessons"), "lesson": (lessons_words(len(lessons)), "#lessons")}
    return chain(
        "activities",
        **links,
        commitments=(reach_words(reach), "#commitments"),
        outcomes=(outcomes_words(reach.outcomes), f"{reverse('public:outcome_list')}?activity={activity.pk}"),
    )
