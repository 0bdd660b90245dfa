"""Words of local action plans."""

from django.db import models
from django.utils.translation import pgettext_lazy


class PlanState(models.TextChoices):
    """The life of a plan."""

    DRAFT = "draft", pgettext_lazy("plan", "draft")
    ADOPTED = "adopted", pgettext_lazy("plan", "adopted")
    CLOSED = "closed", pgettext_lazy("plan", "ended")


class IndicatorKind(models.TextChoices):
    QUANTITATIVE = "quantitative", pgettext_lazy("indicator", "quantitative")
    QUALITATIVE = "qualitative", pgettext_lazy("indicator", "qualitative")
