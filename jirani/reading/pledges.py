"""Commitments as a reader may see them.

A record inside another is checked again here: what the reader may not see is not in what these functions give.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from jirani.commitments.models import Adaptation, Commitment, CommitmentQuerySet
from jirani.lessons.models import Lesson
from jirani.members.enums import Sector
from jirani.plans.enums import Status
from jirani.plans.models import Activity

from .completion import HowFar, how_far
from .links import organisation_link
from .seen import seen


@dataclass(frozen=True, slots=True)
class Pledge:
    """A commitment, with the lesson it carries out and its plan activity only if the reader may see them."""

    commitment: Commitment
    state: str
    lesson: Lesson | None = None
    activity: Activity | None = None
    adaptations: Sequence[Adaptation] = field(default=())
    proven: bool = False

    @property
    def how_far(self) -> HowFar:
        """How far it got, as whoever made it says."""
        return how_far(self.commitment, proven=self.proven)

    @property
    def state_name(self) -> str:
        """The state in words."""
        return state_name(self.state)

    @property
    def sentence(self) -> SafeString:
        """Return what a lesson's page says about it: who took it up, adapted, dropped it, or applied it unchanged."""
        unchanged = "adopted" if self.state == "applied" else "taken-up"
        became = "dropped" if self.state == "dropped" else "adapted" if self.adaptations else unchanged
        organisation = self.commitment.organisation
        words = _CITY if organisation.sector == Sector.LOCAL_GOVERNMENT else _BODY
        return format_html(words[became](), who=organisation_link(organisation))

    @property
    def records(self) -> list[Any]:
        """All records whose text a list shows."""
        return [self.commitment, self.commitment.organisation, self.lesson, self.activity, *self.adaptations]


# Translators: {who} is a local authority, "it" a lesson
_CITY = {
    "dropped": lambda: gettext("{who} dropped it"),
    "adapted": lambda: gettext("{who} adapted it"),
    "adopted": lambda: gettext("{who} adopted it as it is"),
    "taken-up": lambda: gettext("{who} took it up"),
}
# Translators: {who} is an organisation of any gender, "it" a lesson
_BODY = {
    "dropped": lambda: pgettext("any organisation", "{who} dropped it"),
    "adapted": lambda: pgettext("any organisation", "{who} adapted it"),
    "adopted": lambda: pgettext("any organisation", "{who} adopted it as it is"),
    "taken-up": lambda: pgettext("any organisation", "{who} took it up"),
}


def state_name(state: str) -> str:
    """A state's word."""
    return {
        "taken-up": pgettext("state of a commitment", "taken up"),
        "applied": pgettext("state of a commitment", "applied"),
        "dropped": pgettext("state of a commitment", "dropped"),
    }[state]


def with_ties(commitments: CommitmentQuerySet, user: Any) -> CommitmentQuerySet:
    """Load what each applies and its plan activity, and whether the reader may see them."""
    rows = commitments.with_applied(user).with_proof(user)
    return rows.select_related("organisation", "lesson", "activity__objective__pillar__plan").annotate(
        lesson_seen=seen(Lesson.objects.visible_to(user).published(), "lesson_id"),
        activity_seen=seen(Activity.objects.visible_to(user), "activity_id"),
    )


def pledge(row: Any) -> Pledge:
    """A commitment of `with_ties` without what the reader may not see."""
    return Pledge(
        row,
        state="dropped" if row.status == Status.DROPPED else "applied" if row.is_applied else "taken-up",
        lesson=row.lesson if row.lesson_seen else None,
        activity=row.activity if row.activity_seen else None,
        adaptations=getattr(row, "shown_adaptations", ()),
        proven=row.proof is not None,
    )


#: For `with_ties`, with one query more.
ADAPTATIONS = Prefetch("adaptations", to_attr="shown_adaptations")


def taken_up(user: Any) -> CommitmentQuerySet:
    """Published commitments that the reader may see, the latest first."""
    return Commitment.objects.visible_to(user).taken_up().order_by("-published_at", "-id")
