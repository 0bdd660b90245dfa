"""Words of commitments."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.core.enums import Precision
from jirani.plans.enums import Completion


class Side(models.TextChoices):
    """Who answers a follow-up: both government and civil society do."""

    GOVERNMENT = "government", pgettext_lazy("follow-up", "government")
    CIVIL_SOCIETY = "civil-society", _("civil society")


class TransferStep(models.TextChoices):
    """How a practice travels. Source: URBACT's guide to transfer."""

    UNDERSTAND = "understand", pgettext_lazy("transfer step", "understand")
    ADAPT = "adapt", pgettext_lazy("transfer step", "adapt")
    REUSE = "re-use", pgettext_lazy("transfer step", "re-use")


#: Completions that count as applied if there is evidence (docs/explanation/chain.md).
APPLIED = (Completion.LIMITED, Completion.SUBSTANTIAL, Completion.COMPLETE)

#: How exactly a day is known from which something counts: a latest day is none.
COUNTED = [(word.value, word.label) for word in Precision if word not in (Precision.BY, Precision.BY_MONTH)]
