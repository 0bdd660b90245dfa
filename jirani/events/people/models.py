"""Who takes part in an event."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import checked
from jirani.core.models import Markable, Timestamped
from jirani.core.registry import PersonalData
from jirani.events.enums import INSIDE, ParticipationRole, ParticipationState
from jirani.events.event.models import Delegation, Event, belonging
from jirani.members.enums import Sector
from jirani.members.models import CALLED, ENTERED, Entered, Person, standing_of


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Any) -> "ParticipationQuerySet":
        """Participations that the user may see: all for people who run the event, and everybody's own."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        if standing.person is None:
            return self.none()
        return self.filter(Q(person=standing.person) | Q(event__hub__in=standing.hubs))

    def of_person(self, user: Any) -> "ParticipationQuerySet":
        """The user's own participations in events to which they belong."""
        person = standing_of(user).person
        return self.inside().filter(person=person) if person else self.none()

    def correctable_by(self, user: Any) -> "ParticipationQuerySet":
        """Participations of guests known only to the people who run their events: without an account, without a post, and at no event that the
        user does not run.
        """
        run = Event.objects.editable_by(user).values("pk")
        elsewhere = Participation.objects.filter(person=OuterRef("person")).exclude(event__in=run)
        guests = self.filter(event__in=run, person__isnull=False, person__user=None)
        without = guests.filter(person__tenures=None, person__network_roles=None, person__forum_seats=None)
        return without.exclude(Exists(elsewhere))

    def turned(self) -> "ParticipationQuerySet":
        """Participations with a refusal or change of mind that nobody who runs the event has seen yet; the latest last."""
        return self.filter(turned_at__isnull=False, person__isnull=False).order_by("turned_at", "pk")

    def knowing_record(self) -> "ParticipationQuerySet":
        """Each with `without_record`: whether it is a rapporteur's who may not type notes of any session yet."""
        named = Participation.objects.filter(session_parts__role=ParticipationRole.RAPPORTEUR).values("pk")
        lacks = Q(role=ParticipationRole.RAPPORTEUR, keeps_record=False) & ~Q(pk__in=named)
        return self.annotate(without_record=models.ExpressionWrapper(lacks, models.BooleanField()))

    def inside(self) -> "ParticipationQuerySet":
        """Participations of people who belong to the event and see what is closed to others."""
        return self.filter(belonging())


@checked
class Participation(Entered, Timestamped, Markable):
    """A person in an event: what they are there, for whom they come, and whether they come.

    A rapporteur who `keeps_record` does so at every session, closed ones too; others at those at which they are named.
    `nonce` makes the link in an invitation unique and, changed, takes it back. `declined_from` is the state in which the person
    said that they cannot come; it is empty if others said it for them. `attended_from` is what the state was before they
    were marked present, and is again if that is taken back. `turned_at` is when they refused or changed their mind, until somebody
    who runs the event has seen it.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="participations")
    role = models.CharField(
        _("role"), max_length=12, choices=ParticipationRole.choices, default=ParticipationRole.DELEGATE
    )
    sector = models.CharField(_("sector"), max_length=24, choices=Sector.choices, blank=True)
    delegation = models.ForeignKey(
        Delegation,
        verbose_name=_("delegation"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="participations",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ParticipationState.choices, default=ParticipationState.INVITED
    )
    keeps_record = models.BooleanField(_("keeps the record of every session"), default=False)
    nonce = models.CharField(max_length=32, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    declined_from = models.CharField(
        _("state before the refusal"), max_length=12, choices=ParticipationState.choices, blank=True, editable=False
    )
    attended_from = models.CharField(
        _("state before the presence"), max_length=12, choices=ParticipationState.choices, blank=True, editable=False
    )
    turned_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ParticipationQuerySet.as_manager()
    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData(
            name=CALLED["person"],
            why=_("To invite you, to plan your programme and to let you say what you learned."),
            until=_("Two years after the event; the count by sector and delegation stays without you."),
        ),
        "state": PersonalData(
            why=_("To know who comes."), until=_("Two years after the event; the count stays without you.")
        ),
        "answered_at": PersonalData(
            name=_("time of the answer"), why=_("To know who comes."), until=_("Two years after the event.")
        ),
        "declined_from": PersonalData(why=_("To know who comes."), until=_("Two years after the event.")),
        "attended_from": PersonalData(
            name=_("state before attendance was entered"),
            why=_("To know who comes."),
            until=_("Two years after the event."),
        ),
        "turned_at": PersonalData(
            name=_("time of the refusal or the change of mind"),
            why=_("To let those who run the event know."),
            until=_("Two years after the event."),
        ),
        **{name: PersonalData(why=_("To know who comes."), until=_("Two years after the event.")) for name in ENTERED},
    }

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"], condition=Q(person__isnull=False), name="participation_once"
            ),
            models.CheckConstraint(condition=Q(role__in=ParticipationRole.values), name="participation_role_known"),
            models.CheckConstraint(condition=Q(state__in=ParticipationState.values), name="participation_state_known"),
            models.CheckConstraint(
                condition=Q(declined_from="")
                | Q(state=ParticipationState.DECLINED)
                | Q(attended_from=ParticipationState.DECLINED),
                name="participation_own_refusal",
            ),
            models.CheckConstraint(
                condition=Q(attended_from="") | Q(state=ParticipationState.ATTENDED), name="participation_was_before"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.event_id}: {self.role}"

    @property
    def standing(self) -> str:
        """The state as it would be had nobody said that they were there."""
        if self.state != ParticipationState.ATTENDED:
            return self.state
        return self.attended_from or ParticipationState.CONFIRMED

    @property
    def is_inside(self) -> bool:
        """Tell whether the person belongs to the event; `belonging` asks the same of many."""
        return self.state in INSIDE and (self.state != ParticipationState.INVITED or bool(self.nonce))

    @property
    def is_told(self) -> bool:
        """Whether the person knows of it: an invitation has gone out, they answered, or they belong to the event without one."""
        return bool(self.nonce) or self.answered_at is not None or self.is_inside
