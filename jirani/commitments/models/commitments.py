"""Commitments to apply a lesson, and what belongs to one: milestones, adaptations, outcomes and their evidence."""

import secrets
from pathlib import PurePath
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.commitments.enums import APPLIED, COUNTED, TransferStep
from jirani.core.constraints import Check, checked, in_order
from jirani.core.enums import AccessMode, Precision
from jirani.core.models import Markable, Shared, Sourced, Timestamped
from jirani.core.registry import PersonalData
from jirani.events.models import Event
from jirani.lessons.models import Lesson
from jirani.members.models import Agreement, Grant, LocalAuthority, Organisation, Person, Standing, standing_of
from jirani.plans.enums import Completion, Status
from jirani.plans.models import Activity
from jirani.translation.models import TranslatableModel


def _proof(user: Any) -> "EvidenceQuerySet":
    """Evidence of a commitment that the reader sees, as far as they may see it."""
    return Evidence.objects.shown_inside(user).filter(commitment=OuterRef("pk")).order_by()


def _spoken_for(standing: Standing) -> Q:
    """Match commitments of organisations that the user speaks for; network coordinators speak for all."""
    spoken = Q(organisation__in=standing.focal_organisations)
    if standing.hubs:
        spoken |= Q(organisation__in=LocalAuthority.objects.filter(hub__in=standing.hubs).values("organisation"))
    return spoken


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Taken up: published. Applied: carried out to some degree, with evidence. Dropped: with a reason.

    Applied is what rests on evidence that the reader may see: a page, list, count or feed says no more than it can show.
    """

    def taken_up(self) -> "CommitmentQuerySet":
        """Published commitments, whatever became of them."""
        return self.exclude(status=Status.DRAFT)

    def applied(self, user: Any) -> "CommitmentQuerySet":
        """Commitments that are limited, substantial or complete, with evidence that the reader may see. Call it on commitments that the reader may see."""
        return self.taken_up().filter(Exists(_proof(user)), completion__in=APPLIED)

    def with_applied(self, user: Any) -> "CommitmentQuerySet":
        """Annotate `is_applied`, as in `applied`. Not by `Exists`, for which the database hashes all evidence to look up twenty rows."""
        proof = Subquery(_proof(user).values("pk")[:1])
        return self.annotate(is_applied=Q(completion__in=APPLIED) & Q(IsNull(proof, rhs=False)))

    def with_proof(self, user: Any) -> "CommitmentQuerySet":
        """Annotate `proof`: the key of a piece of its evidence that the reader may see; None if there is none."""
        return self.annotate(proof=Subquery(_proof(user).values("pk")[:1]))

    def unproven(self, user: Any) -> "CommitmentQuerySet":
        """Commitments of which the reader may see no evidence."""
        return self.filter(~Exists(_proof(user)))

    def dropped(self) -> "CommitmentQuerySet":
        """Commitments that were closed with a reason."""
        return self.filter(status=Status.DROPPED)

    def visible_to(self, user: Any) -> "CommitmentQuerySet":
        """Published commitments by mode; all of an organisation's for users who speak for it."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        shown = ~Q(status=Status.DRAFT) & Q(access__in=standing.modes)
        if standing.organisations:
            shown |= ~Q(status=Status.DRAFT) & Q(organisation__in=standing.organisations)
        return self.filter(shown | _spoken_for(standing))

    def editable_by(self, user: Any) -> "CommitmentQuerySet":
        """Commitments of organisations that the user speaks for."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        return self.filter(_spoken_for(standing)) if standing.focal_organisations or standing.hubs else self.none()


@checked
class Commitment(TranslatableModel, Timestamped, Shared, Sourced):
    """An organisation will apply a lesson at home."""

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("who"), on_delete=models.PROTECT, related_name="commitments"
    )
    lesson = models.ForeignKey(
        Lesson, verbose_name=_("lesson"), on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    event = models.ForeignKey(
        Event, verbose_name=_("made at"), on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity of the plan"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="commitments",
    )
    title = models.CharField(_("what will be done, in a sentence"), max_length=240, blank=True)
    problem = models.TextField(_("public problem"), blank=True)
    description = models.TextField(_("how it will be done"), blank=True)
    lead = models.CharField(_("lead, by post"), max_length=200, blank=True)
    supporting = models.ManyToManyField(
        Organisation, verbose_name=_("supporting"), blank=True, related_name="commitments_supported"
    )
    grant = models.ForeignKey(Grant, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments")
    made_on = models.DateField(pgettext_lazy("commitment", "made"), null=True, blank=True)
    made_precision = models.CharField(max_length=8, choices=COUNTED, default=Precision.UNKNOWN)
    due_on = models.DateField(_("due"), null=True, blank=True)
    transfer_step = models.CharField(
        _("transfer step"), max_length=10, choices=TransferStep.choices, default=TransferStep.UNDERSTAND
    )
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.DRAFT)
    completion = models.CharField(
        _("completion"), max_length=12, choices=Completion.choices, default=Completion.NO_EVIDENCE
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    dropped_because = models.TextField(_("why it was dropped"), blank=True)
    writer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments")

    objects = CommitmentQuerySet.as_manager()
    untitled = _("Commitment without a title")
    translatable_fields: ClassVar[tuple[str, ...]] = ("title", "problem", "description", "dropped_because", "lead")
    personal_data: ClassVar[dict[str, PersonalData]] = {
        "writer": PersonalData(
            name=_("who wrote it"),
            why=_("To ask whoever wrote a commitment about it."),
            until=_("Until the person is erased."),
        ),
    }

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(published_at__isnull=False), name="commitment_published_has_time"
            ),
            Check(
                Q(status=Status.DRAFT) | Q(title__regex=r"\S"),
                name="commitment_published_is_named",
                says=_("Say in a sentence what will be done."),
                field="title",
            ),
            Check(
                ~Q(status=Status.DROPPED) | Q(dropped_because__regex=r"\S"),
                name="commitment_dropped_says_why",
                says=_("Say why it was dropped: the next city wants to know."),
                field="dropped_because",
            ),
            in_order(
                "made_on",
                "due_on",
                name="commitment_due_after_made",
                says=_("Enter a day no earlier than the one on which it was made."),
            ),
            models.CheckConstraint(condition=Q(completion__in=Completion.values), name="commitment_completion_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="commitment_status_known"),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="commitment_by_date"),
            models.Index(fields=["lesson", "status"], name="commitment_of_lesson"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.untitled)


@checked
class Milestone(TranslatableModel):
    """A step on the way, with a day."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("step"), max_length=240)
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)

    translatable_fields: ClassVar[tuple[str, ...]] = ("title",)
    seen_with: ClassVar[str] = "commitment"

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title


P = TypeVar("P", bound=models.Model)


class PartQuerySet(models.QuerySet[P]):
    def editable_by(self, user: Any) -> Self:
        """Parts of commitments that the user may edit."""
        return self.filter(commitment__in=Commitment.objects.editable_by(user).values("pk"))


@checked
class Adaptation(TranslatableModel, Timestamped):
    """What was kept of a lesson, what changed, what was left out, and why."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="adaptations")
    kept = models.TextField(_("kept"), blank=True)
    changed = models.TextField(pgettext_lazy("adaptation", "changed"), blank=True)
    left_out = models.TextField(_("left out"), blank=True)
    why = models.TextField(_("why"))

    objects = PartQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("kept", "changed", "left_out", "why")
    seen_with: ClassVar[str] = "commitment"

    class Meta:
        verbose_name = _("adaptation")
        verbose_name_plural = _("adaptations")
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.why[:60]}"


class OutcomeQuerySet(PartQuerySet["Outcome"]):
    def visible_to(self, user: Any) -> "OutcomeQuerySet":
        """Outcomes visible by their mode and whose commitment is visible."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        shown = Q(access__in=standing.modes)
        if standing.in_network:
            shown |= Q(commitment__in=Commitment.objects.editable_by(user).values("pk"))
            shown |= Q(commitment__organisation__in=standing.organisations)
        return self.filter(shown, commitment__in=Commitment.objects.visible_to(user).values("pk"))


@checked
class Outcome(TranslatableModel, Timestamped, Shared, Sourced):
    """What changed, why it matters, what the commitment had to do with it, and who confirms it (outcome harvesting)."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="outcomes")
    change = models.TextField(_("what changed"))
    significance = models.TextField(_("why it matters"), blank=True)
    contribution = models.TextField(_("what the commitment had to do with it"), blank=True)
    observed_on = models.DateField(_("observed"), null=True, blank=True)
    observed_precision = models.CharField(max_length=8, choices=COUNTED, default=Precision.UNKNOWN)
    substantiated_by = models.ForeignKey(
        Organisation,
        verbose_name=_("confirmed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="outcomes_substantiated",
    )
    became = models.ForeignKey(
        Lesson,
        verbose_name=_("became a good practice"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="grew_from",
    )

    objects = OutcomeQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("change", "significance", "contribution")

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-observed_on", "-id"]
        indexes = [models.Index(F("observed_on").desc(nulls_last=True), F("id").desc(), name="outcome_latest")]

    def __str__(self) -> str:
        return self.change[:80]


class EvidenceQuerySet(PartQuerySet["Evidence"]):
    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        """Evidence visible by its mode and whose commitment (and outcome, if it has one) is visible."""
        if standing_of(user).coordinator:
            return self
        return self.shown_inside(user).filter(commitment__in=Commitment.objects.visible_to(user).values("pk"))

    def shown_inside(self, user: Any) -> "EvidenceQuerySet":
        """Visible evidence by its mode and its outcome's, given that the reader sees the commitment."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        open_to_them = Q(outcome__isnull=True) | Q(outcome__access__in=standing.modes)
        shown = Q(open_to_them, access__in=standing.modes)
        if standing.in_network:
            shown |= Q(commitment__in=Commitment.objects.editable_by(user).values("pk"))
            shown |= Q(commitment__organisation__in=standing.organisations)
        return self.filter(shown)


def random_name(evidence: "Evidence", filename: str) -> str:
    """Return where a file is stored: a random name that reveals nothing, with the extension of its kind."""
    return f"evidence/{secrets.token_hex(16)}{PurePath(filename).suffix.lower()[:6]}"


@checked
class Evidence(TranslatableModel, Timestamped, Shared, Markable):
    """What shows that a commitment was carried out or an outcome came about: a link or a file."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="evidence")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    title = models.CharField(_("what it is"), max_length=200)
    link = models.URLField(_("link"), max_length=600, blank=True)
    file = models.FileField(_("file"), upload_to=random_name, blank=True)

    objects = EvidenceQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("title",)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")), name="evidence_link_or_file"
            ),
            models.CheckConstraint(condition=Q(access__in=AccessMode.values), name="evidence_access_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> str:
        """Return the kind of its file, such as PDF; "" for a link."""
        return PurePath(self.file.name or "").suffix[1:].upper()
