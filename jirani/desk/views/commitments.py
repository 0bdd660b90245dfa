"""Rows of what organisations promised."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.commitments.actions import what_is_missing
from jirani.commitments.models import Commitment, FollowUp
from jirani.members.models import standing_of
from jirani.plans.enums import Status

from .homes import speaks, works_at_home
from .rows import MOST, SOON, Row


def follow_ups(user: Any) -> list[Row]:
    """Return follow-ups that fall due."""
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
    """Commitments that are due soon, and drafts."""
    if not speaks(user):
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
        _("Continue") if draft else _("Record progress"),
        reverse(finish if draft else report, args=[commitment.pk]),
        due=None if draft else commitment.due_on,
        since=timezone.localdate(commitment.updated_at) if draft else None,
        missing=tuple(what_is_missing(commitment).values()) if draft else (),
    )


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


def _own(user: Any) -> Any:
    """Commitments of organisations for which this person speaks, not all that a coordinator could change."""
    return Commitment.objects.filter(organisation__in=standing_of(user).focal_organisations)
