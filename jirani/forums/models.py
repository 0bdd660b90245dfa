"""Standing multi-stakeholder forums (in Kenya, County Engagement Forums) and what matters most to a place."""

from hashlib import sha256
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Check, Once, checked, in_order
from jirani.core.enums import AccessMode, Precision
from jirani.core.models import Markable, Shared, Sourced, Timestamped
from jirani.core.registry import PersonalData
from jirani.members.enums import Sector
from jirani.members.models import CALLED, ENTERED, Entered, LocalAuthority, Organisation, Person, standing_of
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.models import TranslatableModel

from .enums import PriorityMethod, SeatRole


def _led_by(user: Any) -> Q:
    """Match forums that a user who does not coordinate the network may edit; coordinators edit all."""
    spoken = Q(authority__in=LocalAuthority.objects.editable_by(user).values("pk"))
    return spoken | Q(pk__in=Seat.objects.of_secretary(user).values("forum"))


class ForumQuerySet(models.QuerySet["Forum"]):
    def visible_to(self, user: Any) -> "ForumQuerySet":
        """Forums visible by mode; closed ones for people who sit in them."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        shown = Q(access__in=standing.modes)
        if standing.person:
            shown |= Q(pk__in=Seat.objects.of_person(user).values("forum")) | _led_by(user)
        return self.filter(shown)

    def editable_by(self, user: Any) -> "ForumQuerySet":
        """Forums of which the user is the secretary, or whose authority they may speak for."""
        return self if standing_of(user).coordinator else self.filter(_led_by(user))

    def kept_by(self, user: Any) -> "ForumQuerySet":
        """Forums of which the user is the secretary."""
        return self.filter(pk__in=Seat.objects.of_secretary(user).values("forum"))


@checked
class Forum(TranslatableModel, Timestamped, Shared, Sourced):
    """A standing body in which government and civil society carry out a local action plan together."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="forums")
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True, max_length=80)
    summary = models.TextField(_("summary"), blank=True)
    formed_on = models.DateField(_("formed"), null=True, blank=True)
    formed_precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.UNKNOWN)

    objects = ForumQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("name", "summary")

    class Meta:
        verbose_name = _("forum")
        verbose_name_plural = _("forums")

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(models.QuerySet["Seat"]):
    def editable_by(self, user: Any) -> "SeatQuerySet":
        """Seats of forums that the user may edit; a secretary's seat only if the user coordinates the authority."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        others = Q(forum__in=Forum.objects.editable_by(user).values("pk")) & ~Q(role=SeatRole.SECRETARY)
        return self.filter(others | Q(forum__authority__hub__in=standing.hubs))

    def standing(self) -> "SeatQuerySet":
        """Seats that are held today."""
        return self.filter(until_on__isnull=True)

    def of_person(self, user: Any) -> "SeatQuerySet":
        """Seats that the user holds today, in person or for an organisation at which they have a post."""
        standing = standing_of(user)
        if standing.person is None:
            return self.none()
        return self.standing().filter(Q(person=standing.person) | Q(organisation__in=standing.organisations))

    def of_secretary(self, user: Any) -> "SeatQuerySet":
        """Seats by which the user is a forum's secretary today."""
        person = standing_of(user).person
        return self.standing().filter(person=person, role=SeatRole.SECRETARY) if person else self.none()


@checked
class Seat(Entered, Sourced):
    """A seat in a forum, held by an organisation and, if known, by a person on its behalf."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="forum_seats"
    )
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="forum_seats")
    role = models.CharField(_("role"), max_length=10, choices=SeatRole.choices, default=SeatRole.MEMBER)
    sector = models.CharField(_("sector"), max_length=24, choices=Sector.choices, blank=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()
    personal_data: ClassVar[dict[str, PersonalData]] = {
        name: PersonalData(
            name=CALLED.get(name, ""),
            why=_("To know who sits in a forum and to invite them."),
            until=_("Until two years after the seat is given up; the seat stays without a name."),
        )
        for name in ("person", *ENTERED)
    }

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            in_order(
                "from_on",
                "until_on",
                name="seat_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
            Once(
                "forum",
                "organisation",
                "person",
                "role",
                condition=Q(until_on__isnull=True, person__isnull=False),
                nulls_distinct=False,
                name="seat_once",
                says=_("This person holds this role here already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forum}: {self.role}"


@checked
class WorkingGroup(TranslatableModel, Markable):
    """A group of a forum that tends one or more pillars of the plan."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="working_groups")
    name = models.CharField(_("name"), max_length=200)
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="working_groups")

    translatable_fields: ClassVar[tuple[str, ...]] = ("name",)
    seen_with: ClassVar[str] = "forum"

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> str:
        """A digest of what it is called and of who is in it, to tell whether somebody else has saved since; "" before the first."""
        if self._state.adding:
            return ""
        inside = list(self.organisations.order_by("pk").values_list("pk", flat=True))
        return sha256(repr([self.name, self.language, inside]).encode()).hexdigest()[:40]


#: Meetings on a page of a forum, the latest first.
MEETINGS = 12


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """Meetings visible by their mode, if the user may see the forum."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        seen = self.filter(forum__in=Forum.objects.visible_to(user).values("pk"))
        inside = Q(forum__in=Seat.objects.of_person(user).values("forum"))
        inside |= Q(forum__in=Forum.objects.editable_by(user).values("pk"))
        return seen.filter(Q(access__in=standing.modes) | inside)


@checked
class Meeting(TranslatableModel, Timestamped, Shared, Sourced):
    """A meeting of a forum or of one of its working groups; closed unless its secretary opens it."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="meetings")
    working_group = models.ForeignKey(
        WorkingGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="meetings"
    )
    access = models.CharField(_("who may see it"), max_length=8, choices=AccessMode.choices, default=AccessMode.CLOSED)
    title = models.CharField(_("title"), max_length=200)
    held_on = models.DateField(_("held"))
    minutes = models.TextField(_("minutes"), blank=True)

    objects = MeetingQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("title", "minutes")

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return self.title


@checked
class Attendance(models.Model):
    """A seat that was represented at a meeting, with its sector."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Seat, on_delete=models.SET_NULL, null=True, blank=True, related_name="attendances")
    sector = models.CharField(_("sector"), max_length=24, choices=Sector.choices, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "seat": PersonalData(
            name=_("seat of whoever attended"),
            why=_("To tell whether a forum is alive, by sector."),
            until=_("Two years after the meeting; the count stays."),
        ),
    }

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.seat_id}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Decisions of meetings that the user may see."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))


@checked
class Decision(TranslatableModel):
    """What a meeting decided; an activity of the plan may follow from it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    text = models.TextField(_("decision"))

    objects = DecisionQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("text",)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return self.text[:80]


class PriorityQuerySet(models.QuerySet["Priority"]):
    def visible_to(self, user: Any) -> "PriorityQuerySet":
        """Priorities visible by mode; closed ones for users who speak for the authority or sit in the forum."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        shown = Q(access__in=standing.modes)
        if standing.person:
            shown |= Q(authority__in=LocalAuthority.objects.editable_by(user).values("pk"))
            shown |= Q(forum__in=Seat.objects.of_person(user).values("forum"))
        return self.filter(shown)

    def editable_by(self, user: Any) -> "PriorityQuerySet":
        """Priorities of authorities that the user speaks for, and those set in forums that they may edit."""
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
class Priority(TranslatableModel, Timestamped, Shared, Sourced):
    """What an authority or a forum says matters most in a period, in its words. Plans respond to priorities."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="priorities")
    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, null=True, blank=True, related_name="priorities")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="priorities")
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="priorities")
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    words = models.TextField(_("in its words"), blank=True)
    method = models.CharField(_("how it was set"), max_length=18, choices=PriorityMethod.choices)
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = PriorityQuerySet.as_manager()
    translatable_fields: ClassVar[tuple[str, ...]] = ("words",)

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["rank", "id"]
        constraints = [
            Check(
                Q(theme__isnull=False) | Q(driver__isnull=False),
                name="priority_names_its_subject",
                says=_("Choose a theme or a driver."),
                field="theme",
            ),
            in_order(
                "from_on",
                "until_on",
                name="priority_ends_after_start",
                says=_("Enter an end that is no earlier than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.theme or self.driver}"
