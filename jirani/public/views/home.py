"""The front page."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from jirani.commitments.models import Commitment, Evidence, Outcome
from jirani.core.compiled import compiled_once
from jirani.core.counts import Counts, count_for
from jirani.core.routes import made_once, public
from jirani.core.text import active_language
from jirani.events.models import Event
from jirani.language.collation import sort_key
from jirani.lessons.models import Lesson
from jirani.lessons.permissions import can_write_lesson
from jirani.members.models import LocalAuthority
from jirani.reading.figures import figure
from jirani.reading.registry import latest_stories
from jirani.reading.sentences import latest_learned, learned
from jirani.reading.showing import show
from jirani.ui.text import country

#: More members than this are listed by country only.
NAMED_MEMBERS = 60
#: Articles and reports that the front page shows.
STORIES = 3
#: Rows of its other parts.
SENTENCES, OUTCOMES, EVENTS = 5, 2, 3


@public
@made_once()
def home(request: HttpRequest) -> HttpResponse:
    """Show what the network is, what cities learned lately, what came of it and what comes next."""
    user, today = request.user, timezone.localdate()
    sentences, outcomes = learned(_latest_taken_up(user), user), _outcomes(user)
    coming, past, members = _coming(user, today=today), _past(user, today=today), _members(user)
    counts = count_for(user, "home", lambda: _counted(user))
    context = {
        "network": settings.NETWORK_NAME,
        "figures": _figures(counts),
        "counts": counts,
        "sentences": sentences,
        "outcomes": outcomes,
        "coming": coming,
        "past": past,
        "stories": latest_stories(user, active_language(), STORIES),
        "countries": lambda: _by_country(members),
        "writes": can_write_lesson(user),
    }
    told = [[each, each.commitment.organisation, each.shown_evidence] for each in outcomes]
    said, bodies = [sentence.records for sentence in sentences], [each.organisation for each in members]
    return show(request, "public/home.html", context, said, told, coming, past, bodies)


@compiled_once
def _latest_taken_up(user: Any) -> QuerySet[Commitment]:
    return latest_learned(Commitment.objects.visible_to(user).taken_up(), user, SENTENCES)


@compiled_once
def _coming(user: Any, *, today: date) -> QuerySet[Event]:
    return Event.objects.visible_to(user).announced().coming(today)[:EVENTS]


@compiled_once
def _past(user: Any, *, today: date) -> QuerySet[Event]:
    return Event.objects.visible_to(user).announced().past(today)[:EVENTS]


@compiled_once
def _members(_user: Any) -> QuerySet[LocalAuthority]:
    return LocalAuthority.objects.members().select_related("organisation")[: NAMED_MEMBERS + 1]


def _outcomes(user: Any) -> list[Any]:
    """The latest outcomes with evidence that the reader may see, each with it; two queries."""
    found: list[Any] = list(_proven(user))
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for each in _evidence(user, outcomes=tuple(outcome.pk for outcome in found)) if found else ():
        evidence[each.outcome_id or 0].append(each)
    for outcome in found:
        outcome.shown_evidence = evidence[outcome.pk]
    return found


@compiled_once
def _proven(user: Any) -> QuerySet[Outcome]:
    proof = Evidence.objects.visible_to(user).filter(outcome=OuterRef("pk"))
    found = Outcome.objects.visible_to(user).filter(Exists(proof)).select_related("commitment__organisation")
    return found.order_by(F("observed_on").desc(nulls_last=True), "-id")[:OUTCOMES]


@compiled_once
def _evidence(user: Any, *, outcomes: tuple[int, ...]) -> QuerySet[Evidence]:
    return Evidence.objects.visible_to(user).filter(outcome__in=outcomes).order_by("id")


def _counted(user: Any) -> dict[str, Any]:
    applied = Commitment.objects.visible_to(user).applied(user)
    return {
        "members": LocalAuthority.objects.members(),
        "lessons": Lesson.objects.visible_to(user).published(),
        "applied": Lesson.objects.visible_to(user).published().filter(pk__in=applied.values("lesson")),
    }


def _figures(counts: Counts) -> list[dict[str, Any]]:
    members, lessons, applied = counts["members"], counts["lessons"], counts["applied"]
    # Translators: <b> is written large and stands first; a language that says the number with the noun writes that large
    in_network = ngettext("<b>{count}</b> member of the network", "<b>{count}</b> members of the network", members)
    shared = ngettext("<b>{count}</b> lesson shared", "<b>{count}</b> lessons shared", lessons)
    used = ngettext("<b>{count}</b> lesson applied somewhere", "<b>{count}</b> lessons applied somewhere", applied)
    library = reverse("public:lesson_list")
    return [
        {"words": figure(in_network, members), "url": reverse("public:authority_list") + "?member=yes"},
        {"words": figure(shared, lessons), "url": library},
        {"words": figure(used, applied), "url": f"{library}?state=applied"},
    ]


def _by_country(members: list[LocalAuthority]) -> list[dict[str, Any]]:
    """Return countries in the order of the reader's language, each with its members by name (none if there are too many to name)."""
    language = active_language()
    found: dict[str, list[Any]] = defaultdict(list)
    for member in members:
        found[member.country].append(member.organisation)
    named = len(members) <= NAMED_MEMBERS
    return [
        {
            "code": code,
            "members": sorted(found[code], key=lambda each: sort_key(each.text_in("name", language)[0], language))
            if named
            else [],
        }
        for code in sorted(found, key=lambda code: sort_key(country(code), language))
    ]
