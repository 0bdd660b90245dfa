"""Local action plans: pillars, objectives, activities and how one can tell that they work.

In Kenya a plan is a County Action Plan (CAP). A pillar has two leads, one from government and one from civil society, and is
tended by a working group of the forum.
"""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Check, checked, currency_shape, in_order, no_less_than_nothing
from jirani.core.enums import Precision
from jirani.core.models import Markable, Shared, Sourced, Timestamped
from jirani.forums.models import Decision, Forum, Seat, WorkingGroup
from jirani.members.models import Grant, LocalAuthority, Organisation, standing_of
from jirani.plans.enums import Completion, Status
from jirani.taxonomy.models import Theme
from jirani.translation.models import TranslatableModel

from .enums import IndicatorKind, PlanState


class ActionPlanQuerySet(models.QuerySet["ActionPlan"]):
    def visible_to(self, user: Any) -> "ActionPlanQuerySet":
        """Plans visible by mode; drafts and closed ones for users who may edit them and for the forum's people."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        shown = Q(access__in=standing.modes) & ~Q(state=PlanState.DRAFT)
        if standing.person:
            shown |= Q(authority__in=LocalAuthority.objects.editable_by(user).values("pk"))
            shown |= Q(forum__in=Seat.objects.of_person(user).values("forum"))
        return self.filter(shown)

    def editable_by(self, user: Any) -> "ActionPlanQuerySet":
        """Plans of authorities that the user speaks for, and of forums of which they are the secretary."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        if standing.person is None:
            return self.none()
        return self.filter(
            Q(authority__in=LocalAuthority.objects.editable_by(user).values("pk"))
            | Q(forum__in=Forum.objects.editable_by(user).values("pk"))
        )


@checked
class ActionPlan(TranslatableModel, Timestamped, Shared, Sourced):
    """A local action plan over a period, and the version before it."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="plans")
    forum = models.ForeignKey(Forum, on_delete=models.SET_NULL, null=True, blank=True, related_name="plans")
    title = models.CharField(_("title"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    slug = models.SlugField(unique=True, max_length=80)
    # The plan's own number, told to readers; it takes the place of the moment of the last change.
    version = models.PositiveSmallIntegerField(_("version"), default=1)  # type: ignore[assignment]
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )
    state = models.CharField(_("state"), max_length=8, choices=PlanState.choices, default=PlanState.DRAFT)
    from_on = models.DateField(_("from"), null=True, blank=True)
    from_precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.UNKNOWN)
    until_on = models.DateField(_("until"), null=True, blank=True)
    until_precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.UNKNOWN)
    summary = models.TextField(_("summary"), blank=True)
    vision = models.TextField(_("vision"), blank=True)
    mission = models.TextField(_("mission"), blank=True)
    theory_of_change = models.TextField(_("theory of change"), blank=True)
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="plans")

    objects = ActionPlanQuerySet.as_manager()
    untitled = _("Plan without a title")
    translatable_fields: ClassVar[tuple[str, ...]] = ("title", "summary", "vision", "mission", "theory_of_change")

    class Meta:
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        constraints = [
            in_order(
                "from_on",
                "until_on",
                name="plan_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
            Check(
                Q(state=PlanState.DRAFT) | Q(title__regex=r"\S"),
                name="plan_adopted_is_named",
                says=_("Give it a title before it is adopted."),
                field="title",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")), name="plan_not_its_own_successor"
            ),
        ]
        indexes = [models.Index(fields=["authority", "-from_on"], name="plan_of_authority")]

    def __str__(self) -> str:
        return self.title or str(self.untitled)

    def called_in(self, language: str) -> str:
        """What readers of a language know it by where there is little room: its short name if they read it as it is written, or else its
        title. Call `attach_translations` first.
        """
        written_so = self.language == language
        return self.short_name if self.short_name and written_so else self.text_in("title", language)[0]

    def outline(self) -> dict[tuple[int, ...], int]:
        """The key of each pillar, objective and activity by its place: (2,), (2, 1), (2, 1, 3); one query."""
        found: dict[tuple[int, ...], int] = {}
        rows = self.pillars.order_by().values_list(
            "number", "objectives__number", "objectives__activities__number",
            "pk", "objectives__pk", "objectives__activities__pk",
        )  # fmt: skip
        for row in rows:
            found |= {row[:depth]: row[depth + 2] for depth in (1, 2, 3) if row[depth - 1] is not None}
        return found


class PlanPart(models.Model):
    """A numbered part of a plan."""

    #: The field of the whole within which it stands.
    whole: ClassVar[str]

    class Meta:
        abstract = True

    @classmethod
    def in_plan(cls) -> str:
        """Return the lookup that leads from the part to its plan."""
        above: Any = cls._meta.get_field(cls.whole).related_model
        return f"{cls.whole}__{above.in_plan()}" if issubclass(above, PlanPart) else cls.whole

    @property
    def plan_of(self) -> ActionPlan:
        """The plan that the part belongs to."""
        above: Any = getattr(self, self.whole)
        plan: ActionPlan = above.plan_of if isinstance(above, PlanPart) else above
        return plan


@checked
class Pillar(TranslatableModel, Markable, PlanPart):
    """A chapter of a plan, with two leads: government and civil society."""

    whole = "plan"

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="pillars")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    lead_government = models.ForeignKey(
        Organisation,
        verbose_name=_("lead from government"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pillars_led_for_government",
    )
    lead_civil_society = models.ForeignKey(
        Organisation,
        verbose_name=_("lead from civil society"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pillars_led_for_civil_society",
    )
    working_group = models.ForeignKey(
        WorkingGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="pillars"
    )

    translatable_fields: ClassVar[tuple[str, ...]] = ("title", "summary")
    seen_with: ClassVar[str] = "plan"

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="pillar_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


@checked
class Objective(TranslatableModel, Markable, PlanPart):
    """A strategic objective within a pillar."""

    whole = "pillar"

    pillar = models.ForeignKey(Pillar, on_delete=models.CASCADE, related_name="objectives")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)

    translatable_fields: ClassVar[tuple[str, ...]] = ("title",)
    seen_with: ClassVar[str] = "pillar"

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["pillar", "number"], name="objective_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: Any) -> "ActivityQuerySet":
        """Activities of plans that the user may see."""
        return self.filter(objective__pillar__plan__in=ActionPlan.objects.visible_to(user).values("pk"))

    def editable_by(self, user: Any) -> "ActivityQuerySet":
        """Activities of plans that the user may edit."""
        return self.filter(objective__pillar__plan__in=ActionPlan.objects.editable_by(user).values("pk"))


@checked
class Activity(TranslatableModel, Timestamped, Sourced, PlanPart):
    """What is done, by whom, until when, with what money, and how one can tell."""

    whole = "objective"

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="activities")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    lead = models.ForeignKey(
        Organisation,
        verbose_name=_("lead"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities_led",
    )
    co_lead = models.ForeignKey(
        Organisation,
        verbose_name=_("co-lead"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities_co_led",
    )
    supporting = models.ManyToManyField(
        Organisation, verbose_name=_("supporting"), blank=True, related_name="activities_supported"
    )
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    no_cost = models.BooleanField(_("no cost"), default=False)
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[RegexValidator(r"^[A-Z]{3}$")])
    grant = models.ForeignKey(
        Grant, verbose_name=_("grant"), on_delete=models.SET_NULL, null=True, blank=True, related_name="activities"
    )
    funding_source = models.CharField(_("other source of money"), max_length=200, blank=True)
    means_of_verification = models.TextField(_("means of verification"), blank=True)
    decided_in = models.ForeignKey(
        Decision,
        verbose_name=_("asked for by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
    )
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.OPEN)
    completion = models.CharField(
        _("completion"), max_length=12, choices=Completion.choices, default=Completion.NO_EVIDENCE
    )
    dropped_because = models.TextField(_("why it was dropped"), blank=True)

    objects = ActivityQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = (
        "title",
        "description",
        "means_of_verification",
        "dropped_because",
        "funding_source",
    )

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["objective", "number"], name="activity_number_once"),
            in_order(
                "from_on",
                "until_on",
                name="activity_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(no_cost=False) | Q(budget__isnull=True), name="activity_no_cost_no_budget"
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | ~Q(currency=""), name="activity_budget_has_currency"
            ),
            no_less_than_nothing("budget", name="activity_budget_not_negative"),
            currency_shape("currency", name="activity_currency_shape"),
            Check(
                Q(lead__isnull=True) | Q(co_lead__isnull=True) | ~Q(lead=F("co_lead")),
                name="activity_two_leads",
                says=_("Choose another organisation: this one leads already."),
                field="co_lead",
            ),
            Check(
                ~Q(status=Status.DROPPED) | Q(dropped_because__regex=r"\S"),
                name="activity_dropped_says_why",
                says=_("Say why it was dropped: the next city wants to know."),
                field="dropped_because",
            ),
            models.CheckConstraint(condition=Q(completion__in=Completion.values), name="activity_completion_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="activity_status_known"),
        ]

    def __str__(self) -> str:
        return self.title


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def editable_by(self, user: Any) -> "IndicatorQuerySet":
        """Indicators of activities that the user may edit."""
        return self.filter(activity__in=Activity.objects.editable_by(user).values("pk"))


@checked
class Indicator(TranslatableModel, Markable):
    """A figure or a description that tells whether an activity works, from a baseline to a target."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="indicators")
    kind = models.CharField(_("kind"), max_length=12, choices=IndicatorKind.choices)
    title = models.CharField(_("title"), max_length=300)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    baseline = models.CharField(_("baseline"), max_length=300, blank=True)
    target = models.CharField(_("target"), max_length=300, blank=True)

    objects = IndicatorQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("title", "baseline", "target", "unit")
    seen_with: ClassVar[str] = "activity"

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.title


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def editable_by(self, user: Any) -> "MeasurementQuerySet":
        """Measurements of indicators that the user may edit."""
        return self.filter(indicator__in=Indicator.objects.editable_by(user).values("pk"))


@checked
class Measurement(TranslatableModel, Timestamped, Sourced):
    """An indicator's value on a day."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measurements")
    measured_on = models.DateField(_("measured"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=3, null=True, blank=True)
    words = models.TextField(_("in words"), blank=True)

    objects = MeasurementQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("words",)
    seen_with: ClassVar[str] = "indicator"

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["-measured_on", "-id"]
        constraints = [
            Check(
                Q(value__isnull=False) | ~Q(words=""),
                name="measurement_says_something",
                says=_("Enter a value, or say in words what was found."),
                field="value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value if self.value is not None else self.words[:40]}"
