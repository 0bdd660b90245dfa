"""One event: when and where, who comes, the programme, what was learned and what came of it."""

from itertools import groupby
from typing import Any

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext

from jirani.commitments.models import CommitmentQuerySet, Outcome
from jirani.core.compiled import compiled_once
from jirani.core.paging import page_by_head
from jirani.core.routes import made_once, public
from jirani.core.text import active_language
from jirani.events.enums import EventState, PartyRole
from jirani.events.models import Event, EventParty, Session
from jirani.events.permissions import belongs_to, can_edit_event
from jirani.events.registry import report_address, written_report
from jirani.lessons.models import Lesson, LessonQuerySet, Note
from jirani.members.models import Grant, Organisation
from jirani.reading.chain import ChainLink, chain
from jirani.reading.figures import activities_words, lessons_words, notes_words, outcomes_words, sessions_words
from jirani.reading.origins import origins_by_lesson
from jirani.reading.pledges import pledge, taken_up, with_ties
from jirani.reading.reach import reach_in, reach_words, with_reach
from jirani.reading.showing import records_in, show
from jirani.taxonomy.models import Theme

from .people import people_of
from .sessions import moments

#: How many rows a section of the page shows; a list holds the rest.
SHOWN = 10


@public
@made_once("cursor")
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One event, from its invitation to what came of it."""
    user = request.user
    event = next(iter(_events(user, slug=slug)), None)
    if event is None:
        raise Http404
    pk = event.pk
    context: dict[str, Any] = {
        "event": event,
        "themes": _themes(user, event=pk),
        "parties": _by_role(_parties(user, event=pk)),
        "grants": _grants(user, event=pk),
        "over": event.is_over,
        "report": report_address(event, user, active_language()),
        **_programme(request, event),
        **_learned(pk, user),
        **people_of(event, user),
        **_related(event, user),
        **_rights(event, user),
    }
    context["chain"] = lambda: _chain_of_event(context)
    return show(request, "public/events/event_detail.html", context, records_in(context), event.hub)


def _shown(user: Any) -> LessonQuerySet:
    return Lesson.objects.visible_to(user).published()


@compiled_once
def _events(user: Any, *, slug: str) -> QuerySet[Any]:
    """The event of this address, with its hub and `lesson_count`, how many lessons were told at it and at those that follow it up."""
    here = Q(pk=OuterRef(OuterRef("pk"))) | Q(follow_up_of=OuterRef(OuterRef("pk")))
    told = _shown(user).filter(event__in=Event.objects.visible_to(user).filter(here).values("pk")).order_by()
    number = Coalesce(Subquery(told.annotate(number=Func(F("pk"), function="COUNT")).values("number")), 0)
    return Event.objects.visible_to(user).filter(slug=slug).select_related("hub").annotate(lesson_count=number)


@compiled_once
def _themes(_user: Any, *, event: int) -> QuerySet[Theme]:
    return Theme.objects.filter(events=event)


@compiled_once
def _parties(_user: Any, *, event: int) -> QuerySet[EventParty]:
    return EventParty.objects.filter(event=event).select_related("organisation").order_by("id")


@compiled_once
def _grants(user: Any, *, event: int) -> QuerySet[Grant]:
    return Grant.objects.visible_to(user).filter(events=event).order_by("pk")


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
    """Return the event it follows up and its own follow-ups, in one query."""
    found = _before_and_after(user, event=event.pk, before=event.follow_up_of_id or 0)
    return {
        "before": [each for each in found if each.pk == event.follow_up_of_id],
        "after": [each for each in found if each.pk != event.follow_up_of_id],
    }


@compiled_once
def _before_and_after(user: Any, *, event: int, before: int) -> QuerySet[Event]:
    either = Q(pk=before) | Q(follow_up_of=event)
    return Event.objects.visible_to(user).filter(either).order_by("starts_on", "id")


def _programme(request: HttpRequest, event: Event) -> dict[str, Any]:
    """The page's sessions of those that the reader may see, by day, each with the number of its lessons and of notes that they may read;
    one query, two for somebody signed in, and one more if there are several pages.
    """
    user = request.user
    number = _number(_shown(user), "session")
    found: Any = Session.objects.visible_to(user).filter(event=event).annotate(lesson_count=number)
    sessions, page = page_by_head(request, found, "held_on")
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


def _learned(pk: int, user: Any) -> dict[str, Any]:
    """What was learned at an event and those that follow it up, and what came of it; five queries."""
    lessons = _latest_lessons(user, event=pk)
    authorities_named_by = origins_by_lesson({each.pk for each in lessons}, user)
    outcomes = _latest_outcomes(user, event=pk)
    return {
        "learned": [{"lesson": each, "origins": authorities_named_by[each.pk]} for each in lessons],
        "promised": [pledge(row) for row in _latest_taken(user, event=pk)],
        "reach": reach_in(_reach(user, event=pk)),
        "outcomes": outcomes,
        "outcomes_of": [each.commitment.organisation for each in outcomes],
    }


def _lessons(event: int, user: Any) -> LessonQuerySet:
    """Return the lessons told at an event and at its follow-ups."""
    return _shown(user).filter(event__in=Event.objects.visible_to(user).with_follow_ups(pk=event).values("pk"))


def _taken(event: int, user: Any) -> CommitmentQuerySet:
    """Commitments that were made there, or take up what was told there."""
    told_at = Event.objects.visible_to(user).with_follow_ups(pk=event).values("pk")
    return taken_up(user).filter(Q(lesson__in=_lessons(event, user).values("pk")) | Q(event__in=told_at))


@compiled_once
def _latest_lessons(user: Any, *, event: int) -> QuerySet[Lesson]:
    return _lessons(event, user).order_by("-published_at", "-id")[:SHOWN]


@compiled_once
def _latest_taken(user: Any, *, event: int) -> QuerySet[Any]:
    return with_ties(_taken(event, user)[:SHOWN], user)


@compiled_once
def _reach(user: Any, *, event: int) -> QuerySet[Any, dict[str, Any]]:
    return with_reach(_taken(event, user), user)


@compiled_once
def _latest_outcomes(user: Any, *, event: int) -> QuerySet[Outcome]:
    found = Outcome.objects.visible_to(user).filter(commitment__in=_taken(event, user).order_by().values("pk"))
    return found.select_related("commitment__organisation").order_by(F("observed_on").desc(nulls_last=True), "-id")[:3]


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
