"""Abstract models without domain words."""

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.language import normal_address

from .enums import AccessMode

if TYPE_CHECKING:
    from .registry import PersonalData


#: Drawn numbers begin here, beyond every sequence.
FIRST_RANDOM = 2**52


def random_identity() -> int:
    """A number for a row that must not tell when it was made: beyond every sequence, within what JavaScript counts exactly."""
    return FIRST_RANDOM + secrets.randbelow(2**52)


class AddressField(models.EmailField[str, str]):
    """An e-mail address, kept and compared in its one spelling, however it comes in."""

    def get_prep_value(self, value: Any) -> Any:
        """Normalise the value that is stored or looked up."""
        return normal_address(value) if isinstance(value, str) else super().get_prep_value(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Let the record hold what is kept."""
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        """Appear in migrations as an ordinary e-mail field."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs


class Timestamped(models.Model):
    """Timestamps of a row's creation and last change."""

    created_at = models.DateTimeField(pgettext_lazy("record", "made"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(pgettext_lazy("record", "changed"), auto_now=True, editable=False)

    personal_data: ClassVar[dict[str, "PersonalData"]] = {}

    class Meta:
        abstract = True

    @property
    def version(self) -> str:
        """The moment of the last change, to tell whether somebody else has saved since; "" before the first."""
        return self.updated_at.isoformat() if self.updated_at else ""


class Shared(models.Model):
    """A record that has an access mode."""

    access = models.CharField(_("who may see it"), max_length=8, choices=AccessMode.choices, default=AccessMode.PUBLIC)

    class Meta:
        abstract = True


class Markable(models.Model):
    """A record that says whether it was made up. Its source is that of the record to which it belongs."""

    illustrative = models.BooleanField(
        _("illustrative"), default=False, help_text=_("Not a fact: it shows how the platform is used.")
    )

    class Meta:
        abstract = True


class Sourced(Markable):
    """A record that says where its facts come from, or that they are illustrative."""

    source_url = models.URLField(_("source"), max_length=600, blank=True)

    class Meta:
        abstract = True


def is_pointed_at(model: type[models.Model]) -> Q:
    """The condition on `model`'s records that any other record, of whatever app, points at them: they are no longer free to go.

    A lower app so learns of what hangs on its records in higher ones without knowing these.
    """
    found = Q()
    for relation in model._meta.related_objects:
        others: models.Manager[models.Model] = relation.related_model._base_manager
        found |= Q(Exists(others.filter(**{relation.field.name: OuterRef("pk")})))
    return found
