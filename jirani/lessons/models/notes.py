"""What was said in a session."""

from datetime import datetime, time
from hashlib import sha256
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import checked
from jirani.core.crowds import CROWD
from jirani.core.models import Markable, Timestamped, random_identity
from jirani.core.registry import PersonalData
from jirani.events.enums import ParticipationState
from jirani.events.models import Participation, Session
from jirani.events.text import zone_of
from jirani.lessons.enums import Attribution
from jirani.members.enums import Sector
from jirani.members.models import LocalAuthority, Organisation, Person, standing_of


def names_user(user: Any, field: str) -> Q:
    """Match rows whose field names the user's person; none for a user without a person."""
    person = standing_of(user).person
    return Q(**{field: person}) if person else Q(pk__in=[])


def _recorded_by(user: Any) -> Q:
    """Match notes that the user typed or of sessions whose record they keep."""
    return Q(session__in=Session.objects.noted_by(user).values("pk")) | names_user(user, "typist")


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Any) -> "NoteQuerySet":
        """Notes that the user may see: those of sessions whose record they keep, and those that they spoke or typed."""
        return self.filter(_recorded_by(user) | names_user(user, "speaker"))

    def editable_by(self, user: Any) -> "NoteQuerySet":
        """Notes of sessions whose record the user keeps, and notes that they typed."""
        return self.filter(_recorded_by(user))

    def attributable_by(self, user: Any) -> "NoteQuerySet":
        """Notes whose speaker is the user, who alone decides how they are attributed."""
        return self.filter(names_user(user, "speaker"))

    def with_crowds(self) -> "NoteQuerySet":
        """Each with `crowd`: how many people present share its sector, by what the list of participants says now."""
        listed = Participation.objects.filter(event=OuterRef("session__event"))
        came = listed.filter(state=ParticipationState.ATTENDED)
        present = Case(
            When(Exists(came), then=Value(ParticipationState.ATTENDED)), default=Value(ParticipationState.CONFIRMED)
        )
        alike = listed.filter(state=OuterRef("present"), sector=OuterRef("sector")).values("event")
        return self.annotate(present=present).annotate(
            crowd=Coalesce(Subquery(alike.annotate(n=Count("*")).values("n")), 0)
        )

    def waiting(self) -> "NoteQuerySet":
        """Notes whose speaker has been named and has not decided yet."""
        return self.filter(speaker__isnull=False, attributed_at__isnull=True)


def session_time(session: Session) -> datetime:
    """Return when a session began, or the start of its day: the time that an unattributed note gets in place of its own."""
    moments = session.hours.moments() if session.hours else None
    if moments:
        return moments[0]
    zone = zone_of(session.event.time_zone) or ZoneInfo(settings.TIME_ZONE)
    day = session.held_on or session.event.starts_on
    return datetime.combine(day, session.starts_at or time.min, tzinfo=zone)


@checked
class Note(Timestamped, Markable):
    """What somebody said in a session, as typed.

    `speaker` is set only while they may be asked how it is attributed; `attribution` stays unattributed until they say. A note
    that its speaker wants unattributed, and every note of a closed session without a speaker's decision, has no link to anybody.
    Its key is random, so that it does not fall between those of notes whose minute is known.
    """

    id = models.BigIntegerField(primary_key=True, default=random_identity, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="notes")
    language = models.CharField(_("written in"), max_length=12, default="en")
    text = models.TextField(_("what was said"))
    typist = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes_typed")
    speaker = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes_spoken")
    attribution = models.CharField(
        _("attribution"), max_length=12, choices=Attribution.choices, default=Attribution.UNATTRIBUTED
    )
    attributed_at = models.DateTimeField(_("the speaker said so"), null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes"
    )
    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.SET_NULL, null=True, blank=True, related_name="notes"
    )
    sector = models.CharField(_("sector"), max_length=24, choices=Sector.choices, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = NoteQuerySet.as_manager()
    personal_data: ClassVar[dict[str, PersonalData]] = {
        "typist": PersonalData(
            name=_("who typed it"),
            why=_("To let whoever typed a note change it."),
            until=_("Until the note is unattributed, or the person is erased."),
        ),
        "speaker": PersonalData(
            name=_("speaker"),
            why=_("To ask the speaker how the note may be attributed."),
            until=_("Until the speaker wants it unattributed, or the person is erased."),
        ),
    }

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(attribution=Attribution.UNATTRIBUTED) | Q(attributed_at__isnull=False),
                name="note_attribution_said_by_speaker",
            ),
            models.CheckConstraint(
                condition=~Q(attribution=Attribution.UNATTRIBUTED)
                | Q(organisation__isnull=True, authority__isnull=True, sector=""),
                name="note_unattributed_links_nothing",
            ),
            models.CheckConstraint(condition=Q(attribution__in=Attribution.values), name="note_attribution_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.text[:60]}"

    @property
    def version(self) -> str:
        """Return a hash of the note's content. Its times cannot serve as version, because an unattributed note has none of its own."""
        return sha256(f"{self.language}:{self.text}".encode()).hexdigest()[:32]

    @property
    def is_waiting(self) -> bool:
        """Whether its speaker has been named and has not said yet how it is attributed."""
        return self.speaker_id is not None and self.attributed_at is None

    @property
    def tells_sector(self) -> bool:
        """Whether its speaker's sector may be told: they let it be, and a crowd shares it still. Of a note `with_crowds`."""
        return self.attribution == Attribution.SECTOR and self.crowd >= CROWD  # type: ignore[attr-defined]

    @property
    def is_settled(self) -> bool:
        """Whether it was settled that nobody is to know more than the sector: nothing made of it may tell more."""
        return self.attributed_at is not None and self.attribution in {Attribution.SECTOR, Attribution.UNATTRIBUTED}
