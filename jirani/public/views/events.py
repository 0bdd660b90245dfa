"""Events and their sessions: when and where, who comes, the programme, what was learned and what came of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext

from jirani.commitments.models import Outcome
from jirani.core.crowds import CROWD, told_apart
from jirani.core.enums import AccessMode
from jirani.core.paging import page_by_day, page_of
from jirani.core.routes import made_once, public
from jirani.core.text import active_language
from jirani.events.enums import EventState, ParticipationState, PartyRole
from jirani.events.models import Delegation, Event, EventParty, EventQuerySet, Participation, Session
from jirani.events.permissions import belongs_to, can_edit_event
from jirani.events.registry import report_address, written_report
from jirani.lessons.models import Lesson, Note
from jirani.members.enums import Sector
from jirani.members.models import Grant, Hub, Organisation
from jirani.public.forms import EventFilter, countries
from jirani.public.text import (
    activities_words,
    bars,
    chain,
    lessons_words,
    notes_words,
    organisation_address,
    outcomes_words,
    reach_words,
    sessions_words,
)
from jirani.taxonomy.models import Theme
from jirani.translation.models import attach_translations
from jirani.translation.templatetags.records import text
from jirani.ui.text import ChainLink

from .sessions import moments
from .showing import show
from .spine import SHOWN, origins, pledges, reach_of, records_in, taken_up, with_origins

#: Coming events above the past ones, where no filter asks for more.
NEXT = 5


@public
@made_once("kind", "format", "hub", "country", "year", "theme", "when", "authority", "organisation", "cursor")
def event_list(request: HttpRequest) -> HttpResponse:
    """Those to come, the next one first, and those that were, the latest first."""
    user, today = request.user, timezone.localdate()
    shown = Event.objects.visible_to(user).announced()
    form = _filter(request, shown)
    found, when = _matching(shown, form.wanted), form.wanted.get("when", "")
    coming = past = None
    if when != "past":
        coming = page_of(request, found.coming(today), ("starts_on", "id"), size=20 if when else NEXT)
    if when != "coming":
        past = page_of(request, found.past(today), ("-starts_on", "-id"))
    events = [*(coming.rows if coming else []), *(past.rows if past else [])]
    _count_lessons(events, user)
    context = {
        "form": form,
        "coming": coming,
        "past": past,
        "filtered": set(form.wanted) - {"when"},
        "when": when,
        "query_coming": form.query(when="coming"),
        "query_past": form.query(when="past"),
        "query": form.query("when"),
    }
    return show(request, "public/event_list.html", context, events)


def _filter(request: HttpRequest, shown: EventQuerySet) -> EventFilter:
    """The filters, with the places and years that the reader's events have; three queries and one for the texts."""
    hubs, themes = list(Hub.objects.all()), list(Theme.objects.all())
    language = active_language()
    attach_translations(language, hubs, themes)
    known = set(shown.order_by().values_list("country", "starts_on__year").distinct())
    return EventFilter(
        request.GET,
        hub=[(hub.slug, hub.text_in("name", language)[0]) for hub in hubs],
        theme=[(theme.slug, theme.text_in("name", language)[0]) for theme in themes],
        country=countries(code for code, _ in known),
        year=[(str(year), str(year)) for year in sorted({year for _, year in known}, reverse=True)],
    )


def _matching(events: EventQuerySet, wanted: Mapping[str, Any]) -> EventQuerySet:
    fields = {"kind": "kind", "format": "format", "hub": "hub__slug", "country": "country", "year": "starts_on__year"}
    events = events.filter(**{fields[name]: value for name, value in wanted.items() if name in fields})
    if theme := wanted.get("theme"):
        events = events.filter(pk__in=Event.themes.through.objects.filter(theme__slug=theme).values("event"))
    if authority := wanted.get("authority"):
        came = Delegation.objects.filter(authority__organisation__slug=authority)
        made = EventParty.objects.filter(organisation__slug=authority)
        events = events.filter(Q(pk__in=came.values("event")) | Q(pk__in=made.values("event")))
    if organisation := wanted.get("organisation"):
        events = events.filter(pk__in=EventParty.objects.filter(organisation__slug=organisation).values("event"))
    return events


def _count_lessons(events: Iterable[Any], user: Any) -> None:
    keys = [event.pk for event in events]
    here = Q(event__in=keys) | Q(event__follow_up_of__in=keys, event__in=Event.objects.visible_to(user).values("pk"))
    told = Lesson.objects.visible_to(user).published().filter(here).order_by()
    counts = Counter[int | None]()
    for key, before, count in told.values_list("event", "event__follow_up_of").annotate(Count("pk")):
        counts[key] += count
        counts[before] += count
    for event in events:
        event.learned = lessons_words(counts[event.pk])


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
        **_people(event),
        **_related(event, user),
        **_rights(event, user),
    }
    context["chain"] = lambda: _chain_of_event(context)
    return show(request, "public/event_detail.html", context, records_in(context), event.hub)


def _told(lessons: QuerySet[Lesson], user: Any) -> Coalesce:
    """How many of these lessons were told at each event of the query that this is put into, and at those that follow it up."""
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
    """What it follows up and what follows it up; one query."""
    either = Q(pk=event.follow_up_of_id) | Q(follow_up_of=event)
    found = list(Event.objects.visible_to(user).filter(either).order_by("starts_on", "id"))
    return {
        "before": [each for each in found if each.pk == event.follow_up_of_id],
        "after": [each for each in found if each.pk != event.follow_up_of_id],
    }


def _programme(request: HttpRequest, event: Event, lessons: QuerySet[Lesson]) -> dict[str, Any]:
    """The page's sessions of those that the reader may see, by day, each with the number of its lessons and of notes that they may read;
    one query, two for somebody signed in, and two more if there are several pages.
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
    """What was learned at an event and those that follow it up, and what came of it; five queries."""
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


def _people(event: Event) -> dict[str, Any]:
    """Who comes, by sector and delegation, counted from the records; two queries.

    That an authority sends people is told, and a number of people only where it is a crowd. Of a closed event nothing is told:
    neither affiliation nor the list of those present leaves the room.
    """
    if event.access == AccessMode.CLOSED:
        return {}
    delegations = list(Delegation.objects.filter(event=event).select_related("authority__organisation").order_by("pk"))
    sectors, senders, attended, made_up = _counted(event)
    large, others = told_apart(sectors)
    named = [(Sector(key).label if key else capfirst(gettext("not said")), count) for key, count in large]
    sent, rest = told_apart(senders)
    apart = {key for key, _ in sent}
    return {
        "delegations": [each.authority.organisation for each in delegations],
        "uncounted": [each.authority.organisation for each in delegations if each.pk not in apart],
        "came": sectors.total() if sectors.total() >= CROWD else 0,
        "attended": attended,
        "made_up": made_up and not event.illustrative,
        "by_sector": _bars_with(named, others),
        "by_delegation": lambda: _bars_of_delegations(delegations, sent, rest),
    }


def _bars_with(named: list[tuple[Any, ...]], others: int) -> list[dict[str, Any]]:
    """Bars, the last one for all others; none where there is nothing to set these apart from."""
    rest = (
        [(capfirst(pgettext("people of other sectors or delegations", "others")), others)] if named and others else []
    )
    return bars([*named, *rest])


def _counted(event: Event) -> tuple[Counter[str], Counter[int | None], bool, bool]:
    """People by sector and by delegation: those who attended where that is known, else those who confirmed.

    Said last: whether it is known, and whether any of those counted were made up.
    """
    here = [ParticipationState.CONFIRMED, ParticipationState.ATTENDED]
    parts = Participation.objects.filter(event=event, state__in=here).order_by("sector", "delegation")
    rows = list(parts.values_list("state", "sector", "delegation", "illustrative").annotate(Count("pk")))
    attended = [row for row in rows if row[0] == ParticipationState.ATTENDED]
    counted = attended or rows
    sectors, senders = Counter[str](), Counter[int | None]()
    for _, sector, delegation, _, count in counted:
        sectors[sector] += count
        senders[delegation] += count
    return sectors, senders, bool(attended), any(illustrative for _, _, _, illustrative, _ in counted)


def _bars_of_delegations(
    delegations: Iterable[Delegation], sent: Iterable[tuple[int | None, int]], rest: int
) -> list[dict[str, Any]]:
    """After the texts have been translated: delegations and those who come without one, where they are a crowd."""
    named = {each.pk: each.authority.organisation for each in delegations}
    rows = [
        (text(named[key], "name"), count, organisation_address(named[key]))
        if key in named
        else (capfirst(gettext("in no delegation")), count)
        for key, count in sent
    ]
    return _bars_with(rows, rest)


def _chain_of_event(context: dict[str, Any]) -> list[ChainLink]:
    event, reach, lessons = context["event"], context["reach"], context["event"].lesson_count
    here = f"?event={event.slug}"
    commitments, outcomes = reverse("public:commitment_list") + here, reverse("public:outcome_list") + here
    return chain(
        "event",
        session=(sessions_words(context["session_count"]), "#programme"),
        notes=(notes_words(context["note_count"]), "#programme"),
        lesson=(lessons_words(lessons), reverse("public:lesson_list") + here if lessons > SHOWN else "#lessons"),
        commitments=(reach_words(reach), commitments if reach.commitments > SHOWN else "#commitments"),
        activities=(activities_words(reach.activities), commitments),
        outcomes=(outcomes_words(reach.outcomes), outcomes),
    )
