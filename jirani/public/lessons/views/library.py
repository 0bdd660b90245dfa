"""The library of lessons: a search, facets with counts, pages by key."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from jirani.commitments.models import Commitment
from jirani.core.counts import Counts
from jirani.core.limits import TookTooLong, statements_within
from jirani.core.paging import page_of
from jirani.core.routes import made_once, public
from jirani.core.text import active_language
from jirani.events.enums import EventKind
from jirani.events.models import Event, Session
from jirani.lessons.enums import Addressee, LessonKind, ReviewLevel
from jirani.lessons.models import Lesson, LessonQuerySet
from jirani.lessons.permissions import can_write_lesson
from jirani.members.models import Organisation
from jirani.public.lessons.forms import LessonFilter
from jirani.reading.facets import facet_counts
from jirani.reading.filters import tell_found
from jirani.reading.lessons import lesson_rows
from jirani.reading.links import link_to
from jirani.reading.origins import with_origins
from jirani.reading.showing import records_in, show
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.templatetags.records import text
from jirani.ui.text import alone, country

#: Seconds that the database may look for words.
LONGEST_SEARCH = 2


@public
@made_once(
    "kind",
    "level",
    "addressee",
    "event_kind",
    "state",
    "country",
    "theme",
    "driver",
    "authority",
    "event",
    "session",
    "cursor",
)
def lesson_list(request: HttpRequest) -> HttpResponse:
    """Published lessons, the latest first."""
    themes, drivers = list(Theme.objects.all()), list(Driver.objects.all())
    form = LessonFilter(request.GET, theme=_slugs(themes), driver=_slugs(drivers))
    try:
        with statements_within(LONGEST_SEARCH) if "q" in form.wanted else nullcontext():
            return _lesson_page(request, form, themes, drivers)
    except TookTooLong:
        form.add_error("q", gettext("This search took too long and was stopped. Search for a longer or a rarer word."))
        return render(request, "public/lessons/lesson_list.html", {"form": form, "stopped": True}, status=503)


def _lesson_page(request: HttpRequest, form: LessonFilter, themes: list[Theme], drivers: list[Driver]) -> HttpResponse:
    user, language = request.user, active_language()
    lessons = _matching(user, form.wanted, themes, drivers).about(form.wanted.get("q", ""), language)
    page = page_of(request, with_origins(lessons), ("-published_at", "-id"))
    tell_found(request, form, anything=bool(page.rows))
    rows, place = lesson_rows(page.rows, user), _place(form.wanted, user)
    counts = facet_counts(user, lessons, {**form.wanted, "language": language} if "q" in form.wanted else form.wanted)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "counts": counts,
        "count": counts.of.get("all:", 0),
        "query": form.query(),
        "facets": lambda: _facets(form, counts, themes, drivers),
        "place": lambda: link_to(place),
        "elsewhere": form.query("event", "session", "authority"),
        "writes": can_write_lesson(user),
    }
    return show(request, "public/lessons/lesson_list.html", context, records_in(rows), themes, drivers, place)


def _slugs(records: Iterable[Any]) -> list[tuple[str, str]]:
    return [(each.slug, "") for each in records]


def _matching(user: Any, wanted: Mapping[str, Any], themes: list[Theme], drivers: list[Driver]) -> LessonQuerySet:
    """Return lessons that match every filter. Conditions are kept separate, so that the database can start with the most selective."""
    lessons = Lesson.objects.visible_to(user).published()
    fields = {"kind": "kind", "level": "review_level"}
    lessons = lessons.filter(**{fields[name]: value for name, value in wanted.items() if name in fields})
    if "addressee" in wanted:
        lessons = lessons.filter(addressees__contains=[wanted["addressee"]])
    if "theme" in wanted:
        key = next(each.pk for each in themes if each.slug == wanted["theme"])
        lessons = lessons.filter(pk__in=Lesson.themes.through.objects.filter(theme=key).values("lesson"))
    if "driver" in wanted:
        key = next(each.pk for each in drivers if each.slug == wanted["driver"])
        lessons = lessons.filter(pk__in=Lesson.drivers.through.objects.filter(driver=key).values("lesson"))
    for name, field in (("country", "country"), ("authority", "organisation__slug")):
        if name in wanted:
            lessons = lessons.coming_from(**{field: wanted[name]})
    events = Event.objects.visible_to(user)
    if "event_kind" in wanted:
        lessons = lessons.filter(event__in=events.filter(kind=wanted["event_kind"]).values("pk"))
    if "session" in wanted:
        lessons = lessons.filter(session__in=Session.objects.visible_to(user).filter(pk=wanted["session"]).values("pk"))
    if "event" in wanted:
        lessons = lessons.filter(event__in=events.with_follow_ups(slug=wanted["event"]).values("pk"))
    if "state" in wanted:
        taken = Commitment.objects.visible_to(user).taken_up().filter(lesson__isnull=False)
        by_state = {"taken-up": taken, "applied": taken.applied(user), "dropped": taken.dropped()}
        lessons = lessons.filter(pk__in=by_state[wanted["state"]].values("lesson"))
    return lessons


def _place(wanted: Mapping[str, Any], user: Any) -> Event | Session | Organisation | None:
    """Return the event, session or authority to which another page's count limited the list; a query only if there is one."""
    if "session" in wanted:
        return Session.objects.visible_to(user).select_related("event").filter(pk=wanted["session"]).first()
    if "event" in wanted:
        return Event.objects.visible_to(user).filter(slug=wanted["event"]).first()
    if "authority" in wanted:
        return Organisation.objects.filter(slug=wanted["authority"]).first()
    return None


def _facets(form: LessonFilter, counts: Counts, themes: list[Theme], drivers: list[Driver]) -> list[dict[str, Any]]:
    """Each facet with the values that lead somewhere, or with the one that was chosen; of a list that was narrowed, only what
    narrows it further.
    """
    facets = []
    for facet, (title, names) in _titles(themes, drivers).items():
        chosen = form.wanted.get(facet)
        values = [row for row in _values(counts, facet) if chosen in {None, row[0]}]
        options = [_option(form, facet, value, names, count) for value, count in values]
        if options and (
            not form.wanted or any(each["chosen"] or each["count"] < counts.of["all:"] for each in options)
        ):
            facets.append({"title": title, "options": options})
    return facets


def _titles(themes: list[Theme], drivers: list[Driver]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The facets in their order: what each is called, and its values' names (of countries CLDR has them)."""
    return {
        "theme": (gettext("Theme"), {each.slug: text(each, "name") for each in themes}),
        "kind": (gettext("Kind"), dict(LessonKind.choices)),
        "state": (gettext("What became of it"), {state: capfirst(word) for state, word in _states().items()}),
        "country": (gettext("Country"), {}),
        "driver": (
            pgettext("local condition", "Driver"),
            {each.slug: text(each, "name") for each in drivers},
        ),
        "event_kind": (gettext("Told at"), dict(EventKind.choices)),
        "addressee": (gettext("Recommended to"), dict(Addressee.choices)),
        "level": (gettext("Review level"), dict(ReviewLevel.choices)),
    }


def _states() -> dict[str, str]:
    """Return the words for what became of a lesson. They agree with "lesson"; those of `state_name` agree with "commitment"."""
    return {
        "taken-up": pgettext("lesson", "taken up"),
        "applied": pgettext("lesson", "applied"),
        "dropped": pgettext("lesson", "dropped"),
    }


def _values(counts: Counts, facet: str) -> list[tuple[str, int]]:
    """A facet's values, those with the most lessons first."""
    found = [
        (key.partition(":")[2], count) for key, count in counts.of.items() if key.startswith(f"{facet}:") and count
    ]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _option(form: LessonFilter, facet: str, value: str, names: Mapping[str, Any], count: int) -> dict[str, Any]:
    chosen = form.wanted.get(facet) == value
    query = form.query(facet) if chosen else form.query(**{facet: value})
    return {
        "name": alone(names.get(value) or country(value)),
        "count": count,
        "chosen": chosen,
        "url": f"{reverse('public:lesson_list')}?{query}".rstrip("?&"),
    }
