"""What was promised to be applied at home, and what came of it."""

from .commitments import Adaptation, Commitment, CommitmentQuerySet, Evidence, Milestone, Outcome, random_name
from .follow_ups import FollowUp

__all__ = [
    "Adaptation",
    "Commitment",
    "CommitmentQuerySet",
    "Evidence",
    "FollowUp",
    "Milestone",
    "Outcome",
    "random_name",
]
