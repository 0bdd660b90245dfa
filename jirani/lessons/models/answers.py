"""Organisations' responses to a lesson: endorsements, and answers to a recommendation."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import checked
from jirani.core.models import Markable, Sourced, Timestamped
from jirani.members.models import Organisation
from jirani.translation.models import TranslatableModel

from .lessons import Lesson

A = TypeVar("A", bound=models.Model)


class AnswerQuerySet(models.QuerySet[A]):
    def editable_by(self, user: Any) -> Self:
        """Responses of organisations that the user speaks for, to lessons that the user may see."""
        return self.filter(
            organisation__in=Organisation.objects.editable_by(user).values("pk"),
            lesson__in=Lesson.objects.visible_to(user).values("pk"),
        )


@checked
class Endorsement(TranslatableModel, Markable):
    """An organisation's support of a lesson."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="endorsements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="endorsements")
    words = models.TextField(_("in its words"), blank=True)
    endorsed_on = models.DateField(_("endorsed"))

    objects = AnswerQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("words",)
    seen_with: ClassVar[str] = "lesson"

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [models.UniqueConstraint(fields=["lesson", "organisation"], name="endorsement_once")]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.lesson_id}"


@checked
class Response(TranslatableModel, Timestamped, Sourced):
    """An addressee's answer to a recommendation."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="responses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="responses")
    text = models.TextField(_("answer"))
    answered_on = models.DateField(_("answered"))

    objects = AnswerQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("text",)
    seen_with: ClassVar[str] = "lesson"

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return f"{self.organisation} → {self.lesson_id}"
