"""The form of a good practice that grew of an outcome."""

from typing import Any

from jirani.commitments.models import Outcome
from jirani.lessons.enums import LessonKind
from jirani.lessons.forms import LessonForm
from jirani.lessons.models import Lesson
from jirani.members.models import LocalAuthority


class PracticeForm(LessonForm):
    """A good practice, begun with what the outcome says and shown to those who may see that, unless its writer says otherwise."""

    def __init__(self, *args: Any, outcome: Outcome, by: Any) -> None:
        lesson = Lesson(kind=LessonKind.GOOD_PRACTICE, illustrative=outcome.illustrative)
        super().__init__(*args, instance=lesson, initial=_begun(outcome), by=by)
        kinds: Any = self.fields["kind"]
        kinds.choices = [choice for choice in kinds.choices if choice[0] == LessonKind.GOOD_PRACTICE]
        del self.fields["addressees"]

    @property
    def facts(self) -> dict[str, Any]:
        """The practice: what it is made of is given first."""
        return {**super().facts, "lesson": self.instance}


def _begun(outcome: Outcome) -> dict[str, Any]:
    body = "\n\n".join(text for text in (outcome.change, outcome.significance) if text)
    told = LocalAuthority.objects.filter(organisation=outcome.commitment.organisation_id)
    return {
        "body": body,
        "language": outcome.language,
        "authorities": list(told.values_list("pk", flat=True)),
        "access": outcome.access,
        "source_url": outcome.source_url,
    }
