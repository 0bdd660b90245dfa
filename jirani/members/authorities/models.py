"""Local authorities, the hubs they are of, and what ties them to the network."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Check, checked, in_order
from jirani.core.enums import Precision
from jirani.core.models import Sourced, Timestamped
from jirani.members.enums import SHOWN_MEMBERSHIPS, AuthorityKind, Context, MembershipState
from jirani.members.organisations.models.organisations import Organisation, key_of
from jirani.members.standing.models.standing import standing_of
from jirani.taxonomy.models import Theme
from jirani.translation.models import TranslatableModel


@checked
class Hub(TranslatableModel, Sourced):
    """A regional hub of the network."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    summary = models.TextField(_("summary"), blank=True)

    translatable_fields: ClassVar[tuple[str, ...]] = ("name", "summary")

    class Meta:
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class LocalAuthorityQuerySet(models.QuerySet["LocalAuthority"]):
    def called(self, name: str) -> "LocalAuthorityQuerySet":
        """Authorities with this name, also in their own language, however it is spelled."""
        key = key_of(name)
        return self.filter(Q(organisation__name_key=key) | Q(organisation__local_name_key=key))

    def members(self) -> "LocalAuthorityQuerySet":
        """Authorities that are members today."""
        return self.filter(memberships__state=MembershipState.MEMBER)

    def editable_by(self, user: Any) -> "LocalAuthorityQuerySet":
        """Authorities that the user may change and speak for."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        spoken = Q(organisation__in=standing.focal_organisations)
        return self.filter(spoken | Q(hub__in=standing.hubs)) if standing.hubs else self.filter(spoken)

    def admitted_by(self, user: Any) -> "LocalAuthorityQuerySet":
        """Authorities whose membership the user may change."""
        standing = standing_of(user)
        return self if standing.coordinator else self.filter(hub__in=standing.hubs)


@checked
class LocalAuthority(models.Model):
    """A city, county, municipality, region, district or association of them.

    Every one is an organisation too, so that hosts, leads and partners are always organisations.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="authority")
    kind = models.CharField(_("kind"), max_length=16, choices=AuthorityKind.choices)
    country = models.CharField(_("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    subdivision = models.CharField(
        _("ISO 3166-2 code"), max_length=8, blank=True, validators=[RegexValidator(r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the population figure"), null=True, blank=True)
    population_source = models.CharField(_("source of the population figure"), max_length=300, blank=True)
    languages = ArrayField(models.CharField(max_length=12), verbose_name=_("languages"), default=list, blank=True)
    contexts = ArrayField(
        models.CharField(max_length=16, choices=Context.choices), verbose_name=_("context"), default=list, blank=True
    )
    hub = models.ForeignKey(
        Hub, verbose_name=_("hub"), on_delete=models.PROTECT, null=True, blank=True, related_name="authorities"
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="authorities")

    objects = LocalAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("local authority")
        verbose_name_plural = _("local authorities")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AuthorityKind.values), name="authority_kind_known"),
            Check(
                Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="authority_point_whole",
                says=_("Latitude and longitude go together. Enter both or neither."),
                field="longitude",
            ),
            Check(
                Q(population_year__isnull=True) | Q(population_year__range=(1800, 2100)),
                name="authority_population_year_within_reason",
                says=_("Enter a year between 1800 and 2100."),
                field="population_year",
            ),
        ]
        indexes = [models.Index(fields=["country"], name="authority_country")]

    def __str__(self) -> str:
        return str(self.organisation)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """Memberships that the user may see: prospects and invitations only for coordinators."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        return self.filter(Q(state__in=SHOWN_MEMBERSHIPS) | Q(authority__hub__in=standing.hubs))


@checked
class Membership(TranslatableModel, Timestamped, Sourced):
    """An authority's membership of the network, with its dates as far as they are known."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="memberships")
    state = models.CharField(_("state"), max_length=8, choices=MembershipState.choices)
    joined_on = models.DateField(_("from"), null=True, blank=True)
    joined_precision = models.CharField(
        _("precision of from"), max_length=8, choices=Precision.choices, default=Precision.UNKNOWN
    )
    left_on = models.DateField(_("until"), null=True, blank=True)
    left_precision = models.CharField(
        _("precision of until"), max_length=8, choices=Precision.choices, default=Precision.UNKNOWN
    )
    unconfirmed = models.BooleanField(_("unconfirmed"), default=False)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("remark",)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["authority"], condition=~Q(state=MembershipState.LEFT), name="membership_one_open"
            ),
            models.CheckConstraint(
                condition=Q(joined_on__isnull=True, joined_precision=Precision.UNKNOWN)
                | (Q(joined_on__isnull=False) & ~Q(joined_precision=Precision.UNKNOWN)),
                name="membership_joined_has_precision",
            ),
            in_order(
                "joined_on",
                "left_on",
                name="membership_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
            Check(
                Q(state=MembershipState.LEFT, left_on__isnull=False)
                | (~Q(state=MembershipState.LEFT) & Q(left_on__isnull=True)),
                name="membership_left_has_day",
                says=_("Enter when it left, as exactly as it is known, or choose another state."),
                field="left_on",
            ),
            models.CheckConstraint(condition=Q(state__in=MembershipState.values), name="membership_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.authority}: {self.state}"
