"""Words of local action plans."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(models.TextChoices):
    """The life of a plan."""

    DRAFT = "draft", pgettext_lazy("plan", "draft")
    ADOPTED = "adopted", pgettext_lazy("plan", "adopted")
    CLOSED = "closed", pgettext_lazy("plan", "ended")


class IndicatorKind(models.TextChoices):
    QUANTITATIVE = "quantitative", pgettext_lazy("indicator", "quantitative")
    QUALITATIVE = "qualitative", pgettext_lazy("indicator", "qualitative")


class Status(models.TextChoices):
    """The state of a promise or an activity; how far it got is its completion."""

    DRAFT = "draft", pgettext_lazy("status", "Draft")
    OPEN = "open", pgettext_lazy("status", "Open")
    DONE = "done", pgettext_lazy("status", "Done")
    DROPPED = "dropped", pgettext_lazy("status", "Dropped")


class Completion(models.TextChoices):
    """The Open Government Partnership's five words for how far something got.

    Source: https://www.opengovpartnership.org/glossary/completion/
    """

    NO_EVIDENCE = "no-evidence", _("No evidence available")
    NOT_STARTED = "not-started", _("Not started")
    LIMITED = "limited", _("Limited")
    SUBSTANTIAL = "substantial", _("Substantial")
    COMPLETE = "complete", _("Complete")
