"""The front page."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from jirani.commitments.models import Commitment, Evidence, Outcome
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
from jirani.reading.sentences import learned
from jirani.reading.showing import show
from jirani.ui.text import country

#: More members than this are listed by country only.
NAMED_MEMBERS = 60
#: Articles and reports that the front page shows.
STORIES = 3


@public
@made_once()
def home(request: HttpRequest) -> HttpResponse:
    """What the network is, what cities learned lately, what came of it, what comes next."""
    user, today = request.user, timezone.localdate()
    sentences = learned(Commitment.objects.visible_to(user).taken_up(), user, 5)
    outcomes = list(_outcomes_with_evidence(user)[:2])
    events = Event.objects.visible_to(user).announced()
    coming, past = list(events.coming(today)[:3]), list(events.past(today)[:3])
    members = list(LocalAuthority.objects.members().select_related("organisation")[: NAMED_MEMBERS + 1])
    counts = count_for(user, "home", _counted(user))
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


def _outcomes_with_evidence(user: Any) -> Any:
    evidence = Evidence.objects.visible_to(user)
    return (
        Outcome.objects.visible_to(user)
        .filter(Exists(evidence.filter(outcome=OuterRef("pk"))))
        .select_related("commitment__organisation")
        .prefetch_related(Prefetch("evidence", evidence.order_by("id"), to_attr="shown_evidence"))
        .order_by(F("observed_on").desc(nulls_last=True), "-id")
    )


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
    """Countries in the order of the reader's language, each with its members by name (none where there are too many to name)."""
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
