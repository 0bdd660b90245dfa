"""Who may do what with commitments and their outcomes."""

from typing import Any

from jirani.core.permissions import pair
from jirani.members.models import standing_of
from jirani.members.permissions import can_edit_organisation
from jirani.plans.enums import Status

from .models import Adaptation, Commitment, Evidence, FollowUp, Outcome


@pair(Commitment, "editable_by")
def can_edit_commitment(user: Any, commitment: Commitment) -> bool:
    """People who speak for its organisation may."""
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
    """People who may edit its commitment may."""
    return can_edit_commitment(user, part.commitment)


def can_answer_follow_up(user: Any, follow_up: FollowUp) -> bool:
    """Only its own side may: government for government, civil society for civil society."""
    return FollowUp.objects.answerable_by(user).filter(pk=follow_up.pk).exists()
