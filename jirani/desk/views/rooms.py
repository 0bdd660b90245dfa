"""Rows of events and of what is said, noted and learned in their sessions."""

from typing import Any

from django.db.models import Case, Exists, Min, OuterRef, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.core.enums import AccessMode, Publication
from jirani.events.enums import EventState, ParticipationRole, ParticipationState
from jirani.events.models import Event, Participation, Session, SessionPart
from jirani.lessons.models import Lesson, Note
from jirani.members.models import standing_of

from .rows import MOST, Row

#: Sent to whoever has a place: one who is only on the list knows of nothing yet.
_WRITTEN = ~Q(nonce="")


def places_of(user: Any) -> list[Any]:
    """Their part in events that still come: invitations that they were sent first, then places that they have."""
    return list(
        Participation.objects.filter(person__user=user, event__state=EventState.PUBLISHED)
        .filter(Q(_WRITTEN, state=ParticipationState.INVITED) | Q(state=ParticipationState.CONFIRMED))
        .filter(event__ends_on__gte=timezone.localdate())
        .select_related("event")
        .order_by("-state", "event__starts_on", "event")[: 2 * MOST]
    )


def invitations(places: list[Any]) -> list[Row]:
    """Invitations to answer."""
    return [
        Row(
            (part.event, "title"),
            _("You are invited. Say whether you come."),
            None,
            address := reverse("events:own_programme_detail", args=[part.event.slug]),
            _("Answer"),
            address,
            due=part.event.starts_on,
        )
        for part in places
        if part.state == ParticipationState.INVITED
    ]


def expected(places: list[Any]) -> list[Row]:
    """Events to which they come: nothing is to be done until then, and their own programme is at hand."""
    return [
        Row(
            (part.event, "title"),
            _("You are expected."),
            None,
            address := reverse("events:own_programme_detail", args=[part.event.slug]),
            _("My programme"),
            address,
            on=part.event.starts_on,
        )
        for part in places
        if part.state == ParticipationState.CONFIRMED
    ]


def words_wanted(user: Any) -> list[Row]:
    """Notes of what they said, of which they have not said how these are attributed."""
    notes = Note.objects.attributable_by(user).filter(attributed_at__isnull=True).select_related("session__event")
    return [
        Row(
            (note.session.event, "title"),
            _("Say how what you said in “%(about)s” may be attributed."),
            (note.session, "title"),
            address := reverse("lessons:note_attribute", args=[note.pk]),
            _("Say how"),
            address,
            since=_held_on(note.session),
        )
        for note in notes.order_by("-created_at", "pk")[:MOST]
    ]


def _held_on(session: Session) -> Any:
    return session.held_on or session.event.ends_on


def draft_lessons(user: Any) -> list[Row]:
    """Those they began, or that were begun in a session of which they keep the record."""
    own = Q(writer__user=user) | Q(session__in=_recorded(user))
    drafts = Lesson.objects.filter(own, state=Publication.DRAFT).select_related("event").order_by("-updated_at")[:MOST]
    return [
        Row(
            (lesson.event, "title") if lesson.event else _("Lesson"),
            _("Finish and publish: %(about)s"),
            (lesson, "title"),
            address := reverse("lessons:lesson_edit", args=[lesson.pk]),
            _("Go on"),
            address,
            since=timezone.localdate(lesson.updated_at),
        )
        for lesson in drafts
    ]


def _recorded(user: Any) -> Any:
    """Sessions of which this person is the rapporteur, not all that a coordinator could note."""
    own = Participation.objects.inside().filter(person__user=user)
    return SessionPart.objects.filter(role=ParticipationRole.RAPPORTEUR, participation__in=own).values("session")


def kept_by(user: Any) -> list[Any]:
    """Sessions of which they keep the record and where something is left to do: `untold` ones have no lesson yet, of `unsaid` ones
    a speaker has not said how a note may be attributed.
    """
    untold = Q(event__state=EventState.PUBLISHED) & ~Exists(Lesson.objects.filter(session=OuterRef("pk")))
    unsaid = Exists(Note.objects.waiting().filter(session=OuterRef("pk")))
    sessions = Session.objects.filter(pk__in=_recorded(user))
    return list(
        sessions.annotate(untold=Case(When(untold, then=True), default=False), unsaid=unsaid)
        .filter(Q(untold=True) | Q(unsaid=True))
        .select_related("event")
        .order_by("held_on", "id")[: 2 * MOST]
    )


def sessions_to_note(kept: list[Any]) -> list[Row]:
    """Sessions of which they keep the record and that have no lesson yet."""
    today = timezone.localdate()
    return [
        Row(
            (session.event, "title"),
            _("Keep the record of “%(about)s”."),
            (session, "title"),
            address := reverse("lessons:note_list", args=[session.event.slug, session.pk]),
            _("Type notes"),
            address,
            on=day if day >= today else None,
            since=day if day < today else None,
        )
        for session in kept
        if session.untold and (day := _held_on(session))
    ]


def events_to_prepare(user: Any) -> list[Row]:
    """Drafts, and past events without a report, for those who run them."""
    if not standing_of(user).coordinates:
        return []
    mine = Event.objects.editable_by(user)
    return [*_to_publish(mine), *_to_report(mine)]


def _to_publish(events: Any) -> list[Row]:
    return [
        Row(
            _("Event"),
            _("Prepare and publish: %(about)s"),
            (event, "title"),
            address := reverse("events:event_edit", args=[event.slug]),
            _("Go on"),
            address,
            due=event.starts_on,
        )
        for event in events.filter(state=EventState.DRAFT).order_by("starts_on")[:MOST]
    ]


def _to_report(events: Any) -> list[Row]:
    told = (
        events.filter(state=EventState.PUBLISHED, access=AccessMode.PUBLIC, ends_on__lt=timezone.localdate())
        .filter(lessons__state=Publication.PUBLISHED, reports__isnull=True)
        .distinct()
        .order_by("-ends_on", "-id")[:MOST]
    )
    return [
        Row(
            _("Report"),
            _("Have the report written: %(about)s"),
            (event, "title"),
            reverse("public:event_detail", args=[event.slug]),
            _("Write the report"),
            reverse("newsroom:report_create", args=[event.slug]),
            since=event.ends_on,
        )
        for event in told
    ]


def _with_unpublished_report(events: Any) -> Any:
    """Public events whose report has been written and is not published in any language; `report` is the page's key."""
    written = events.filter(state=EventState.PUBLISHED, access=AccessMode.PUBLIC, reports__isnull=False)
    waiting = written.exclude(pk__in=Event.objects.filter(reports__live=True).values("pk"))
    return waiting.annotate(report=Min("reports")).order_by("-ends_on", "-id")[:MOST]


def reports_to_publish(user: Any) -> list[Row]:
    """Reports to look through and publish: all for editors, those of its events for a hub's coordinators."""
    standing = standing_of(user)
    if not (standing.editor or standing.coordinates):
        return []
    events = Event.objects.all() if standing.editor else Event.objects.editable_by(user)
    return [
        Row(
            _("Report"),
            _("Look through and publish the report: %(about)s"),
            (event, "title"),
            reverse("public:event_detail", args=[event.slug]),
            _("Go on"),
            reverse("wagtailadmin_pages:edit", args=[event.report]),
            since=event.ends_on,
        )
        for event in _with_unpublished_report(events)
    ]


def unanswered(user: Any) -> list[Row]:
    """Events of theirs whose invitations are not answered yet."""
    if not standing_of(user).coordinates:
        return []
    silent = Participation.objects.filter(
        _WRITTEN, event=OuterRef("pk"), state=ParticipationState.INVITED, person__isnull=False
    )
    events = (
        Event.objects.editable_by(user)
        .filter(Exists(silent), state=EventState.PUBLISHED, ends_on__gte=timezone.localdate())
        .order_by("starts_on", "id")[:MOST]
    )
    return [
        Row(
            (event, "title"),
            _("Some of those who were invited have not answered."),
            None,
            address := reverse("events:participation_list", args=[event.slug]),
            _("See who"),
            address,
            due=event.starts_on,
        )
        for event in events
    ]


def unsaid(kept: list[Any]) -> list[Row]:
    """Sessions of theirs in which a speaker has not said how a note may be attributed."""
    return [
        Row(
            (session.event, "title"),
            _("Speakers of “%(about)s” have not said yet how their words may be attributed."),
            (session, "title"),
            address := reverse("lessons:note_list", args=[session.event.slug, session.pk]),
            _("See the notes"),
            address,
            since=_held_on(session),
        )
        for session in reversed(kept)
        if session.unsaid
    ]
