"""Words of members."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sector(models.TextChoices):
    """What part of society an organisation or a person speaks for."""

    LOCAL_GOVERNMENT = "local-government", _("local government")
    NATIONAL_GOVERNMENT = "national-government", _("national government")
    CIVIL_SOCIETY = "civil-society", _("civil society")
    PRIVATE = "private", _("private sector")
    HEALTH = "health", pgettext_lazy("sector", "health")
    FAITH = "faith", pgettext_lazy("sector", "faith")
    EDUCATION = "education", pgettext_lazy("sector", "education")
    YOUTH = "youth", pgettext_lazy("sector", "youth")
    WOMEN = "women", pgettext_lazy("sector", "women")
    MEDIA = "media", pgettext_lazy("sector", "media")
    RESEARCH = "research", pgettext_lazy("sector", "research")
    SECURITY = "security", pgettext_lazy("sector", "security")
    MULTILATERAL = "multilateral", pgettext_lazy("sector", "multilateral")


class AuthorityKind(models.TextChoices):
    CITY = "city", pgettext_lazy("local authority", "city")
    COUNTY = "county", pgettext_lazy("local authority", "county")
    MUNICIPALITY = "municipality", pgettext_lazy("local authority", "municipality")
    REGION = "region", pgettext_lazy("local authority", "region")
    DISTRICT = "district", pgettext_lazy("local authority", "district")
    ASSOCIATION = "association", pgettext_lazy("local authority", "association of local authorities")


class Context(models.TextChoices):
    """The kind of place that an authority governs."""

    URBAN = "urban", pgettext_lazy("place", "urban")
    RURAL = "rural", pgettext_lazy("place", "rural")
    BORDER = "border", pgettext_lazy("place", "border")
    COASTAL = "coastal", pgettext_lazy("place", "coastal")
    CAPITAL = "capital", pgettext_lazy("place", "capital")
    PASTORALIST = "pastoralist", pgettext_lazy("place", "pastoralist")


class MembershipState(models.TextChoices):
    PROSPECT = "prospect", pgettext_lazy("membership", "prospect")
    INVITED = "invited", pgettext_lazy("membership", "invited")
    MEMBER = "member", pgettext_lazy("membership", "member")
    PAUSED = "paused", pgettext_lazy("membership", "paused")
    LEFT = "left", pgettext_lazy("membership", "left")


#: Memberships that readers may see; only coordinators see a prospect.
SHOWN_MEMBERSHIPS = (MembershipState.MEMBER, MembershipState.PAUSED, MembershipState.LEFT)


class TenureRole(models.TextChoices):
    """A person's role at an organisation."""

    FOCAL_POINT = "focal-point", _("focal point")
    HEAD = "head", _("head of the authority")
    OFFICIAL = "official", _("official")
    LEAD = "lead", pgettext_lazy("tenure", "programme lead")


class NetworkDuty(models.TextChoices):
    """A person's role for the network itself."""

    COORDINATOR = "coordinator", _("network coordinator")
    HUB_COORDINATOR = "hub-coordinator", _("hub coordinator")
    EDITOR = "editor", _("editor")
    TRANSLATOR = "translator", _("translator")


class AgreementKind(models.TextChoices):
    """The kind of document that organisations signed."""

    MEMORANDUM = "memorandum", _("memorandum of understanding")
    DECLARATION = "declaration", pgettext_lazy("agreement", "declaration")
    PARTNERSHIP = "partnership", pgettext_lazy("agreement", "partnership")


class ConsentPurpose(models.TextChoices):
    """What a person can say yes to."""

    DIRECTORY = "directory", _("to be found by other members of the network")
    PHOTOGRAPHS = "photographs", _("to appear in photographs")
    NAMED = "named", _("to be named in reports")
    NEWS = "news", _("to receive the newsletter")
