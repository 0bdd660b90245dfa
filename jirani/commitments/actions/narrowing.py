"""A lesson narrowed after it was taken up: what was promised by it, and what came of that, is shown no wider than the lesson."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext

from jirani.audit.actions import record
from jirani.commitments.models import Commitment, CommitmentQuerySet, Evidence, Outcome
from jirani.core.enums import AccessMode, wider_than
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson
from jirani.ui.text import number


def hold(commitment: Commitment) -> None:
    """Read again the mode that bounds a promise's, and keep it until the transaction ends: whoever narrows the lesson waits."""
    if commitment.lesson_id:
        lessons = Lesson.objects.select_for_update(of=("self",), no_key=True).select_related("event")
        commitment.lesson = lessons.get(pk=commitment.lesson_id)


def _made_of(source: Event | Session | Lesson) -> CommitmentQuerySet:
    if isinstance(source, Lesson):
        return Commitment.objects.filter(lesson=source)
    if isinstance(source, Session):
        return Commitment.objects.filter(lesson__session=source)
    return Commitment.objects.filter(Q(lesson__event=source) | Q(lesson__session__event=source))


def foresee(source: Event | Session | Lesson, access: str) -> Iterator[str]:
    """How many published promises would be shown to fewer people."""
    shown = _made_of(source).taken_up().filter(access__in=wider_than(access)).count()
    if not shown:
        return
    if access == AccessMode.CLOSED:
        words = ngettext(
            "%(shown)s commitment that applies what was learned will be shown to the people of its organisation only.",
            "%(shown)s commitments that apply what was learned will be shown to the people of their organisations only.",
            shown,
        )
    else:
        words = ngettext(
            "%(shown)s commitment that applies what was learned will be shown to the network only.",
            "%(shown)s commitments that apply what was learned will be shown to the network only.",
            shown,
        )
    yield words % {"shown": number(shown)}


def follow(source: Event | Session | Lesson, by: Any) -> None:
    """Narrow the promises, drafts too, with their outcomes and evidence."""
    access = source.access
    # In the order of their keys, so that two who narrow at the same moment do not wait for each other.
    for commitment in (
        _made_of(source).filter(access__in=wider_than(access)).select_for_update(of=("self",)).order_by("pk")
    ):
        commitment.access = access
        commitment.save(update_fields=["access", "updated_at"])
        record("commitments.narrow_commitment", commitment, by=by, access=access)
        narrow_inner(commitment)


def narrow_inner(commitment: Commitment) -> None:
    """Narrow outcomes and evidence to their commitment's mode, so that none claims a wider one."""
    wide = {"commitment": commitment, "access__in": wider_than(commitment.access)}
    Outcome.objects.filter(**wide).update(access=commitment.access)
    Evidence.objects.filter(**wide).update(access=commitment.access)
