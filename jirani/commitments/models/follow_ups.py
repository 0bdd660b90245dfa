"""Questions of what became of a commitment, after 3, 6 and 12 months."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jirani.commitments.enums import Side
from jirani.core.constraints import checked
from jirani.core.models import Timestamped
from jirani.forums.models import Forum
from jirani.members.enums import Sector
from jirani.members.models import Organisation, standing_of
from jirani.plans.enums import Completion, Status
from jirani.translation.models import TranslatableModel

from .commitments import Commitment

#: Sectors that answer a follow-up for government; all others answer for civil society.
GOVERNMENT = (Sector.LOCAL_GOVERNMENT, Sector.NATIONAL_GOVERNMENT)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> "FollowUpQuerySet":
        """Follow-ups that nobody has answered, of commitments that were not dropped."""
        return self.filter(answered_on__isnull=True).exclude(commitment__status=Status.DROPPED)

    def answerable_by(self, user: Any) -> "FollowUpQuerySet":
        """Follow-ups that the user may answer: government answers for itself and civil society for itself.

        The organisation that promised answers for its side. For the other side answer the people of supporting organisations of
        that side and, for civil society, the secretary of the authority's forum. Coordinators may answer too.
        """
        standing = standing_of(user)
        published = self.exclude(commitment__status=Status.DRAFT)
        if standing.coordinator:
            return published
        if not standing.in_network:
            return self.none()
        own = Q(commitment__in=Commitment.objects.editable_by(user).values("pk"))
        government = Q(commitment__organisation__sector__in=GOVERNMENT)
        supporting = Organisation.objects.filter(pk__in=standing.organisations)
        helped = Commitment.supporting.through.objects
        state = helped.filter(organisation__in=supporting.filter(sector__in=GOVERNMENT)).values("commitment")
        civil = helped.filter(organisation__in=supporting.exclude(sector__in=GOVERNMENT)).values("commitment")
        kept = Forum.objects.kept_by(user).values("authority__organisation")
        may = Q(side=Side.GOVERNMENT) & ((own & government) | Q(commitment__in=state))
        may |= Q(side=Side.CIVIL_SOCIETY) & ((own & ~government) | Q(commitment__in=civil))
        may |= Q(side=Side.CIVIL_SOCIETY, commitment__organisation__in=kept) if standing.person else Q()
        return published.filter(may, commitment__in=Commitment.objects.visible_to(user).values("pk"))


@checked
class FollowUp(TranslatableModel, Timestamped):
    """A question after 3, 6 or 12 months, answered by government and civil society both."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(_("months"))
    side = models.CharField(_("asked of"), max_length=14, choices=Side.choices)
    due_on = models.DateField(_("due"))
    answered_on = models.DateField(_("answered"), null=True, blank=True)
    completion = models.CharField(_("completion"), max_length=12, choices=Completion.choices, blank=True)
    words = models.TextField(_("in words"), blank=True)
    reminded_on = models.DateField(_("people who may answer were written to"), null=True, blank=True, editable=False)

    objects = FollowUpQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("words",)
    seen_with: ClassVar[str] = "commitment"

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "months", "side"], name="follow_up_once"),
            models.CheckConstraint(condition=Q(months__in=[3, 6, 12]), name="follow_up_months_known"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | ~Q(completion=""), name="follow_up_answer_says_completion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.months} {self.side}"
