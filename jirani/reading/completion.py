"""How far something got: a word of the Open Government Partnership, or that nobody has said so yet."""

from dataclasses import dataclass

from django.utils.translation import gettext

from jirani.commitments.models import Commitment
from jirani.plans.enums import Completion
from jirani.plans.models import Activity


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far something got: a word of the Open Government Partnership, or "unsaid"; and what the page calls it."""

    code: str
    words: str


def how_far(record: Commitment | Activity, *, proven: bool) -> HowFar:
    """Return how far a commitment or an activity got, as the people who carry it out say.

    `proven`: the page shows evidence of it. "No evidence available", the initial value, would contradict that.
    """
    if proven and record.completion == Completion.NO_EVIDENCE:
        return HowFar("unsaid", unsaid())
    return HowFar(record.completion, str(record.get_completion_display()))


def unsaid() -> str:
    """Return what is shown if nobody has said how far something got, though a follow-up may have been answered."""
    return gettext("Level not set yet")
