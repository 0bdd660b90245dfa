"""Organisations, the local authorities among them, and what ties these to the network."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import checked
from jirani.core.models import Sourced, Timestamped
from jirani.language import name_key
from jirani.members.enums import Sector
from jirani.members.standing.models.standing import standing_of
from jirani.translation.models import TranslatableModel

#: So much of a folded name is compared: some signs are written as many (NFKC makes 18 of one).
KEY = 400


def key_of(name: str) -> str:
    """A name as it is kept to be compared."""
    return name_key(name)[:KEY]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations."""

    def called(self, name: str) -> "OrganisationQuerySet":
        """Organisations with this name, or with it as the name in their own language, however it is spelled."""
        key = key_of(name)
        return self.filter(Q(name_key=key) | Q(local_name_key=key))

    def like(self, words: str) -> "OrganisationQuerySet":
        """Organisations whose name, or name in their own language, contains these words; all if there are none."""
        return self.filter(Q(name__icontains=words) | Q(local_name__icontains=words)) if words else self

    def editable_by(self, user: Any) -> "OrganisationQuerySet":
        """Organisations that the user may change: all for coordinators, their own for focal points."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        hubs = Q(authority__hub__in=standing.hubs)
        return self.filter(hubs | Q(pk__in=standing.focal_organisations))

    def staffed_by(self, user: Any) -> "OrganisationQuerySet":
        """Organisations in which the user may appoint people to posts."""
        standing = standing_of(user)
        return self if standing.coordinator else self.filter(authority__hub__in=standing.hubs)


@checked
class Organisation(TranslatableModel, Timestamped, Sourced):
    """Any body: a county government, a civil-society organisation, a donor."""

    name = models.CharField(_("name"), max_length=200)
    local_name = models.CharField(_("name in its own language"), max_length=200, blank=True)
    slug = models.SlugField(unique=True, max_length=80)
    sector = models.CharField(_("sector"), max_length=24, choices=Sector.choices)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[RegexValidator(r"^[A-Z]{2}$")])
    summary = models.TextField(_("summary"), blank=True)
    website = models.URLField(_("website"), blank=True)
    #: Both names as they are compared, kept by `save()`.
    name_key = models.CharField(max_length=KEY, editable=False, db_index=True)
    local_name_key = models.CharField(max_length=KEY, editable=False, blank=True, db_index=True)

    objects = OrganisationQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("name", "summary")
    sorted_by: ClassVar[str] = "name"

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(condition=Q(sector__in=Sector.values), name="organisation_sector_known"),
        ]
        indexes = [models.Index(fields=["sector"], name="organisation_sector")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it with its names as they are compared."""
        self.name_key, self.local_name_key = key_of(self.name), key_of(self.local_name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key", "local_name_key"}
        super().save(*args, **kwargs)
