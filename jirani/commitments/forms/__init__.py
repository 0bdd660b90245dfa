"""The only way in for commitments and what comes of them."""

from .commitments import CommitmentChangeForm, CommitmentForm
from .results import AdaptationForm, AnswerForm, CompletionForm, DropForm, EvidenceForm, OutcomeForm

__all__ = [
    "AdaptationForm",
    "AnswerForm",
    "CommitmentChangeForm",
    "CommitmentForm",
    "CompletionForm",
    "DropForm",
    "EvidenceForm",
    "OutcomeForm",
]
