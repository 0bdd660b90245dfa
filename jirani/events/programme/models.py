"""Sessions of events, what is left of those taken out, and who does what in them."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import checked
from jirani.core.enums import AccessMode
from jirani.core.models import Shared, Sourced, Timestamped
from jirani.core.registry import PersonalData
from jirani.events.enums import ClockSide, ParticipationRole, SessionKind
from jirani.events.event.models import Event
from jirani.events.hours.text import Hours, zone_of
from jirani.events.people.models import Participation
from jirani.members.models import Organisation, standing_of
from jirani.translation.models import TranslatableModel


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Any) -> "SessionQuerySet":
        """Sessions visible by mode and whose event is visible; closed ones for the event's people."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        shown = Q(access__in=standing.modes)
        if standing.person:
            shown |= Q(event__in=Participation.objects.of_person(user).values("event"))
        if standing.hubs:
            shown |= Q(event__hub__in=standing.hubs)
        return self.filter(shown, event__in=Event.objects.visible_to(user).values("pk"))

    def kept_by(self, user: Any) -> "SessionQuerySet":
        """Sessions whose rapporteur the user is: named at the session, or explicitly for the whole event: rights must not grow
        when a part in a session is removed.
        """
        own = SessionPart.objects.of_rapporteur(user)
        whole = Participation.objects.of_person(user).filter(role=ParticipationRole.RAPPORTEUR, keeps_record=True)
        return self.filter(Q(pk__in=own.values("session")) | Q(event__in=whole.values("event")))

    def noted_by(self, user: Any) -> "SessionQuerySet":
        """Sessions whose record the user keeps: as rapporteur, or because they may edit the event."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        kept = Q(pk__in=Session.objects.kept_by(user).values("pk"))
        return self.filter(kept | Q(event__hub__in=standing.hubs)) if standing.hubs else self.filter(kept)


@checked
class Session(TranslatableModel, Timestamped, Shared, Sourced):
    """A part of an event. Times are in the event's time zone, if known; what ends at an hour of the clock that is
    not later than its beginning ends the day after. Sides are those of hours that come twice.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(_("kind"), max_length=14, choices=SessionKind.choices)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    held_on = models.DateField(_("day"), null=True, blank=True)
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    starts_side = models.CharField(_("side of from"), max_length=6, choices=ClockSide.choices, blank=True)
    ends_side = models.CharField(_("side of until"), max_length=6, choices=ClockSide.choices, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    host = models.ForeignKey(
        Organisation,
        verbose_name=_("host"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_hosted",
    )
    floor_language = models.CharField(_("floor language"), max_length=12, blank=True)
    interpretation = ArrayField(
        models.CharField(max_length=12), verbose_name=_("interpretation into"), default=list, blank=True
    )

    objects = SessionQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("title", "summary", "place")

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["held_on", "starts_at", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True)
                | Q(starts_at__isnull=True)
                | ~Q(ends_at=F("starts_at"))
                | Q(starts_side=ClockSide.BEFORE, ends_side=ClockSide.AFTER),
                name="session_ends_apart",
            ),
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="session_kind_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def hours(self) -> Hours | None:
        """Return when it takes place; None if day or hour is not known."""
        if self.held_on is None or self.starts_at is None:
            return None
        zone = zone_of(self.event.time_zone)
        return Hours(self.held_on, self.starts_at, self.ends_at, zone, self.starts_side, self.ends_side)

    @property
    def is_closed(self) -> bool:
        """Whether the Chatham House Rule covers it: neither speaker nor affiliation leaves the room."""
        return AccessMode.CLOSED in (self.access, self.event.access)

    @property
    def shown_host(self) -> Organisation | None:
        """Return its host, unless it is closed: the place of a closed session is not revealed."""
        return None if self.is_closed else self.host


@checked
class RemovedSession(Shared):
    """A session that was removed from an event after people had been told of it: kept so that their calendars can remove it too.

    `number` is what the session's was, by which calendars know it.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="removed_sessions")
    number = models.PositiveBigIntegerField(unique=True)
    title = models.CharField(_("title"), max_length=200)
    held_on = models.DateField(_("day"))
    starts_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("until"), null=True, blank=True)
    starts_side = models.CharField(_("side of from"), max_length=6, choices=ClockSide.choices, blank=True)
    ends_side = models.CharField(_("side of until"), max_length=6, choices=ClockSide.choices, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("removed session")
        verbose_name_plural = _("removed sessions")

    def __str__(self) -> str:
        return self.title


class SessionPartQuerySet(models.QuerySet["SessionPart"]):
    def of_rapporteur(self, user: Any) -> "SessionPartQuerySet":
        """The user's own parts as rapporteur."""
        own = Participation.objects.of_person(user)
        return self.filter(role=ParticipationRole.RAPPORTEUR, participation__in=own)


@checked
class SessionPart(models.Model):
    """What a participant does in one session: speaks, moderates, keeps its record."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="parts")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="session_parts")
    role = models.CharField(_("role"), max_length=12, choices=ParticipationRole.choices)

    objects = SessionPartQuerySet.as_manager()
    personal_data: ClassVar[dict[str, PersonalData]] = {
        "participation": PersonalData(
            name=_("who takes part in the session"),
            why=_("To show your programme and to let a rapporteur work."),
            until=_("Two years after the event."),
        ),
    }

    class Meta:
        verbose_name = _("part in a session")
        verbose_name_plural = _("parts in sessions")
        constraints = [models.UniqueConstraint(fields=["session", "participation", "role"], name="session_part_once")]

    def __str__(self) -> str:
        return f"{self.participation_id} in {self.session_id}: {self.role}"
