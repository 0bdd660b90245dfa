"""Exchanges, visits and summits, the organisations behind them and the authorities that send people."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Check, checked, in_order, within_a_year
from jirani.core.enums import Precision
from jirani.core.models import Shared, Sourced, Timestamped
from jirani.core.registry import PersonalData
from jirani.events.enums import (
    INSIDE,
    EventFormat,
    EventKind,
    EventState,
    ParticipationState,
    PartyRole,
)
from jirani.events.hours.text import zone_of
from jirani.members.models import (
    Grant,
    Hub,
    LocalAuthority,
    Organisation,
    Person,
    standing_of,
)
from jirani.taxonomy.models import Theme
from jirani.translation.models import TranslatableModel

NO_DAYS = _("First enter when the event takes place: its programme and its people depend on that.")


def belonging(to: str = "") -> Q:
    """Match participations, looked up by `to`, of people who belong to the event and see what is closed to others.
    Who is only listed, and not invited yet, does not.
    """
    asked = Q(**{f"{to}state": ParticipationState.INVITED, f"{to}nonce__gt": ""})
    return asked | Q(**{f"{to}state__in": set(INSIDE) - {ParticipationState.INVITED}})


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: Any) -> "EventQuerySet":
        """Published ones by mode; drafts for those who may edit them; closed ones for their people."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        shown = Q(access__in=standing.modes)
        if standing.person:
            own = Event.objects.filter(belonging("participations__"), participations__person=standing.person)
            shown |= Q(pk__in=own.values("pk"))
        shown &= ~Q(state=EventState.DRAFT)
        return self.filter(shown | Q(hub__in=standing.hubs))

    def editable_by(self, user: Any) -> "EventQuerySet":
        """All events for network coordinators; a hub's events for its coordinators."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        return self.filter(hub__in=standing.hubs) if standing.hubs else self.none()

    def with_follow_ups(self, **named: Any) -> "EventQuerySet":
        """Include the follow-ups of the events that `named` matches: what was learned at a debrief was taught by the
        exchange it follows.
        """
        base = self.filter(**named).values("pk")
        return self.filter(Q(pk__in=base) | Q(follow_up_of__in=base))

    def announced(self) -> "EventQuerySet":
        """Without drafts: what lists show, to those too who may see drafts."""
        return self.exclude(state=EventState.DRAFT)

    def coming(self, today: Any) -> "EventQuerySet":
        """Events that have not ended, the next one first."""
        return self.filter(ends_on__gte=today).order_by("starts_on", "id")

    def past(self, today: Any) -> "EventQuerySet":
        """Events that have ended, the latest first."""
        return self.filter(ends_on__lt=today).order_by("-starts_on", "-id")


@checked
class Event(TranslatableModel, Timestamped, Shared, Sourced):
    """An exchange, a visit, a summit: dates, a place or a link, and those who made it happen.

    `sequence` counts its changes for calendars, which believe the highest one; a session's entry there adds the session's own.
    `told` is how things stood when its people were last told, while a letter of changes waits or once it is called off.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=EventKind.choices)
    format = models.CharField(_("format"), max_length=10, choices=EventFormat.choices)
    state = models.CharField(_("state"), max_length=10, choices=EventState.choices, default=EventState.DRAFT)
    title = models.CharField(_("title"), max_length=200, blank=True)
    slug = models.SlugField(unique=True, max_length=100)
    summary = models.TextField(_("summary"), blank=True)
    description = models.TextField(_("description"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    # Only a draft may lack them, and nothing hangs on an event without days: elsewhere they are dates.
    starts_on: "models.DateField[Any, Any]" = models.DateField(_("first day"), null=True, blank=True)
    ends_on: "models.DateField[Any, Any]" = models.DateField(_("last day"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the dates"), max_length=8, choices=Precision.choices, default=Precision.DAY
    )
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[RegexValidator(r"^[A-Z]{2}$")])
    link = models.URLField(_("link to join"), blank=True, help_text=_("Only the event's people see it."))
    sequence = models.PositiveIntegerField(default=0, editable=False)
    told = models.JSONField(null=True, blank=True, editable=False)
    rearranged_on = models.DateField(_("dates, place or hours last changed"), null=True, blank=True, editable=False)
    report_waived_at = models.DateTimeField(_("no report, said on"), null=True, blank=True, editable=False)
    report_waived_by = models.ForeignKey(
        Person,
        verbose_name=_("no report, said by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    follow_up_of = models.ForeignKey(
        "self",
        verbose_name=_("follow-up of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
    )
    hub = models.ForeignKey(
        Hub, verbose_name=_("hub"), on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="events")
    grants = models.ManyToManyField(Grant, verbose_name=_("grants"), blank=True, related_name="events")
    organisations = models.ManyToManyField(Organisation, through="EventParty", related_name="events")
    reported_attendance = models.CharField(
        _("attendance as the source reports it"),
        max_length=120,
        blank=True,
        help_text=_("Only for events whose participants are not on record, such as “65–70”."),
    )

    objects = EventQuerySet.as_manager()
    untitled = _("Event without a title")
    translatable_fields: ClassVar[tuple[str, ...]] = (
        "title",
        "summary",
        "description",
        "next_steps",
        "place",
        "reported_attendance",
    )
    personal_data: ClassVar[dict[str, PersonalData]] = {
        "report_waived_by": PersonalData(
            name=_("who said that there will be no report"),
            why=_("To know whom to ask why an event has no report."),
            until=_("Until the person is erased."),
        ),
    }

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            Check(
                Q(state=EventState.DRAFT) | Q(title__regex=r"\S", starts_on__isnull=False),
                name="event_announced_is_whole",
                says=_("Only a draft may be without a title or without days."),
            ),
            Check(
                Q(starts_on__isnull=True, ends_on__isnull=True) | Q(starts_on__isnull=False, ends_on__isnull=False),
                name="event_has_both_days",
                says=_("Enter the first day, or say that the date is not known."),
                field="starts_on",
            ),
            in_order(
                "starts_on", "ends_on", name="event_ends_after_start", says=_("The last day is before the first.")
            ),
            within_a_year("starts_on", "ends_on", name="event_within_a_year"),
            models.CheckConstraint(
                condition=Q(follow_up_of__isnull=True) | ~Q(follow_up_of=F("id")), name="event_not_its_own_follow_up"
            ),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(condition=Q(format__in=EventFormat.values), name="event_format_known"),
        ]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="event_by_date")]

    def __str__(self) -> str:
        return self.title or str(self.untitled)

    def require_days(self) -> None:
        """Raise ValidationError if it is not yet said when it takes place: its programme and its people depend on that."""
        if self.starts_on is None:
            raise ValidationError(NO_DAYS)

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return bool(self.ends_on and self.ends_on < timezone.localdate())

    @property
    def has_begun(self) -> bool:
        """Whether its first day has come, in its own time zone: before that there is nothing to report, and nobody was there."""
        return bool(self.starts_on and self.starts_on <= timezone.localdate(timezone=zone_of(self.time_zone)))


class EventPartyQuerySet(models.QuerySet["EventParty"]):
    """Organisations behind events."""

    def in_order(self) -> "EventPartyQuerySet":
        """By their roles, as these are told, and within a role as they were added: by `rank` and `id`."""
        rank = Case(*(When(role=role, then=Value(place)) for place, role in enumerate(PartyRole)))
        return self.annotate(rank=rank).order_by("rank", "id")


@checked
class EventParty(models.Model):
    """An organisation's part in an event: organiser, host, partner or donor."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="event_parts")
    role = models.CharField(_("role"), max_length=10, choices=PartyRole.choices)

    objects = EventPartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation", "role"], name="event_party_once"),
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="event_party_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.role}"


@checked
class Delegation(models.Model):
    """An authority that sends people to an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="delegations")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="delegations")

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [models.UniqueConstraint(fields=["event", "authority"], name="delegation_once")]

    def __str__(self) -> str:
        return f"{self.authority} → {self.event}"
