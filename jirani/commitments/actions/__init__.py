"""What can be done with commitments and what comes of them."""

from .commitments import Step, drop_commitment, edit_commitment, make_commitment, publish_commitment
from .results import Proof, add_evidence, answer_follow_up, record_adaptation, record_outcome, set_completion

__all__ = [
    "Proof",
    "Step",
    "add_evidence",
    "answer_follow_up",
    "drop_commitment",
    "edit_commitment",
    "make_commitment",
    "publish_commitment",
    "record_adaptation",
    "record_outcome",
    "set_completion",
]
