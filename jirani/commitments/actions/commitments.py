"""A promise to apply a lesson at home: made, published, changed, dropped."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, record, require_as_shown
from jirani.commitments.models import Commitment, Milestone
from jirani.commitments.permissions import can_edit_commitment
from jirani.core.enums import Precision
from jirani.core.permissions import require
from jirani.lessons.actions import modes_within
from jirani.lessons.permissions import can_see_lesson
from jirani.members.models import Person
from jirani.members.permissions import can_edit_organisation
from jirani.plans.actions import add_activity
from jirani.plans.enums import Status
from jirani.plans.models import Activity
from jirani.plans.permissions import can_edit_activity, can_edit_plan

from .follow_ups import plan_follow_ups
from .narrowing import hold, narrow_inner
from .notices import tell_taken_up

Links = Mapping[str, Iterable[models.Model]]


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone as typed."""

    title: str
    due_on: date | None = None
    done_on: date | None = None


def make_commitment(
    commitment: Commitment,
    *,
    by: User,
    links: Links | None = None,
    steps: Sequence[Step] = (),
    new_activity: Activity | None = None,
) -> Commitment:
    """Save a promise as a draft, with its milestones and, if it is new, the plan activity it is tied to: all or nothing.

    `commitment` and `new_activity` are unsaved. Raises ValidationError for a mode wider than the lesson's, or a strange plan.
    """
    require(can_edit_organisation(by, commitment.organisation), _("You do not speak for this organisation."))
    require(commitment.lesson is None or can_see_lesson(by, commitment.lesson))
    with transaction.atomic():
        hold(commitment)
        _check(commitment, by, new_activity)
        _tie(commitment, by, new_activity)
        commitment.event = commitment.lesson.event if commitment.lesson else None
        commitment.status, commitment.writer = Status.DRAFT, Person.objects.filter(user=by).first()
        commitment.save()
        _link(commitment, links, steps)
        record("commitments.make_commitment", commitment, by=by)
    return commitment


def edit_commitment(
    commitment: Commitment,
    *,
    by: User,
    links: Links | None = None,
    steps: Sequence[Step] = (),
    new_activity: Activity | None = None,
    version: str = "",
) -> Commitment:
    """Save a changed promise without touching its results. Raises ChangedMeanwhile if somebody else has saved."""
    with transaction.atomic():
        hold(commitment)
        stored = lock_unchanged(commitment, version)
        require(can_edit_commitment(by, stored))
        require(can_edit_organisation(by, commitment.organisation), _("You do not speak for this organisation."))
        _check_owner(commitment, stored)
        _check(commitment, by, new_activity)
        _tie(commitment, by, new_activity)
        for name in ("status", "completion", "published_at", "dropped_because"):
            setattr(commitment, name, getattr(stored, name))
        commitment.save()
        narrow_inner(commitment)
        if commitment.status != Status.DRAFT and _made(commitment) != _made(stored):
            plan_follow_ups(commitment)
        _link(commitment, links, steps)
        record("commitments.edit_commitment", commitment, by=by)
    return commitment


def _check_owner(commitment: Commitment, stored: Commitment) -> None:
    if stored.status != Status.DRAFT and stored.organisation_id != commitment.organisation_id:
        raise ValidationError({"organisation": _("A published commitment stays with the organisation that made it.")})


def publish_commitment(commitment: Commitment, *, by: User, version: str = "") -> Commitment:
    """Say in public, or within its mode, that the lesson is taken up; ask both sides 3, 6 and 12 months after it was made, which is
    today unless another day is known. Raises ValidationError if it would be due before, ChangedMeanwhile if somebody has saved it since `version`.
    """
    with transaction.atomic():
        commitment = lock_unchanged(commitment, "")
        require(can_edit_commitment(by, commitment))
        if commitment.status != Status.DRAFT:
            return commitment
        require_as_shown(commitment, version)
        if missing := what_is_missing(commitment):
            raise ValidationError(missing)
        commitment.status, commitment.published_at = Status.OPEN, timezone.now()
        if commitment.made_on is None:
            commitment.made_on, commitment.made_precision = timezone.localdate(), Precision.DAY
        commitment.save(update_fields=["status", "published_at", "made_on", "made_precision", "updated_at"])
        plan_follow_ups(commitment)
        record("commitments.publish_commitment", commitment, by=by)
        tell_taken_up(commitment, by=by)
    return commitment


def what_is_missing(commitment: Commitment) -> dict[str, str]:
    """Return, by field, what a draft needs to be published; it is saved however incomplete. If it was due before today, somebody must
    have said that it was made before.
    """
    missing: dict[str, str] = {}
    if not commitment.title:
        missing["title"] = _("Say in a sentence what will be done.")
    if commitment.made_on is None and commitment.due_on and commitment.due_on < timezone.localdate():
        missing["made"] = _("It was due before today. Enter when it was made, or choose a later due date.")
    return missing


def _made(commitment: Commitment) -> tuple[date | None, str]:
    return commitment.made_on, commitment.made_precision


def drop_commitment(commitment: Commitment, *, because: str, by: User, version: str = "") -> Commitment:
    """Close a promise that will not be kept, with the reason: it is shown, because the next city learns from it. Raises
    ChangedMeanwhile if somebody else has saved since `version`.
    """
    reason = because.strip()
    if not reason:
        raise ValidationError({"because": _("Say why it was dropped: the next city wants to know.")})
    with transaction.atomic():
        commitment = lock_unchanged(commitment, version)
        require(can_edit_commitment(by, commitment))
        if commitment.status == Status.DRAFT:
            raise ValidationError(_("A draft is not a promise yet: there is nothing to drop."))
        commitment.status, commitment.dropped_because = Status.DROPPED, reason
        commitment.save(update_fields=["status", "dropped_because", "updated_at"])
        record("commitments.drop_commitment", commitment, by=by)
    return commitment


def _check(commitment: Commitment, by: User, new_activity: Activity | None) -> None:
    if not (commitment.title or commitment.problem or commitment.description):
        raise ValidationError({"title": _("Write something first: what will be done, or what is wrong today.")})
    if commitment.status != Status.DRAFT and not commitment.title:
        raise ValidationError({"title": _("Say in a sentence what will be done.")})
    if commitment.access not in modes_within(commitment.lesson):
        raise ValidationError({"access": _("A commitment is never shared more widely than the lesson it applies.")})
    activity = new_activity or commitment.activity
    if activity is None:
        return
    plan = activity.objective.pillar.plan
    require(can_edit_plan(by, plan) if new_activity else can_edit_activity(by, activity))
    authority = getattr(commitment.organisation, "authority", None)
    if authority is not None and plan.authority_id != authority.pk:
        raise ValidationError({"activity": _("This activity is in the plan of another city or county.")})


def _tie(commitment: Commitment, by: User, new_activity: Activity | None) -> None:
    if new_activity is not None:
        commitment.activity = add_activity(new_activity, by=by)


def _link(commitment: Commitment, links: Links | None, steps: Sequence[Step]) -> None:
    for name, records in (links or {}).items():
        getattr(commitment, name).set(records)
    _keep_steps(commitment, steps)


def _keep_steps(commitment: Commitment, steps: Sequence[Step]) -> None:
    """Write the milestones as typed. One whose words stay remains the same record, with its translations."""
    known: dict[str, list[Milestone]] = defaultdict(list)
    for milestone in commitment.milestones.all():
        known[milestone.title].append(milestone)
    for step in steps:
        kept = known[step.title].pop(0) if known[step.title] else Milestone(commitment=commitment, title=step.title)
        kept.language, kept.due_on, kept.done_on = commitment.language, step.due_on, step.done_on
        kept.save()
    for gone in chain.from_iterable(known.values()):
        gone.delete()
