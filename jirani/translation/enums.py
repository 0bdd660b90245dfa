"""Words of translation."""

from django.db import models
from django.utils.translation import pgettext_lazy


class TranslationState(models.TextChoices):
    """How a translation came about, from the least to the most trusted."""

    MACHINE = "machine", pgettext_lazy("translation state", "translated by machine, not yet reviewed")
    DRAFTED = "drafted", pgettext_lazy("translation state", "drafted, not yet checked by a native speaker")
    REVIEWED = "reviewed", pgettext_lazy("translation state", "translated and reviewed")
