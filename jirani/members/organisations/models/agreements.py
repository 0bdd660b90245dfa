"""Agreements between organisations, and grants."""

from typing import Any, ClassVar, TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import checked, currency_shape, in_order, no_less_than_nothing
from jirani.core.enums import Precision
from jirani.core.models import Shared, Sourced, Timestamped
from jirani.members.enums import AgreementKind
from jirani.members.standing.models.standing import standing_of
from jirani.translation.models import TranslatableModel

from .organisations import Organisation

Reads = TypeVar("Reads", bound="models.QuerySet[Any]")


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> "AgreementQuerySet":
        """Agreements visible by mode; closed ones for their parties."""
        return _shared_with_parties(self, user, "parties")

    def editable_by(self, user: Any) -> "AgreementQuerySet":
        """Agreements that the user may edit: all for network coordinators, none for others."""
        return self if standing_of(user).coordinator else self.none()


@checked
class Agreement(TranslatableModel, Timestamped, Shared, Sourced):
    """A memorandum, declaration or partnership of two or more organisations."""

    kind = models.CharField(_("kind"), max_length=12, choices=AgreementKind.choices)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    parties = models.ManyToManyField(Organisation, verbose_name=_("parties"), related_name="agreements")
    signed_on = models.DateField(_("signed"), null=True, blank=True)
    signed_precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.UNKNOWN)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("title", "summary")

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            in_order(
                "signed_on",
                "until_on",
                name="agreement_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, user: Any) -> "GrantQuerySet":
        """Grants visible by mode; closed ones for their funder and the network's coordinators."""
        return _shared_with_parties(self, user, "funder")


@checked
class Grant(TranslatableModel, Timestamped, Shared, Sourced):
    """Money for a programme over a period, by which donors report."""

    funder = models.ForeignKey(
        Organisation, verbose_name=_("funder"), on_delete=models.PROTECT, related_name="grants_given"
    )
    programme = models.CharField(_("programme"), max_length=200)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[RegexValidator(r"^[A-Z]{3}$")])

    objects = GrantQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("programme",)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            in_order(
                "from_on",
                "until_on",
                name="grant_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(currency=""), name="grant_amount_has_currency"
            ),
            no_less_than_nothing("amount", name="grant_amount_not_negative"),
            currency_shape("currency", name="grant_currency_shape"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.reference}".strip()


def _shared_with_parties(queryset: Reads, user: Any, organisation: str) -> Reads:
    standing = standing_of(user)
    if standing.coordinator:
        return queryset
    visible = Q(access__in=standing.modes)
    if standing.organisations:
        own = queryset.model.objects.filter(**{f"{organisation}__in": standing.organisations}).values("pk")
        visible |= Q(pk__in=own)
    return queryset.filter(visible)
