"""Local action plans: their list, and one with its pillars as chapters and the lessons that caused its activities."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jirani.core.paging import Stretch, page_of, stretch_of
from jirani.core.routes import made_once, public
from jirani.forums.models import Forum
from jirani.lessons.models import Lesson
from jirani.members.models import LocalAuthority, standing_of
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from jirani.plans.permissions import can_edit_plan
from jirani.public.plans.forms import PlanFilter
from jirani.reading.completion import HowFar, how_far
from jirani.reading.figures import commitments_words
from jirani.reading.filters import countries, tell_found
from jirani.reading.occasions import occasion_of
from jirani.reading.pledges import taken_up
from jirani.reading.progress import progress_of, with_progress
from jirani.reading.reach import reach_of
from jirani.reading.seen import seen
from jirani.reading.showing import records_in, show

from .behind import Cause, causes_of, lessons_behind, plan_chain, told_in

#: Lessons that are named beside an activity; the others are on its own page.
NAMED = 12


@public
@made_once("country", "state", "cursor")
def plan_list(request: HttpRequest) -> HttpResponse:
    """List adopted plans and those that have ended, by their place."""
    user = request.user
    shown = ActionPlan.objects.visible_to(user).exclude(state=PlanState.DRAFT)
    form = PlanFilter(
        request.GET, country=countries(shown.order_by().values_list("authority__country", flat=True).distinct())
    )
    fields = {"country": "authority__country", "state": "state"}
    found = shown.filter(**{fields[name]: value for name, value in form.wanted.items()})
    page = page_of(request, found.select_related("authority__organisation"), ("slug", "id"))
    tell_found(request, form, anything=bool(page.rows))
    progress = _progress(page.rows, user)
    rows = [{"plan": plan, "done": progress[plan.pk]} for plan in page.rows]
    context = {"form": form, "page": page, "rows": rows, "query": form.query()}
    if not rows:
        context["create"] = _first_plan_address(user)
    return show(
        request, "public/plans/plan_list.html", context, page.rows, [plan.authority.organisation for plan in page.rows]
    )


def _first_plan_address(user: Any) -> str:
    """Return where a focal point creates a plan for their local authority; "" for others."""
    own = LocalAuthority.objects.filter(organisation__in=standing_of(user).focal_organisations)
    slug = own.order_by("pk").values_list("organisation__slug", flat=True).first()
    return reverse("plans:plan_create", args=[slug]) if slug else ""


def _progress(plans: Iterable[ActionPlan], user: Any) -> dict[int, list[dict[str, Any]]]:
    """Return how far the activities of each plan got, in one query."""
    rows = ActionPlan.objects.filter(pk__in=[plan.pk for plan in plans]).only("pk")
    return {plan.pk: progress_of(plan) for plan in with_progress(rows, user)}


@public
@made_once("cursor", "lessons")
def plan_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One plan: its pillars as chapters."""
    user = request.user
    plan: Any = get_object_or_404(_with_papers(ActionPlan.objects.visible_to(user).filter(slug=slug), user))
    taken = taken_up(user).filter(activity__objective__pillar__plan=plan)
    causes = causes_of(taken, user)
    page = stretch_of(request, plan.outline())
    behind = _behind_each(causes, page)
    known, lessons_page = lessons_behind(
        request, causes, [key for each in behind.values() for key in each.keys[:NAMED]]
    )
    for each in behind.values():
        each.lessons = [known[key] for key in each.keys[:NAMED]]
    lessons = [known[key] for key in lessons_page.keys(1)]
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
        "contents": [(pillar, "" if pillar.pk in here else f"?{page.query(str(pillar.number))}") for pillar in pillars],
        "chapters": chapters,
        "lessons": lessons,
        "lessons_page": lessons_page,
        "progress": progress_of(plan),
        "edit": reverse("plans:plan_edit", args=[slug]) if may_edit else "",
        "before": plan.supersedes if plan.before_seen else None,
        "after": plan.superseded_by if plan.after_seen else None,
    }
    reach, query = reach_of(taken, user), f"?plan={slug}"
    context["chain"] = lambda: plan_chain(
        lessons, told_in(causes), reach, reverse("public:commitment_list") + query, query, user
    )
    rooms = [occasion_of(lesson) for lesson in lessons]
    return show(request, "public/plans/plan_detail.html", context, records_in(context), rooms)


def _with_papers(plans: QuerySet[ActionPlan], user: Any) -> Any:
    """Plans with how far they got, their forum, the plan that each replaced and the one that replaced it, and whether the reader may
    see these three; no query more.
    """
    others = ActionPlan.objects.visible_to(user)
    return (
        with_progress(plans, user)
        .select_related("authority__organisation", "forum", "supersedes", "superseded_by")
        .annotate(
            forum_seen=seen(Forum.objects.visible_to(user), "forum_id"),
            before_seen=seen(others, "supersedes_id"),
            after_seen=seen(others, "superseded_by"),
        )
    )


def _pillars(plan: ActionPlan, page: Stretch) -> QuerySet[Pillar]:
    """Return all pillars with their content on this page, in three queries."""
    activities = Activity.objects.filter(pk__in=page.keys(3)).select_related("lead", "co_lead").order_by("number")
    objectives = Objective.objects.filter(pk__in=page.keys(2)).order_by("number")
    objectives = objectives.prefetch_related(Prefetch("activities", activities))
    return plan.pillars.select_related("lead_government", "lead_civil_society", "working_group").prefetch_related(
        Prefetch("objectives", objectives)
    )


@dataclass(slots=True)
class Behind:
    """What an activity is based on, as far as the reader may see it: the first lessons of how many, commitments, and whether one has
    evidence.
    """

    lessons: list[Lesson] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    commitments: int = 0
    proven: bool = False

    @property
    def commitments_words(self) -> str:
        """ "2 commitments"; "" for none."""
        return commitments_words(self.commitments)

    @property
    def more(self) -> int:
        """How many lessons the activity's own page tells of besides."""
        return len(self.keys) - len(self.lessons)


def _behind_each(causes: Iterable[Cause], page: Stretch) -> dict[int, Behind]:
    """Return what each activity on the page is based on, without the lessons themselves."""
    found: dict[int, Behind] = defaultdict(Behind)
    here = set(page.keys(3))
    for cause in causes:
        if cause.activity in here:
            behind = found[cause.activity]
            behind.commitments += 1
            behind.proven |= cause.proof is not None
            if cause.lesson and cause.lesson not in behind.keys:
                behind.keys.append(cause.lesson)
    return found


def _told(activity: Activity, behind: Behind | None) -> tuple[Activity, HowFar, Behind | None]:
    """Return an activity, how far it got, and what it is based on."""
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
