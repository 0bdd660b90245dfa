"""Words of the newsroom."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ArticleKind(models.TextChoices):
    NEWS = "news", pgettext_lazy("article kind", "news")
    ARTICLE = "article", pgettext_lazy("article kind", "article")
    SPOTLIGHT = "spotlight", pgettext_lazy("article kind", "city spotlight")
    IMPACT_STORY = "impact-story", pgettext_lazy("article kind", "impact story")
    JOURNEY = "journey", pgettext_lazy("article kind", "member journey")
    NEWSLETTER = "newsletter", pgettext_lazy("article kind", "newsletter")


class DraftedBy(models.TextChoices):
    """How a page's text in its language came about."""

    ORIGINAL = "original", pgettext_lazy("page text", "original")
    MACHINE = "machine", pgettext_lazy("page text", "translated by machine, not yet reviewed")
    PERSON = "drafted", pgettext_lazy("page text", "translated by a person, not yet checked by a native speaker")
    REVIEWED = "reviewed", pgettext_lazy("page text", "translated and reviewed")
