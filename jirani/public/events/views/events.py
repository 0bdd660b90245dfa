"""One event: when and where, who comes, the programme, what was learned and what came of it."""

from itertools import groupby
from typing import Any

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from jirani.commitments.models import Outcome
from jirani.core.paging import page_by_day
from jirani.core.routes import made_once, public
from jirani.core.text import active_language
from jirani.events.enums import EventState, PartyRole
from jirani.events.models import Event, EventParty, Session
from jirani.events.permissions import belongs_to, can_edit_event
from jirani.events.registry import report_address, written_report
from jirani.lessons.models import Lesson, Note
from jirani.members.models import Grant, Organisation
from jirani.reading.chain import ChainLink, chain
from jirani.reading.figures import activities_words, lessons_words, notes_words, outcomes_words, sessions_words
from jirani.reading.origins import origins, with_origins
from jirani.reading.pledges import pledges, taken_up
from jirani.reading.reach import reach_of, reach_words
from jirani.reading.showing import records_in, show

from .people import people_of
from .sessions import moments

#: How many rows a section of the page shows; a list holds the rest.
SHOWN = 10


@public
@made_once("cursor")
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One event, from its invitation to what came of it."""
    user = request.user
    shown = Lesson.objects.visible_to(user).published()
    found = Event.objects.visible_to(user).select_related("hub").annotate(lesson_count=_told(shown, user))
    event = get_object_or_404(found, slug=slug)
    parties = list(event.parties.select_related("organisation").order_by("id"))
    told_at = Event.objects.visible_to(user).with_follow_ups(pk=event.pk).values("pk")
    lessons = shown.filter(event__in=told_at)
    context: dict[str, Any] = {
        "event": event,
        "themes": list(event.themes.all()),
        "parties": _by_role(parties),
        "grants": list(Grant.objects.visible_to(user).filter(events=event).order_by("pk")),
        "over": event.ends_on < timezone.localdate(),
        "report": report_address(event, user, active_language()),
        **_programme(request, event, shown),
        **_learned(told_at, lessons, user),
        **people_of(event),
        **_related(event, user),
        **_rights(event, user),
    }
    context["chain"] = lambda: _chain_of_event(context)
    return show(request, "public/events/event_detail.html", context, records_in(context), event.hub)


def _told(lessons: QuerySet[Lesson], user: Any) -> Coalesce:
    """Return an expression for how many of these lessons were told at each event of a query and at its follow-ups."""
    here = Q(pk=OuterRef(OuterRef("pk"))) | Q(follow_up_of=OuterRef(OuterRef("pk")))
    told = lessons.filter(event__in=Event.objects.visible_to(user).filter(here).values("pk")).order_by()
    return Coalesce(Subquery(told.annotate(number=Func(F("pk"), function="COUNT")).values("number")), 0)


def _number(lessons: QuerySet[Lesson], told: str) -> Coalesce:
    """How many of these lessons were told at each row (told: "session") of the query that this is put into."""
    counted = lessons.filter(**{told: OuterRef("pk")}).order_by().values(told).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def _rights(event: Event, user: Any) -> dict[str, Any]:
    """Whether the reader may change it, with its report that has been begun, and whether they are told how to join."""
    may_edit = user.is_authenticated and can_edit_event(user, event)
    joins = bool(event.link) and event.state != EventState.CANCELLED and (may_edit or belongs_to(user, event))
    written = written_report(event, active_language()) if may_edit else None
    return {"may_edit": may_edit, "written": written, "joins": joins}


def _related(event: Event, user: Any) -> dict[str, list[Event]]:
    """Return the events that it follows up and those that follow it up, in one query."""
    either = Q(pk=event.follow_up_of_id) | Q(follow_up_of=event)
    found = list(Event.objects.visible_to(user).filter(either).order_by("starts_on", "id"))
    return {
        "before": [each for each in found if each.pk == event.follow_up_of_id],
        "after": [each for each in found if each.pk != event.follow_up_of_id],
    }


def _programme(request: HttpRequest, event: Event, lessons: QuerySet[Lesson]) -> dict[str, Any]:
    """The page's sessions of those that the reader may see, by day, each with the number of its lessons and of notes that they may read;
    one query, two for somebody signed in, and one more if there are several pages.
    """
    user = request.user
    found: Any = Session.objects.visible_to(user).filter(event=event).annotate(lesson_count=_number(lessons, "session"))
    sessions, page = page_by_day(request, found, "held_on")
    notes = Note.objects.visible_to(user).filter(session__in=page.every()).order_by()
    kept = dict(notes.values_list("session").annotate(Count("pk")))
    for session in sessions:
        session.event = event
        session.learned = lessons_words(session.lesson_count)
        session.kept = notes_words(kept.get(session.pk, 0))
        session.begins, session.ends = moments(session)
    timed = any(session.starts_at for session in sessions)
    return {
        "days": [(day, list(rows)) for day, rows in groupby(sessions, key=lambda session: session.held_on)],
        "page": page,
        "session_count": len(page.every()),
        "note_count": sum(kept.values()),
        "timed": timed,
        "without_zone": timed and not event.time_zone,
    }


def _by_role(parties: list[EventParty]) -> list[tuple[str, list[Organisation]]]:
    """Organisations by their part, in the order of the roles."""
    found = {role: [party.organisation for party in parties if party.role == role] for role in PartyRole}
    words = {
        PartyRole.ORGANISER: ngettext("Organiser", "Organisers", len(found[PartyRole.ORGANISER])),
        PartyRole.HOST: ngettext("Host", "Hosts", len(found[PartyRole.HOST])),
        PartyRole.PARTNER: ngettext("Partner", "Partners", len(found[PartyRole.PARTNER])),
        PartyRole.DONOR: ngettext("Donor", "Donors", len(found[PartyRole.DONOR])),
    }
    return [(words[role], each) for role, each in found.items() if each]


def _learned(told_at: Any, lessons: QuerySet[Lesson], user: Any) -> dict[str, Any]:
    """Return what was learned at an event and its follow-ups, and what came of it, in five queries."""
    latest = with_origins(lessons.order_by("-published_at", "-id"))[:SHOWN]
    rows = [{"lesson": each, "origins": origins(each)} for each in latest]
    taken = taken_up(user).filter(Q(lesson__in=lessons.values("pk")) | Q(event__in=told_at))
    promised = pledges(taken[:SHOWN], user)
    outcomes = list(
        Outcome.objects.visible_to(user)
        .filter(commitment__in=taken.order_by().values("pk"))
        .select_related("commitment__organisation")
        .order_by(F("observed_on").desc(nulls_last=True), "-id")[:3]
    )
    return {
        "learned": rows,
        "promised": promised,
        "reach": reach_of(taken, user),
        "outcomes": outcomes,
        "outcomes_of": [each.commitment.organisation for each in outcomes],
    }


def _chain_of_event(context: dict[str, Any]) -> list[ChainLink]:
    event, reach, lessons = context["event"], context["reach"], context["event"].lesson_count
    here = f"?event={event.slug}"
    commitments, outcomes = reverse("public:commitment_list") + here, reverse("public:outcome_list") + here
    return chain(
        "event",
        ChainLink("session", sessions_words(context["session_count"]), "#programme"),
        ChainLink("notes", notes_words(context["note_count"]), "#programme"),
        ChainLink(
            "lesson", lessons_words(lessons), reverse("public:lesson_list") + here if lessons > SHOWN else "#lessons"
        ),
        ChainLink("commitments", reach_words(reach), commitments if reach.commitments > SHOWN else "#commitments"),
        ChainLink("activities", activities_words(reach.activities), commitments),
        ChainLink("outcomes", outcomes_words(reach.outcomes), outcomes),
    )
