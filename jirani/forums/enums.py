"""Words of forums."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SeatRole(models.TextChoices):
    CO_CHAIR = "co-chair", pgettext_lazy("forum seat", "co-chair")
    SECRETARY = "secretary", pgettext_lazy("forum seat", "secretary")
    MEMBER = "member", pgettext_lazy("forum seat", "member")


class PriorityMethod(models.TextChoices):
    """How a priority was set."""

    VOTE = "vote", pgettext_lazy("priority set by", "vote")
    PLAN = "plan", pgettext_lazy("priority set by", "plan")
    NEEDS_ASSESSMENT = "needs-assessment", _("needs assessment")
