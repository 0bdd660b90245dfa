"""Rows of events and their reports, for those who run them and those who come."""

from typing import Any

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jirani.core.enums import AccessMode
from jirani.events.actions import what_is_missing
from jirani.events.enums import EventState, ParticipationState, SessionKind
from jirani.events.models import Event, Participation
from jirani.lessons.enums import Publication
from jirani.members.models import standing_of
from jirani.ui.text import number

from .rows import MOST, Row

#: Sent to whoever has a place: one who is only on the list knows of nothing yet.
_WRITTEN = ~Q(nonce="")
#: They have a place: it stays one on its second day, when they have been marked present.
_COMING = (ParticipationState.CONFIRMED, ParticipationState.ATTENDED)


def places_of(user: Any) -> list[Any]:
    """Their part in events that are not over: invitations that they were sent first, then places that they have."""
    return list(
        Participation.objects.filter(person__user=user, event__state=EventState.PUBLISHED)
        .filter(Q(_WRITTEN, state=ParticipationState.INVITED) | Q(state__in=_COMING))
        .filter(event__ends_on__gte=timezone.localdate())
        .select_related("event")
        .order_by(Case(When(state=ParticipationState.INVITED, then=0), default=1), "event__starts_on", "event")[
            : 2 * MOST
        ]
    )


def invitations(places: list[Any]) -> list[Row]:
    """Return invitations that they have not answered."""
    invited = [part.event for part in places if part.state == ParticipationState.INVITED]
    words = _("You are invited. Say whether you are coming."), _("Answer")
    return [_own(event, *words, due=event.starts_on) for event in invited]


def expected(places: list[Any]) -> list[Row]:
    """Events that they attend, until these end: nothing is to be done, and the row links to their programme."""
    coming = [part for part in places if part.state in _COMING]
    return [_own(part.event, _expected(part), _("My programme"), on=part.event.starts_on) for part in coming]


def _expected(part: Participation) -> str:
    return _("You are marked as present.") if part.state == ParticipationState.ATTENDED else _("You are expected.")


def _own(event: Event, words: str, action: str, **day: Any) -> Row:
    address = reverse("events:own_programme_detail", args=[event.slug])
    return Row((event, "title"), words, None, address, action, address, **day)


def events_to_prepare(user: Any) -> list[Row]:
    """Drafts, and past events without a report, for those who run them."""
    if not standing_of(user).coordinates:
        return []
    mine = Event.objects.editable_by(user)
    return [*_to_publish(mine), *_to_report(mine)]


def _to_publish(events: Any) -> list[Row]:
    visits = Q(sessions__kind=SessionKind.SITE_VISIT, sessions__place="")
    drafts = events.filter(state=EventState.DRAFT).annotate(unplaced=Min("sessions__title", filter=visits))
    return [
        Row(
            _("Event"),
            _("Prepare and publish: %(about)s"),
            (event, "title"),
            address := reverse("events:event_edit", args=[event.slug]),
            _("Continue"),
            address,
            due=event.starts_on,
            missing=tuple(what_is_missing(event, unplaced=event.unplaced or "").values()),
        )
        for event in drafts.order_by("starts_on")[:MOST]
    ]


def _to_report(events: Any) -> list[Row]:
    told = (
        events.filter(state=EventState.PUBLISHED, access=AccessMode.PUBLIC, ends_on__lt=timezone.localdate())
        .filter(lessons__state=Publication.PUBLISHED, reports__isnull=True, report_waived_at__isnull=True)
        .distinct()
        .order_by("-ends_on", "-id")[:MOST]
    )
    return [
        Row(
            _("Report"),
            _("Have the report written: %(about)s"),
            (event, "title"),
            reverse("events:event_edit", args=[event.slug]) + "#report",
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
    """Reports to review and publish: all of them for editors, and those of their hub's events for a hub's coordinators."""
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
            _("Continue"),
            reverse("wagtailadmin_pages:edit", args=[event.report]),
            since=event.ends_on,
        )
        for event in _with_unpublished_report(events)
    ]


def answered(user: Any) -> list[Any]:
    """Coming events of theirs with answers to look at, or to wait for: `turned` people refused or changed their mind, and nobody has
    seen it; `silent` says whether somebody has not answered yet.
    """
    if not standing_of(user).coordinates:
        return []
    silent = Participation.objects.filter(
        _WRITTEN, event=OuterRef("pk"), state=ParticipationState.INVITED, person__isnull=False
    )
    people = Participation.objects.turned().order_by().filter(event=OuterRef("pk")).values("event")
    counted = Subquery(people.annotate(count=Count("pk")).values("count"))
    events = Event.objects.editable_by(user).filter(state=EventState.PUBLISHED, ends_on__gte=timezone.localdate())
    events = events.annotate(silent=Case(When(Exists(silent), then=True), default=False), turned=counted)
    return list(events.filter(Q(silent=True) | Q(turned__gt=0)).order_by("starts_on", "id")[: 2 * MOST])


def turned(events: list[Any]) -> list[Row]:
    """Events to which somebody cannot come, or is coming after all, and nobody has seen it."""
    return [_turned(event, event.turned) for event in events if event.turned][:MOST]


def _turned(event: Event, count: int) -> Row:
    words = ngettext(
        "%(count)s person cannot come, or is coming after all.",
        "%(count)s people cannot come, or are coming after all.",
        count,
    )
    address = reverse("events:participation_list", args=[event.slug])
    said = words % {"count": number(count)}
    return Row((event, "title"), said, None, address, _("See who"), address, due=event.starts_on)


def unanswered(events: list[Any]) -> list[Row]:
    """Events whose invitations are not answered yet."""
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
        if event.silent
    ][:MOST]
