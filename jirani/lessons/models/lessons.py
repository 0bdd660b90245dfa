"""What was learned, as others may apply it."""

import re
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Check, checked
from jirani.core.enums import AccessMode
from jirani.core.models import Shared, Sourced, Timestamped
from jirani.core.registry import PersonalData
from jirani.events.models import Event, Participation, Session
from jirani.lessons.enums import Addressee, LessonKind, Publication, ReviewLevel
from jirani.members.models import LocalAuthority, Person, standing_of
from jirani.taxonomy.models import Driver, Target, Theme
from jirani.translation.models import TranslatableModel, Translation

from .notes import Note, names_user

#: Words of a search that are looked for; further ones are left aside.
MOST_WORDS = 8
#: The searched text of a lesson in its own language; not stemmed, since its languages share no stemmer.
WORDS = SearchVector("title", "body", config="simple")


def _names_origin() -> Q:
    """Exclude lessons of closed sessions, whatever their notes say: the Chatham House Rule covers affiliation too."""
    events = Event.objects.filter(access=AccessMode.CLOSED)
    sessions = Session.objects.filter(Q(access=AccessMode.CLOSED) | Q(event__access=AccessMode.CLOSED))
    return ~Exists(events.filter(pk=OuterRef("event"))) & ~Exists(sessions.filter(pk=OuterRef("session")))


def _edited_by(user: Any) -> Q:
    """Match lessons that a user who does not coordinate the network may edit; coordinators edit all."""
    written = names_user(user, "writer") | Q(session__in=Session.objects.noted_by(user).values("pk"))
    edited = written | Q(event__in=Event.objects.editable_by(user).values("pk"))
    standing = standing_of(user)
    return edited | Q(access__in=standing.modes) if standing.editor else edited


class LessonQuerySet(models.QuerySet["Lesson"]):
    def about(self, words: str, language: str) -> "LessonQuerySet":
        """Lessons whose title and text, as written or in `language`, contain each of the words or one that begins with it."""
        found = self
        for word in re.findall(r"[^\W_]+", words.lower())[:MOST_WORDS]:
            query = SearchQuery(f"{word}:*", config="simple", search_type="raw")
            own = Lesson.objects.annotate(words=WORDS).filter(words=query).order_by().values("pk")
            found = found.filter(pk__in=own.union(Translation.objects.saying(query, Lesson, language), all=True))
        return found

    def published(self) -> "LessonQuerySet":
        """Lessons that have been published and not withdrawn."""
        return self.filter(state=Publication.PUBLISHED)

    def with_named(self) -> "LessonQuerySet":
        """Annotate `named`: whether each may say where it comes from (`Lesson.names_origin` for one lesson)."""
        return self.annotate(named=_names_origin())

    def naming_origin(self) -> "LessonQuerySet":
        """Lessons that may say where they come from."""
        return self.filter(_names_origin())

    def coming_from(self, **values: Any) -> "LessonQuerySet":
        """Lessons that come from a local authority with these values (`country="KE"`) and may say so."""
        lookups = {f"localauthority__{name}": value for name, value in values.items()}
        told = Lesson.authorities.through.objects.filter(**lookups)
        return self.naming_origin().filter(pk__in=told.values("lesson"))

    def visible_to(self, user: Any) -> "LessonQuerySet":
        """Published ones by mode; drafts for those who may edit them; closed ones for the event's people."""
        standing = standing_of(user)
        if standing.coordinator:
            return self
        shown = Q(state=Publication.PUBLISHED, access__in=standing.modes)
        if standing.person is None:
            return self.filter(shown)
        own = Participation.objects.of_person(user).values("event")
        return self.filter(shown | Q(state=Publication.PUBLISHED, event__in=own) | _edited_by(user))

    def editable_by(self, user: Any) -> "LessonQuerySet":
        """Lessons that the user wrote, whose session's record they keep or whose event they may edit; for editors all except closed ones."""
        return self if standing_of(user).coordinator else self.filter(_edited_by(user))

    def reviewable_by(self, user: Any) -> "LessonQuerySet":
        """Published lessons of which the user may say how far others have looked at them: for editors all except closed ones, for nobody
        their own.
        """
        standing = standing_of(user)
        if not standing.coordinator and not standing.editor:
            return self.none()
        found = self.published() if standing.coordinator else self.published().filter(access__in=standing.modes)
        return found.exclude(writer=standing.person) if standing.person else found


@checked
class Lesson(TranslatableModel, Timestamped, Shared, Sourced):
    """What was learned, as a sentence that one can repeat and what it takes to apply it."""

    kind = models.CharField(_("kind"), max_length=16, choices=LessonKind.choices, blank=True)
    title = models.CharField(_("title"), max_length=240, blank=True)
    body = models.TextField(_("text"), blank=True)
    addressees = ArrayField(
        models.CharField(max_length=16, choices=Addressee.choices),
        verbose_name=_("addressees"),
        default=list,
        blank=True,
    )
    review_level = models.CharField(
        _("review level"), max_length=14, choices=ReviewLevel.choices, default=ReviewLevel.SHARED
    )
    state = models.CharField(_("state"), max_length=10, choices=Publication.choices, default=Publication.DRAFT)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons")
    notes = models.ManyToManyField(Note, verbose_name=_("made of"), blank=True, related_name="lessons")
    authorities = models.ManyToManyField(
        LocalAuthority, verbose_name=_("comes from"), blank=True, related_name="lessons"
    )
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="lessons")
    drivers = models.ManyToManyField(Driver, verbose_name=_("drivers"), blank=True, related_name="lessons")
    targets = models.ManyToManyField(Target, verbose_name=_("SDG targets"), blank=True, related_name="lessons")
    writer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="lessons")
    cost = models.CharField(_("cost"), max_length=200, blank=True)
    staff = models.CharField(_("staff"), max_length=200, blank=True)
    mandate = models.CharField(_("mandate"), max_length=200, blank=True)
    time_needed = models.CharField(_("time"), max_length=200, blank=True)
    why_it_works = models.TextField(_("why it works"), blank=True)
    what_did_not_work = models.TextField(_("what did not work"), blank=True)
    what_to_change = models.TextField(_("what another city would have to change"), blank=True)
    details_illustrative = models.BooleanField(_("what it takes and how it went are illustrative"), default=False)

    objects = LessonQuerySet.as_manager()
    untitled = _("Lesson without a title")
    translatable_fields: ClassVar[tuple[str, ...]] = (
        "title",
        "body",
        "cost",
        "staff",
        "mandate",
        "time_needed",
        "why_it_works",
        "what_did_not_work",
        "what_to_change",
    )
    personal_data: ClassVar[dict[str, PersonalData]] = {
        "writer": PersonalData(
            name=_("who wrote it"),
            why=_("To let whoever wrote a lesson change it."),
            until=_("Until the person is erased."),
        ),
    }

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=Publication.PUBLISHED) | Q(published_at__isnull=False),
                name="lesson_published_has_time",
            ),
            models.CheckConstraint(
                condition=Q(kind=LessonKind.RECOMMENDATION) | Q(addressees=[]), name="lesson_addressees_where_due"
            ),
            models.CheckConstraint(
                condition=~Q(kind=LessonKind.RECOMMENDATION, state=Publication.PUBLISHED) | ~Q(addressees=[]),
                name="lesson_recommendation_has_addressees",
            ),
            models.CheckConstraint(
                condition=Q(addressees__contained_by=Addressee.values), name="lesson_addressees_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=[*LessonKind.values, ""]), name="lesson_kind_known"),
            Check(
                ~Q(state=Publication.PUBLISHED) | (~Q(kind="") & Q(title__regex=r"\S")),
                name="lesson_published_is_named",
                says=_("A published lesson needs a kind and a title."),
            ),
            models.CheckConstraint(condition=Q(access__in=AccessMode.values), name="lesson_access_known"),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(state=Publication.PUBLISHED, access=AccessMode.PUBLIC),
                name="lesson_public_by_date",
            ),
            models.Index(
                fields=["kind", "-published_at", "-id"],
                condition=Q(state=Publication.PUBLISHED, access=AccessMode.PUBLIC),
                name="lesson_public_by_kind",
            ),
            models.Index(fields=["-published_at", "-id"], name="lesson_by_date"),
            GinIndex(WORDS, name="lesson_words"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.untitled)

    @property
    def addressed(self) -> list[Addressee]:
        """Return its addressees in the order of the enumeration."""
        return [one for one in Addressee if one in self.addressees]

    @property
    def addressee_names(self) -> list[str]:
        """Return its addressees in the reader's language."""
        return [str(one.label) for one in self.addressed]

    @property
    def names_origin(self) -> bool:
        """Whether it may say where it comes from, which lessons of closed sessions may not (`LessonQuerySet.naming_origin` for many)."""
        told_in_closed = self.session is not None and self.session.is_closed
        return not told_in_closed and (self.event is None or self.event.access != AccessMode.CLOSED)
