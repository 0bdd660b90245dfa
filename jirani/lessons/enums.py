"""Words of lessons."""

from django.db import models
from django.utils.translation import pgettext_lazy


class LessonKind(models.TextChoices):
    LESSON = "lesson", pgettext_lazy("lesson kind", "lesson")
    GOOD_PRACTICE = "good-practice", pgettext_lazy("lesson kind", "good practice")
    CHALLENGE = "challenge", pgettext_lazy("lesson kind", "challenge")
    SUCCESS = "success", pgettext_lazy("lesson kind", "success")
    FAILURE = "failure", pgettext_lazy("lesson kind", "failure")
    RECOMMENDATION = "recommendation", pgettext_lazy("lesson kind", "recommendation")


class Addressee(models.TextChoices):
    """Whom a recommendation is for: the four that networks address most, and each sector of society."""

    CITIES = "cities", pgettext_lazy("addressee", "mayors and cities")
    NATIONAL = "national", pgettext_lazy("addressee", "national governments")
    PARTNERS = "partners", pgettext_lazy("addressee", "partners and donors")
    NETWORK = "network", pgettext_lazy("addressee", "the network")
    CIVIL_SOCIETY = "civil-society", pgettext_lazy("addressee", "civil society")
    PRIVATE = "private", pgettext_lazy("addressee", "the private sector")
    HEALTH = "health", pgettext_lazy("addressee", "the health sector")
    FAITH = "faith", pgettext_lazy("addressee", "faith leaders and communities")
    EDUCATION = "education", pgettext_lazy("addressee", "the education sector")
    YOUTH = "youth", pgettext_lazy("addressee", "youth organisations")
    WOMEN = "women", pgettext_lazy("addressee", "women’s organisations")
    MEDIA = "media", pgettext_lazy("addressee", "the media")
    RESEARCH = "research", pgettext_lazy("addressee", "researchers")
    SECURITY = "security", pgettext_lazy("addressee", "the security sector")
    MULTILATERAL = "multilateral", pgettext_lazy("addressee", "multilateral organisations")


class ReviewLevel(models.TextChoices):
    """How far others have looked at it."""

    SHARED = "shared", pgettext_lazy("review level", "shared")
    INSPIRING = "inspiring", pgettext_lazy("review level", "inspiring")
    PEER_REVIEWED = "peer-reviewed", pgettext_lazy("review level", "peer reviewed")


class Attribution(models.TextChoices):
    """How a note is attributed, from the widest to the narrowest. Only its speaker may widen it."""

    NAMED = "named", pgettext_lazy("attribution", "named")
    ORGANISATION = "organisation", pgettext_lazy("attribution", "organisation")
    AUTHORITY = "authority", pgettext_lazy("attribution", "local authority")
    SECTOR = "sector", pgettext_lazy("attribution", "sector")
    UNATTRIBUTED = "unattributed", pgettext_lazy("attribution", "unattributed")


#: How narrow each attribution is: a higher number reveals less.
NARROWNESS = {attribution: place for place, attribution in enumerate(Attribution)}


class Publication(models.TextChoices):
    """The life of a record that is written first and shown later."""

    DRAFT = "draft", pgettext_lazy("publication", "Draft")
    PUBLISHED = "published", pgettext_lazy("publication", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("publication", "Withdrawn")
