"""A plan as a whole: created, changed, adopted and ended, and deleted while it is empty."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jirani.audit.actions import lock_unchanged, record, take_turns
from jirani.core.models import is_pointed_at
from jirani.core.permissions import require
from jirani.core.text import random_slug
from jirani.members.models import LocalAuthority
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan
from jirani.plans.permissions import can_edit_plan

from .activities import Links, link

#: Whose turn it is to give a plan its version and its place after another one.
_PLACE = "plans.place"


@transaction.atomic
def create_plan(plan: ActionPlan, *, by: Any, links: Links) -> ActionPlan:
    """Create a plan of its authority as a draft, with an address. `plan` is unsaved; `links` holds its themes."""
    require(can_edit_plan(by, plan))
    take_turns(_PLACE)
    plan.slug = random_slug(plan.title, fallback="plan")
    _require_sound(plan)
    plan.save()
    link(plan, links)
    record("plans.create_plan", plan, by=by)
    return plan


@transaction.atomic
def change_plan(plan: ActionPlan, *, by: Any, links: Links, version: str = "") -> ActionPlan:
    """Save a changed plan, with its state. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    take_turns(_PLACE)  # before the plan, as when one is made: two that would take each other's place
    stored = lock_unchanged(plan, version)
    require(can_edit_plan(by, stored))
    require(plan.authority_id == stored.authority_id)
    require(can_edit_plan(by, plan), _("Choose a forum of which you are the secretary."))
    _require_sound(plan)
    plan.save()
    link(plan, links)
    record("plans.change_plan", plan, by=by, before=stored.state, after=plan.state)
    return plan


def _require_sound(plan: ActionPlan) -> None:
    if faults := plan_faults(plan):
        raise ValidationError(faults)


def what_is_missing(plan: ActionPlan) -> dict[str, str]:
    """Return, by field, what a plan needs to be adopted. A draft is saved however incomplete."""
    return {} if plan.title else {"title": _("Give it a title: the one that stands on its cover.")}


def plan_faults(plan: ActionPlan) -> dict[str, str]:
    """Return, by field, what is wrong with a plan. A draft says something, any other has a title. It may replace another plan of the same
    authority, but not indirectly itself; its version is unique; and its forum belongs to that authority.
    """
    faults = {} if plan.state == PlanState.DRAFT else what_is_missing(plan)
    others = ActionPlan.objects.exclude(pk=plan.pk)
    if not any(getattr(plan, name) for name in ("short_name", *plan.translatable_fields)):
        faults["title"] = _("Write something first: its title, or a few words about it.")
    if plan.forum and plan.forum.authority_id != plan.authority_id:
        faults["forum"] = _("Choose a plan of the forum’s own local authority.")
    if others.filter(authority=plan.authority_id, version=plan.version).exists():
        faults["number"] = _("Enter another version: there is already a plan with this one.")
    if plan.supersedes and others.filter(supersedes=plan.supersedes).exists():
        faults["supersedes"] = _("Another plan already replaces it.")
    above = plan.supersedes
    while above is not None:
        if above.pk == plan.pk or above.authority_id != plan.authority_id:
            return faults | {"supersedes": _("A plan can only replace an earlier one of the same authority.")}
        above = above.supersedes
    return faults


@transaction.atomic
def remove_plan(plan: ActionPlan, *, by: Any, version: str = "") -> LocalAuthority:
    """Delete an empty plan. Raises ValidationError if other records depend on it, ChangedMeanwhile if somebody else has saved since
    `version`. Returns the authority.
    """
    require(can_edit_plan(by, plan))
    locked = lock_unchanged(plan, version)
    if ActionPlan.objects.filter(is_pointed_at(ActionPlan), pk=plan.pk).exists():
        raise ValidationError(_("This plan cannot be deleted because other records depend on it. You can end it."))
    record("plans.remove_plan", plan.authority, by=by, slug=plan.slug)
    locked.delete()
    return plan.authority
