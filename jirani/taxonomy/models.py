"""What lessons, plans and priorities are about: themes (a tree), drivers (local conditions), the SDGs and their targets."""

from collections.abc import Collection
from typing import ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.core.constraints import checked
from jirani.translation.models import TranslatableModel

T = TypeVar("T", bound="Theme | Driver")


class WordQuerySet(models.QuerySet[T]):
    def offered(self, chosen: Collection[int] = ()) -> "WordQuerySet[T]":
        """Words that can be chosen now: those not retired, and those in `chosen`, which the record has already."""
        return self.filter(Q(retired=False) | Q(pk__in=chosen))


@checked
class Theme(TranslatableModel):
    """A subject, possibly part of a wider one."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(_("retired"), default=False)

    objects = WordQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="theme_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a theme that is below itself."""
        above = self.parent
        while above is not None:
            if above.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": _("A theme cannot be part of itself.")})
            above = above.parent


@checked
class Driver(TranslatableModel):
    """A local condition that feeds the problem: lack of services, unemployment, exclusion."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(_("retired"), default=False)

    objects = WordQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


@checked
class Goal(TranslatableModel):
    """One of the 17 Sustainable Development Goals."""

    number = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(_("title"), max_length=200)

    translatable_fields: ClassVar[tuple[str, ...]] = ("title",)

    class Meta:
        verbose_name = _("Sustainable Development Goal")
        verbose_name_plural = _("Sustainable Development Goals")
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=Q(number__gte=1, number__lte=17), name="goal_number_in_range")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@checked
class Target(TranslatableModel):
    """A target of a goal, such as 16.7."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="targets")
    code = models.CharField(_("code"), max_length=6, unique=True)
    title = models.CharField(_("title"), max_length=400)

    translatable_fields: ClassVar[tuple[str, ...]] = ("title",)

    class Meta:
        verbose_name = pgettext_lazy("of a Sustainable Development Goal", "target")
        verbose_name_plural = _("targets")
        ordering = ["goal__number", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
