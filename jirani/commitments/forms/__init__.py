"""The only way in for commitments and what comes of them."""

from .commitments import CommitmentChangeForm, CommitmentForm
from .practices import PracticeForm
from .results import (
    AdaptationChangeForm,
    AdaptationForm,
    AnswerForm,
    CompletionForm,
    DropForm,
    EvidenceChangeForm,
    EvidenceForm,
    OutcomeChangeForm,
    OutcomeForm,
)

__all__ = [
    "AdaptationChangeForm",
    "AdaptationForm",
    "AnswerForm",
    "CommitmentChangeForm",
    "CommitmentForm",
    "CompletionForm",
    "DropForm",
    "EvidenceChangeForm",
    "EvidenceForm",
    "OutcomeChangeForm",
    "OutcomeForm",
    "PracticeForm",
]
