"""Who may do what with commitments and their outcomes."""

from typing import Any

from jirani.core.permissions import pair
from jirani.members.models import standing_of
from jirani.members.permissions import can_edit_organisation
from jirani.plans.enums import Status

from .models import Adaptation, Commitment, Evidence, FollowUp, Outcome


@pair(Commitment, "editable_by")
def can_edit_commitment(user: Any, commitment: Commitment) -> bool:
    """Those who speak for its organisation."""
    return can_edit_organisation(user, commitment.organisation)


@pair(Commitment, "visible_to")
def can_see_commitment(user: Any, commitment: Commitment) -> bool:
    """Published ones by mode and for the organisation's people; drafts for those who may edit them."""
    if can_edit_commitment(user, commitment):
        return True
    standing = standing_of(user)
    if commitment.status == Status.DRAFT:
        return False
    return commitment.access in standing.modes or commitment.organisation_id in standing.organisations


@pair(Adaptation, "editable_by")
@pair(Outcome, "editable_by")
@pair(Evidence, "editable_by")
def can_edit_part(user: Any, part: Adaptation | Outcome | Evidence) -> bool:
    """What became of a commitment: those who may edit that."""
    return can_edit_commitment(user, part.commitment)


def _sees_inside(user: Any, commitment: Commitment, access: str) -> bool:
    standing = standing_of(user)
    return can_see_commitment(user, commitment) and (
        access in standing.modes
        or can_edit_commitment(user, commitment)
        or commitment.organisation_id in standing.organisations
    )


@pair(Outcome, "visible_to")
def can_see_outcome(user: Any, outcome: Outcome) -> bool:
    """By its mode, and never without its commitment."""
    return _sees_inside(user, outcome.commitment, outcome.access)


@pair(Evidence, "visible_to")
def can_see_evidence(user: Any, evidence: Evidence) -> bool:
    """By its mode, and never without its commitment and its outcome."""
    if evidence.outcome is not None and not can_see_outcome(user, evidence.outcome):
        return False
    return _sees_inside(user, evidence.commitment, evidence.access)


@pair(FollowUp, "answerable_by")
def can_answer_follow_up(user: Any, follow_up: FollowUp) -> bool:
    """Its own side: government for government, civil society for civil society."""
    return FollowUp.objects.answerable_by(user).filter(pk=follow_up.pk).exists()
