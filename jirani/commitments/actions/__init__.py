"""What can be done with commitments and what comes of them."""

from .commitments import (
    Step,
    drop_commitment,
    edit_commitment,
    make_commitment,
    publish_commitment,
    what_is_missing,
)
from .corrections import (
    edit_adaptation,
    edit_evidence,
    edit_outcome,
    is_last_evidence,
    remove_adaptation,
    remove_evidence,
    withdraw_outcome,
)
from .follow_ups import counts_from
from .results import (
    Proof,
    add_evidence,
    answer_follow_up,
    make_practice,
    record_adaptation,
    record_outcome,
    set_completion,
)

__all__ = [
    "Proof",
    "Step",
    "add_evidence",
    "answer_follow_up",
    "counts_from",
    "drop_commitment",
    "edit_adaptation",
    "edit_commitment",
    "edit_evidence",
    "edit_outcome",
    "is_last_evidence",
    "make_commitment",
    "make_practice",
    "publish_commitment",
    "record_adaptation",
    "record_outcome",
    "remove_adaptation",
    "remove_evidence",
    "set_completion",
    "what_is_missing",
    "withdraw_outcome",
]
