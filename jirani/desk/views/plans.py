"""Rows of action plans and their activities."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.forums.models import Forum
from jirani.members.models import LocalAuthority, standing_of
from jirani.plans.actions import what_is_missing
from jirani.plans.enums import Completion, PlanState, Status
from jirani.plans.models import ActionPlan, Activity

from .homes import works_at_home
from .rows import MOST, SOON, Row


def activities(user: Any) -> list[Row]:
    """Activities of their authority's or their forum's plan whose time is up or nearly so."""
    if not works_at_home(user):
        return []
    plans = ActionPlan.objects.filter(state=PlanState.ADOPTED, superseded_by__isnull=True)
    plans = plans.filter(
        Q(authority__organisation__in=standing_of(user).focal_organisations)
        | Q(forum__in=Forum.objects.kept_by(user).values("pk"))
    )
    due = (
        Activity.objects.filter(objective__pillar__plan__in=plans.values("pk"), status=Status.OPEN)
        .filter(until_on__lte=timezone.localdate() + SOON)
        .exclude(completion=Completion.COMPLETE)
        .select_related("objective__pillar__plan")
        .order_by("until_on", "id")[:MOST]
    )
    return [_activity(each, each.objective.pillar.plan) for each in due]


def _activity(activity: Activity, plan: ActionPlan) -> Row:
    return Row(
        (plan, "title"),
        _("Say how far it got: %(about)s"),
        (activity, "title"),
        reverse("public:activity_detail", args=[plan.slug, activity.pk]),
        _("Record progress"),
        reverse("plans:activity_progress", args=[plan.slug, activity.pk]),
        due=activity.until_on,
    )


def plans_to_write(user: Any, homes: list[Any]) -> list[Row]:
    """Drafts of plans that are theirs to write, and local authorities for which they speak that have no plan to tie a commitment to."""
    return [*_draft_plans(user), *_plans_to_make(user, homes)] if homes else []


def _draft_plans(user: Any) -> list[Row]:
    own = LocalAuthority.objects.filter(organisation__in=standing_of(user).focal_organisations)
    mine = Q(authority__in=own.values("pk")) | Q(forum__in=Forum.objects.kept_by(user).values("pk"))
    drafts = ActionPlan.objects.filter(mine, state=PlanState.DRAFT).select_related("authority__organisation")
    return [
        Row(
            (plan.authority.organisation, "name"),
            _("Finish and adopt: %(about)s"),
            (plan, "title"),
            address := reverse("plans:plan_edit", args=[plan.slug]),
            _("Continue"),
            address,
            since=timezone.localdate(plan.updated_at),
            missing=tuple(what_is_missing(plan).values()),
        )
        for plan in drafts.order_by("-updated_at")[:MOST]
    ]


def _plans_to_make(user: Any, homes: list[Any]) -> list[Row]:
    speaks = standing_of(user).focal_organisations
    return [
        Row(
            (home, "name"),
            _("There is no action plan yet. Commitments are tied to its activities."),
            None,
            reverse("public:authority_detail", args=[home.slug]),
            _("Make an action plan"),
            reverse("plans:plan_create", args=[home.slug]),
        )
        for home in homes[:MOST]
        if home.planless and home.pk in speaks
    ]
