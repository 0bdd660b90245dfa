"""Organisations' responses to a lesson: endorsements, and answers to a recommendation."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.acting.facts import changed_columns
from jirani.audit.actions import lock_unchanged, record
from jirani.core.permissions import require
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.lessons.permissions import addressed, can_edit_answer, endorsers


def endorse_lesson(endorsement: Endorsement, *, by: User) -> Endorsement:
    """Endorse a lesson for an organisation. `endorsement` is unsaved."""
    with transaction.atomic():
        lesson = _held(endorsement)
        require(can_edit_answer(by, endorsement))
        if not endorsers(by, lesson).filter(pk=endorsement.organisation_id).exists():
            raise ValidationError(
                {"organisation": _("This organisation shared the lesson or has already endorsed it.")}
            )
        endorsement.endorsed_on = timezone.localdate()
        endorsement.save()
        record("lessons.endorse_lesson", endorsement, by=by)
    return endorsement


def withdraw_endorsement(endorsement: Endorsement, *, by: User) -> None:
    """Withdraw an organisation's endorsement."""
    with transaction.atomic():
        require(can_edit_answer(by, endorsement))
        record("lessons.withdraw_endorsement", endorsement, by=by)
        endorsement.delete()


def answer_recommendation(response: Response, *, by: User) -> Response:
    """Answer a recommendation for one of those to whom it speaks. `response` is unsaved."""
    with transaction.atomic():
        lesson = _held(response)
        require(can_edit_answer(by, response))
        if not addressed(by, lesson).filter(pk=response.organisation_id).exists():
            raise ValidationError({"organisation": _("The recommendation is not addressed to this organisation.")})
        response.answered_on = timezone.localdate()
        response.save()
        record("lessons.answer_recommendation", response, by=by)
    return response


def edit_response(response: Response, *, by: User, version: str = "") -> Response:
    """Save a changed answer and keep its day. Raises ChangedMeanwhile if somebody else has saved since `version`."""
    with transaction.atomic():
        stored = lock_unchanged(response, version)
        require(can_edit_answer(by, stored))
        response.save(update_fields=[*changed_columns(response, stored), "updated_at"])
        record("lessons.edit_response", response, by=by)
    return response


def withdraw_response(response: Response, *, by: User) -> None:
    """Take an answer back."""
    with transaction.atomic():
        require(can_edit_answer(by, response))
        record("lessons.withdraw_response", response, by=by)
        response.delete()


def _held(answer: Endorsement | Response) -> Lesson:
    """Lock the lesson, so that nobody else endorses it at the same moment or withdraws it meanwhile."""
    return Lesson.objects.select_for_update(of=("self",), no_key=True).get(pk=answer.lesson_id)
