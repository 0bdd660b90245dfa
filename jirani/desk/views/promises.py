"""Rows of what organisations promised and what their plans hold."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.commitments.models import Commitment, FollowUp
from jirani.core.enums import Completion, Status
from jirani.forums.models import Forum
from jirani.members.models import LocalAuthority, Organisation, standing_of
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan, Activity

from .rows import MOST, SOON, Row


def _speaks(user: Any) -> bool:
    """Whether there is an organisation for which they speak."""
    return bool(standing_of(user).focal_organisations)


def works_at_home(user: Any) -> bool:
    """Whether they may be asked for an authority or its forum. Coordinators may answer for everybody, but they are not asked."""
    return _speaks(user) or (standing_of(user).in_network and not standing_of(user).coordinates)


def _own(user: Any) -> Any:
    """Commitments of organisations for which this person speaks, not all that a coordinator could change."""
    return Commitment.objects.filter(organisation__in=standing_of(user).focal_organisations)


def follow_ups(user: Any) -> list[Row]:
    """Questions that fall due."""
    if not works_at_home(user):
        return []
    asked = FollowUp.objects.answerable_by(user).filter(
        answered_on__isnull=True, due_on__lte=timezone.localdate() + SOON, commitment__status=Status.OPEN
    )
    if standing_of(user).coordinates:
        asked = asked.filter(commitment__in=_own(user).values("pk"))
    asked = asked.select_related("commitment__organisation").order_by("due_on", "id")[:MOST]
    return [
        Row(
            (ask.commitment.organisation, "name"),
            _("Answer the follow-up: %(about)s"),
            (ask.commitment, "title"),
            reverse("public:commitment_detail", args=[ask.commitment.pk]),
            _("Answer"),
            reverse("commitments:follow_up_answer", args=[ask.pk]),
            due=ask.due_on,
        )
        for ask in asked
    ]


def commitments(user: Any) -> list[Row]:
    """Those that are due soon, and drafts."""
    if not _speaks(user):
        return []
    soon = Q(status=Status.OPEN, due_on__lte=timezone.localdate() + SOON)
    found = _own(user).filter(soon | Q(status=Status.DRAFT)).select_related("organisation")
    return [_commitment(each) for each in found.order_by("due_on", "-id")[: 2 * MOST]]


def _commitment(commitment: Commitment) -> Row:
    draft = commitment.status == Status.DRAFT
    finish, report = "commitments:commitment_edit", "commitments:completion_edit"
    return Row(
        (commitment.organisation, "name"),
        _("Finish and publish: %(about)s") if draft else _("Say how far it got: %(about)s"),
        (commitment, "title"),
        reverse("public:commitment_detail", args=[commitment.pk]),
        _("Go on") if draft else _("Record progress"),
        reverse(finish if draft else report, args=[commitment.pk]),
        due=None if draft else commitment.due_on,
        since=timezone.localdate(commitment.updated_at) if draft else None,
    )


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


def homes_of(user: Any) -> list[Any]:
    """The organisations for which they speak, and those whose forum they keep; `planless` are authorities without any action plan, `forum` is
    the address of the one they keep.
    """
    if not works_at_home(user):
        return []
    kept = Forum.objects.kept_by(user).values("authority__organisation")
    mine = Q(pk__in=standing_of(user).focal_organisations) | Q(pk__in=kept)
    planless = Exists(LocalAuthority.objects.filter(organisation=OuterRef("pk"), plans=None))
    forum = Forum.objects.kept_by(user).filter(authority__organisation=OuterRef("pk")).values("slug")[:1]
    homes = Organisation.objects.filter(mine).annotate(planless=planless, forum=Subquery(forum))
    return list(homes.order_by("name", "pk"))


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
            _("Go on"),
            address,
            since=timezone.localdate(plan.updated_at),
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


def taken_up(user: Any) -> list[Row]:
    """The latest commitments that they may see."""
    taken = Commitment.objects.visible_to(user).taken_up().select_related("organisation")
    return [
        Row(
            (commitment.organisation, "name"),
            _("Took up: %(about)s"),
            (commitment, "title"),
            reverse("public:commitment_detail", args=[commitment.pk]),
            on=timezone.localdate(commitment.published_at),
        )
        for commitment in taken.order_by("-published_at", "-id")[:MOST]
    ]
