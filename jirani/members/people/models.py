"""People, their posts and duties, and what they have said yes to. People change, posts stay."""

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Check, Once, checked, in_order
from jirani.core.enums import Precision
from jirani.core.models import AddressField, Markable, Timestamped
from jirani.core.registry import PersonalData
from jirani.members.authorities.models import Hub
from jirani.members.enums import ConsentPurpose, NetworkDuty, Sector, TenureRole
from jirani.members.organisations.models.organisations import Organisation
from jirani.members.standing.models.held import HeldQuerySet
from jirani.members.standing.models.standing import standing_of
from jirani.translation.models import TranslatableModel

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> "PersonQuerySet":
        """People whom the user may see: coordinators see everybody, members those who agreed to be found, and everybody themselves."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        if standing.person is None:
            return self.none()
        found = Consent.objects.filter(purpose=ConsentPurpose.DIRECTORY, withdrawn_at__isnull=True)
        own = Q(pk=standing.person)
        return self.filter(own | Q(pk__in=found.values("person")) if standing.in_network else own)


_PERSON_GOES = _("Until you ask to be erased, or two years after you last took part, held a post or signed in.")


@checked
class Person(Timestamped):
    """Somebody who takes part. Little is kept: a name, an address, a language, a sector."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )
    name = models.CharField(_("name"), max_length=200)
    email = AddressField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language"), max_length=12, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    sector = models.CharField(_("sector"), max_length=24, choices=Sector.choices, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()
    personal_data: ClassVar[dict[str, PersonalData]] = {
        "user": PersonalData(
            name=_("account"), why=_("To link a person to their account."), until=_("Until the person is erased.")
        ),
        "name": PersonalData(
            why=_("So that those you work with know who you are."),
            until=_PERSON_GOES,
        ),
        "email": PersonalData(
            why=_("To invite you and to tell you what concerns you."),
            until=_PERSON_GOES,
        ),
        "language": PersonalData(
            why=_("To write to you in your language."),
            until=_PERSON_GOES,
        ),
        "sector": PersonalData(
            why=_("To count who takes part, by sector."),
            until=_PERSON_GOES,
        ),
    }

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="person_email_once"),
            Check(
                Q(erased_at__isnull=False) | Q(name__regex=r"\S"),
                name="person_name_said",
                says=_("Fill this in."),
                field="name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


#: What is typed of somebody who is named by their address.
ENTERED = ("entered_name", "entered_email", "entered_language")

#: Names in the register of personal data for foreign keys, whose target's bare name would be too vague.
CALLED: dict[str, "StrOrPromise"] = {
    "person": _("person concerned"), "organisation": _("organisation concerned"), "duty": _("kind of duty"),
}  # fmt: skip


class Entered(models.Model):
    """A record that names somebody by their address, as whoever entered it knows them.

    An address that is already somebody's reveals nothing about them: if something else was typed than what is stored, that is
    what readers find who may not see the person.
    """

    entered_name = models.CharField(_("name as it was entered"), max_length=200, blank=True, editable=False)
    entered_email = AddressField(_("e-mail address as it was entered"), blank=True, editable=False)
    entered_language = models.CharField(
        _("language as it was entered"), max_length=12, choices=settings.LANGUAGES, blank=True, editable=False
    )

    #: Whether the reader may see the person; set by `with_known`.
    known: bool = False

    class Meta:
        abstract = True

    @property
    def called(self) -> str:
        """Return the person's name as this reader may see it; "" if nobody is named."""
        return self._told("name")

    @property
    def address(self) -> str:
        """Return the person's address."""
        return self._told("email")

    @property
    def written_in(self) -> str:
        """The language in which the person is written to, as far as this reader may know."""
        return self._told("language")

    def _told(self, name: str) -> str:
        person: Any = getattr(self, "person", None)
        typed = "" if self.known else getattr(self, f"entered_{name}")
        return str(typed or getattr(person, name, ""))


def with_known(rows: Rows, user: Any) -> Rows:
    """Records of `Entered` as the user may read them."""
    seen = Person.objects.visible_to(user).filter(pk=models.OuterRef("person"))
    read: Any = rows.annotate(known=models.Exists(seen))
    return read  # type: ignore[no-any-return]


_TENURE_ENDS = _("Until two years after it ends; the post stays without a name.")


class TenureQuerySet(HeldQuerySet["Tenure"]):
    """Posts by their days."""


@checked
class Tenure(Entered, TranslatableModel, Markable):
    """A post held by a person at an organisation over time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tenures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tenures")
    role = models.CharField(_("role"), max_length=12, choices=TenureRole.choices)
    title = models.CharField(_("title of the post"), max_length=200, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    from_precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.UNKNOWN)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = TenureQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("title",)
    seen_with: ClassVar[str] = "person"
    personal_data: ClassVar[dict[str, PersonalData]] = {
        name: PersonalData(
            name=CALLED.get(name, ""), why=_("To know who speaks for an organisation."), until=_TENURE_ENDS
        )
        for name in ("person", "organisation", "role", "title", "from_on", "until_on", *ENTERED)
    }

    class Meta:
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        constraints = [
            in_order(
                "from_on",
                "until_on",
                name="tenure_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
            Once(
                "person",
                "organisation",
                "role",
                condition=Q(until_on__isnull=True),
                name="tenure_once",
                says=_("This person holds this role here already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.role}"


class NetworkRoleQuerySet(HeldQuerySet["NetworkRole"]):
    """Duties by their days."""


@checked
class NetworkRole(Entered):
    """A duty for the network itself; a hub coordinator's is for one hub."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="network_roles")
    duty = models.CharField(_("duty"), max_length=16, choices=NetworkDuty.choices)
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, blank=True, related_name="roles")
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = NetworkRoleQuerySet.as_manager()
    personal_data: ClassVar[dict[str, PersonalData]] = {
        name: PersonalData(name=CALLED.get(name, ""), why=_("To know who may do what."), until=_TENURE_ENDS)
        for name in ("person", "duty", "hub", "from_on", "until_on", *ENTERED)
    }

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.CheckConstraint(
                condition=Q(duty=NetworkDuty.HUB_COORDINATOR, hub__isnull=False)
                | (~Q(duty=NetworkDuty.HUB_COORDINATOR) & Q(hub__isnull=True)),
                name="network_role_hub_where_due",
            ),
            in_order(
                "from_on",
                "until_on",
                name="network_role_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
            Once(
                "person",
                "duty",
                "hub",
                condition=Q(until_on__isnull=True),
                nulls_distinct=False,
                name="network_role_once",
                says=_("This person holds this role here already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.duty}"


@checked
class Consent(models.Model):
    """A person's consent to one purpose on a date, in the words shown then; perhaps withdrawn on another."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=ConsentPurpose.choices)
    wording = models.TextField(_("words shown"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        name: PersonalData(
            name=CALLED.get(name, ""),
            why=_("To show what you agreed to, and when."),
            until=_("Until the person is erased."),
        )
        for name in ("person", "purpose", "given_at", "withdrawn_at")
    }

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_one_standing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.purpose}"
