"""Local action plans: pillars as chapters, activities, and the lessons that caused them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jirani.commitments.models import Commitment, CommitmentQuerySet
from jirani.core.paging import Stretch, page_of, stretch_of
from jirani.core.routes import made_once, public
from jirani.forums.models import Decision, Forum
from jirani.lessons.models import Lesson
from jirani.members.models import Grant, LocalAuthority, standing_of
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from jirani.plans.permissions import can_edit_activity, can_edit_plan
from jirani.public.forms import PlanFilter, countries
from jirani.public.text import (
    HowFar,
    Reach,
    budget_words,
    chain,
    commitments_words,
    events_words,
    how_far,
    lessons_words,
    outcomes_words,
    reach_words,
    sessions_words,
    type_link,
)
from jirani.ui.text import ChainLink

from .progress import progress_of, with_progress
from .showing import show
from .spine import (
    in_room,
    link_in_chain,
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
@made_once("country", "state", "cursor")
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
    progress = _progress(page.rows, user)
    rows = [{"plan": plan, "done": progress[plan.pk]} for plan in page.rows]
    context = {"form": form, "page": page, "rows": rows, "query": form.query()}
    if not rows:
        context["create"] = _first_way(user)
    return show(
        request, "public/plan_list.html", context, page.rows, [plan.authority.organisation for plan in page.rows]
    )


def _first_way(user: Any) -> str:
    """Where a focal point makes the plan of their local authority; "" for others."""
    own = LocalAuthority.objects.filter(organisation__in=standing_of(user).focal_organisations)
    slug = own.order_by("pk").values_list("organisation__slug", flat=True).first()
    return reverse("plans:plan_create", args=[slug]) if slug else ""


def _progress(plans: Iterable[ActionPlan], user: Any) -> dict[int, list[dict[str, Any]]]:
    """How far the activities of each plan got; one query."""
    rows = ActionPlan.objects.filter(pk__in=[plan.pk for plan in plans]).only("pk")
    return {plan.pk: progress_of(plan) for plan in with_progress(rows, user)}


@public
@made_once("cursor")
def plan_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One plan: its pillars as chapters."""
    user = request.user
    rows = ActionPlan.objects.visible_to(user).select_related("authority__organisation", "forum")
    plan: Any = get_object_or_404(rows.annotate(forum_seen=seen(Forum.objects.visible_to(user), "forum_id")), slug=slug)
    taken = taken_up(user).filter(activity__objective__pillar__plan=plan)
    lessons = _behind(taken, user)
    page = stretch_of(request, plan.outline())
    behind = _behind_each(taken.filter(activity__in=page.keys(3)), lessons, user)
    pillars = list(_pillars(plan, page))
    here = set(page.keys(1))
    chapters = [_chapter(pillar, behind, plan.forum_seen, page) for pillar in pillars if pillar.pk in here]
    may_edit = user.is_authenticated and can_edit_plan(user, plan)
    context: dict[str, Any] = {
        "plan": plan,
        "place": plan.authority.organisation,
        "forum": plan.forum if plan.forum_seen else None,
        "themes": list(plan.themes.all()),
        "page": page,
        "contents": [(pillar, "" if pillar.pk in here else f"?cursor={pillar.number}") for pillar in pillars],
        "chapters": chapters,
        "lessons": lessons,
        "progress": _progress([plan], user)[plan.pk],
        "edit": reverse("plans:plan_edit", args=[slug]) if may_edit else "",
        **_versions(plan, user),
    }
    reach, query = reach_of(taken, user), f"?plan={slug}"
    context["chain"] = lambda: _chain(lessons, reach, reverse("public:commitment_list") + query, query, user)
    rooms = [room_of(lesson) for lesson in lessons]
    return show(request, "public/plan_detail.html", context, records_in(context), rooms)


def _versions(plan: ActionPlan, user: Any) -> dict[str, ActionPlan | None]:
    """The plan whose place it took and the one that took its place; one query."""
    found = list(ActionPlan.objects.visible_to(user).filter(Q(pk=plan.supersedes_id) | Q(supersedes=plan)))
    return {
        "before": next((each for each in found if each.pk == plan.supersedes_id), None),
        "after": next((each for each in found if each.supersedes_id == plan.pk), None),
    }


def _pillars(plan: ActionPlan, page: Stretch) -> QuerySet[Pillar]:
    """All pillars with what of the page stands under them; three queries."""
    activities = Activity.objects.filter(pk__in=page.keys(3)).select_related("lead", "co_lead").order_by("number")
    objectives = Objective.objects.filter(pk__in=page.keys(2)).order_by("number")
    objectives = objectives.prefetch_related(Prefetch("activities", activities))
    return plan.pillars.select_related("lead_government", "lead_civil_society", "working_group").prefetch_related(
        Prefetch("objectives", objectives)
    )


@dataclass(slots=True)
class Behind:
    """What stands behind an activity, so far as the reader may see it: lessons, commitments, and whether there is evidence of one."""

    lessons: list[Lesson] = field(default_factory=list)
    commitments: int = 0
    proven: bool = False

    @property
    def commitments_words(self) -> str:
        """ "2 commitments"; "" for none."""
        return commitments_words(self.commitments)


def _behind_each(taken: CommitmentQuerySet, lessons: list[Lesson], user: Any) -> dict[int, Behind]:
    """What stands behind each activity, by way of commitments that the reader may see; one query."""
    known = {lesson.pk: lesson for lesson in lessons}
    found: dict[int, Behind] = defaultdict(Behind)
    rows: Any = taken.with_proof(user).order_by("published_at", "id")
    for activity, lesson, proof in rows.values_list("activity", "lesson", "proof"):
        behind = found[activity]
        behind.commitments += 1
        behind.proven |= proof is not None
        if lesson in known and known[lesson] not in behind.lessons:
            behind.lessons.append(known[lesson])
    return found


def _told(activity: Activity, behind: Behind | None) -> tuple[Activity, HowFar, Behind | None]:
    """An activity, how far it got, and what stands behind it."""
    return activity, how_far(activity, proven=behind is not None and behind.proven), behind


def _chapter(pillar: Pillar, behind: dict[int, Behind], forum_seen: int | None, page: Stretch) -> dict[str, Any]:
    """A pillar with its leads, the working group of a forum that the reader may see, and the page's objectives and activities."""
    group = pillar.working_group if pillar.working_group and pillar.working_group.forum_id == forum_seen else None
    leads = [each for each in (pillar.lead_government, pillar.lead_civil_society) if each]
    objectives = list(pillar.objectives.all())
    activities = [activity for objective in objectives for activity in objective.activities.all()]
    return {
        "pillar": pillar,
        "leads": leads,
        "group": group,
        "objectives": [
            (
                objective,
                [_told(activity, behind.get(activity.pk)) for activity in objective.activities.all()],
                not page.within(pillar.number, objective.number),
            )
            for objective in objectives
        ],
        "bare": not page.within(pillar.number),
        "records": [
            pillar,
            leads,
            group,
            objectives,
            activities,
            [[each.lead, each.co_lead] for each in activities],
            [behind[each.pk].lessons for each in activities if each.pk in behind],
        ],
    }


@public
@made_once()
def activity_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One activity of a plan: who, until when, with what money, how one can tell, and the lesson behind it."""
    user = request.user
    activity: Any = get_object_or_404(_with_papers(user).filter(objective__pillar__plan__slug=slug), pk=pk)
    taken = taken_up(user).filter(activity=activity)
    lessons = _behind(taken, user)
    reach = reach_of(taken, user)
    indicators = list(activity.indicators.prefetch_related("measurements").order_by("pk"))
    promised = pledges(taken, user)
    context = {
        "activity": activity,
        "got": how_far(activity, proven=any(each.proven for each in promised)),
        "promised": promised,
        "lessons": lessons,
        "indicators": indicators,
        "measured": [list(each.measurements.all()) for each in indicators],
        "supporting": list(activity.supporting.order_by("pk")),
        "budget": budget_words(activity),
        "edit": way("plans:activity_edit", slug, pk)
        if user.is_authenticated and can_edit_activity(user, activity)
        else "",
        **_surroundings(activity),
        "chain": lambda: _chain(lessons, reach, "#commitments", f"?activity={pk}", user),
    }
    rooms = [room_of(lesson) for lesson in lessons]
    return show(request, "public/activity_detail.html", context, records_in(context), rooms)


def _behind(taken: QuerySet[Commitment], user: Any) -> list[Any]:
    """The lessons that these commitments carry out; two queries."""
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


def _chain(lessons: list[Any], reach: Reach, promised: str, query: str, user: Any) -> list[ChainLink]:
    """Of one lesson its own first links; of several, how many there are and where they were told. `promised`: where the commitments are."""
    links: dict[str, type_link] = {}
    if len(lessons) == 1:
        links |= room_links(lessons[0], user)
        links["lesson"] = link_in_chain(lessons[0], reverse("public:lesson_detail", args=[lessons[0].pk]))
    elif lessons:
        events = {each.event_id for each in lessons if each.event_seen}
        sessions = {each.session_id for each in lessons if each.session_seen}
        links = {
            "event": (events_words(len(events)), "#lessons"),
            "session": (sessions_words(len(sessions)), "#lessons"),
        }
        links["lesson"] = lessons_words(len(lessons)), "#lessons"
    return chain(
        "activities",
        **links,
        commitments=(reach_words(reach), promised),
        outcomes=(outcomes_words(reach.outcomes), reverse("public:outcome_list") + query),
    )
