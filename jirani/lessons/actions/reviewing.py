"""How far others have looked at a lesson."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, record
from jirani.core.permissions import require
from jirani.lessons.enums import ReviewLevel
from jirani.lessons.models import Lesson
from jirani.lessons.permissions import can_review_lesson


@transaction.atomic
def review_lesson(lesson: Lesson, *, review_level: str, by: User, version: str = "") -> Lesson:
    """Say how far others have looked at a published lesson. Raises ChangedMeanwhile if somebody has saved it since `version`: it is the text
    as they read it that they say it of.
    """
    lesson = lock_unchanged(lesson, version)
    require(can_review_lesson(by, lesson))
    if review_level not in ReviewLevel.values:
        raise ValidationError({"review_level": _("Choose one of the levels.")})
    before, lesson.review_level = lesson.review_level, ReviewLevel(review_level)
    lesson.save(update_fields=["review_level", "updated_at"])
    record("lessons.review_lesson", lesson, by=by, before=before, after=review_level)
    return lesson
