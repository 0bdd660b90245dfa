"""The list of events, upcoming and past."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jirani.core.paging import page_of
from jirani.core.routes import made_once, public
from jirani.core.text import active_language
from jirani.events.models import Delegation, Event, EventParty, EventQuerySet
from jirani.lessons.models import Lesson
from jirani.members.models import Hub
from jirani.public.events.forms import EventFilter
from jirani.reading.figures import lessons_words
from jirani.reading.filters import countries, tell_found
from jirani.reading.showing import show
from jirani.taxonomy.models import Theme
from jirani.translation.models import attach_translations

#: How many coming events are shown above the past ones, unless a filter asks for more.
NEXT = 5


@public
@made_once("kind", "format", "hub", "country", "year", "theme", "when", "authority", "organisation", "cursor")
def event_list(request: HttpRequest) -> HttpResponse:
    """List upcoming events, the next one first, and past ones, the latest first."""
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
    tell_found(request, form, anything=bool(events))
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
    return show(request, "public/events/event_list.html", context, events)


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
