"""Commitments: what was promised, how far it got, what changed on the way."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from jirani.commitments.models import Commitment, CommitmentQuerySet, Evidence, Outcome
from jirani.commitments.permissions import can_edit_commitment
from jirani.core.counts import Counts, count_for
from jirani.core.paging import LONG, page_by_place, page_of
from jirani.core.routes import made_once, public
from jirani.events.models import Event
from jirani.lessons.models import Lesson
from jirani.members.models import Agreement, Grant
from jirani.plans.enums import Completion
from jirani.public.commitments.forms import CommitmentFilter
from jirani.reading.chain import ChainLink, chain, record_link
from jirani.reading.completion import how_far
from jirani.reading.figures import figure, outcomes_words, practices_words
from jirani.reading.filters import countries, tell_found
from jirani.reading.links import commitment_links, link_to
from jirani.reading.narrowing import of_lessons, place_of
from jirani.reading.occasions import links_before, occasion_of, with_occasion
from jirani.reading.pledges import Pledge, pledge, with_ties
from jirani.reading.seen import seen
from jirani.reading.showing import records_in, show


@public
@made_once(
    "status",
    "completion",
    "country",
    "state",
    "lesson",
    "event",
    "session",
    "plan",
    "authority",
    "organisation",
    "from",
    "cursor",
)
def commitment_list(request: HttpRequest) -> HttpResponse:
    """Published commitments, the latest first."""
    user = request.user
    shown = Commitment.objects.visible_to(user).taken_up()
    places = shown.order_by().values_list("organisation__country", flat=True).distinct()
    form = CommitmentFilter(request.GET, country=countries(places))
    page = page_of(request, with_ties(_matching(shown, form.wanted, user), user), ("-published_at", "-id"))
    tell_found(request, form, anything=bool(page.rows))
    rows, place = [pledge(row) for row in page.rows], place_of(form.wanted, user)
    counts = count_for(
        user, "commitments", lambda: {"taken-up": shown, "applied": shown.applied(user), "dropped": shown.dropped()}
    )
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "counts": counts,
        "figures": _figures(counts),
        "query": form.query(),
        "place": lambda: link_to(place),
        "state": form.wanted.get("state", ""),
        "elsewhere": form.query("lesson", "event", "session", "plan", "authority", "organisation", "from"),
        "other_states": form.query("state"),
    }
    return show(request, "public/commitments/commitment_list.html", context, [each.records for each in rows], place)


def _matching(commitments: CommitmentQuerySet, wanted: Mapping[str, Any], user: Any) -> CommitmentQuerySet:
    fields = {
        "status": "status",
        "completion": "completion",
        "country": "organisation__country",
        "authority": "organisation__slug",
        "organisation": "organisation__slug",
    }
    commitments = commitments.filter(**{fields[name]: value for name, value in wanted.items() if name in fields})
    if wanted.get("completion") == Completion.NO_EVIDENCE:  # the rows of others say that it has not been said
        commitments = commitments.unproven(user)
    commitments = of_lessons(commitments, wanted, user)
    if "from" in wanted:
        lessons = Lesson.objects.visible_to(user).published().coming_from(organisation__slug=wanted["from"])
        commitments = commitments.filter(lesson__in=lessons.values("pk"))
    if wanted.get("state") == "applied":
        return commitments.applied(user)
    return commitments.dropped() if wanted.get("state") == "dropped" else commitments


def _figures(counts: Counts) -> list[dict[str, Any]]:
    words = {
        "taken-up": ngettext(
            "<b>{count}</b> time a lesson was taken up",
            "<b>{count}</b> times a lesson was taken up",
            counts["taken-up"],
        ),
        "applied": ngettext(
            "<b>{count}</b> time one was applied, with evidence",
            "<b>{count}</b> times one was applied, with evidence",
            counts["applied"],
        ),
        "dropped": ngettext(
            "<b>{count}</b> time one was dropped, with the reason",
            "<b>{count}</b> times one was dropped, with the reason",
            counts["dropped"],
        ),
    }
    address = reverse("public:commitment_list")
    return [{"words": figure(words[state], counts[state]), "url": f"{address}?state={state}"} for state in words]


@public
@made_once("outcomes", "evidence", "adaptations", "milestones")
def commitment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One commitment, from the lesson it applies to what came of it."""
    user = request.user
    row: Any = get_object_or_404(_with_papers(with_ties(Commitment.objects.visible_to(user), user), user), pk=pk)
    made = pledge(row)
    came = _what_came_of(request, row)
    lessons: Any = with_occasion(Lesson.objects.visible_to(user).published(), user)
    lessons = lessons.in_bulk(
        [key for key in (row.lesson_id, *(each.became_id for each, _ in came["outcomes"])) if key]
    )
    lesson, practices = lessons.get(row.lesson_id), _practices(came["outcomes"], lessons)
    context: dict[str, Any] = {
        "commitment": row,
        "pledge": made,
        "lesson": lesson,
        "activity": made.activity,
        "edit_links": _edit_links(row) if user.is_authenticated and can_edit_commitment(user, row) else [],
        **{name: list(getattr(row, name).all()) for name in ("supporting", "follow_ups")},
        **_parts(request, row),
        **{
            name: getattr(row, name) if getattr(row, f"{name}_seen") else None
            for name in ("event", "agreement", "grant")
        },
        "practices": practices,
        **came,
    }
    context |= _got(made, context["edit_links"])
    context["chain"] = lambda: _chain(made, context, user)
    return show(request, "public/commitments/commitment_detail.html", context, records_in(context), occasion_of(lesson))


def _got(made: Pledge, edit_links: Collection[Any]) -> dict[str, Any]:
    """Return how far the plan activity got, and where to report the commitment's progress if nobody has."""
    unsaid = made.how_far.code == "unsaid"
    return {
        "activity_got": how_far(made.activity, proven=made.proven) if made.activity else None,
        "say_how_far": reverse("commitments:completion_edit", args=[made.commitment.pk])
        if edit_links and unsaid
        else "",
    }


def _parts(request: HttpRequest, commitment: Commitment) -> dict[str, Any]:
    """What was adapted on the way, and the steps; two queries."""
    order = ("created_at", "id")
    adaptations: Any = page_of(request, commitment.adaptations.all(), order, size=LONG, name="adaptations")
    milestones, milestones_page = page_by_place(request, commitment.milestones.all(), name="milestones")
    return {
        "adaptations": adaptations.rows,
        "adaptations_page": adaptations,
        "milestones": milestones,
        "milestones_page": milestones_page,
    }


def _what_came_of(request: HttpRequest, commitment: Commitment) -> dict[str, Any]:
    """Outcomes, each with its evidence, and the evidence of the commitment itself; three queries."""
    user = request.user
    outcomes = Outcome.objects.visible_to(user).filter(commitment=commitment).select_related("substantiated_by")
    found, page = page_by_place(request, outcomes, name="outcomes")
    evidence = Evidence.objects.visible_to(user).filter(commitment=commitment)
    own: Any = page_of(request, evidence.filter(outcome=None), ("id",), size=LONG, name="evidence")
    of_outcomes = list(evidence.filter(outcome__in=found).order_by("id")) if found else []
    return {
        "outcomes": [(each, [item for item in of_outcomes if item.outcome_id == each.pk]) for each in found],
        "outcomes_page": page,
        "evidence": own.rows,
        "evidence_page": own,
        "confirmed_by": [each.substantiated_by for each in found],
    }


def _practices(outcomes: Iterable[tuple[Any, Any]], lessons: Mapping[int, Lesson]) -> list[Lesson]:
    """Return the good practices that these outcomes became, as far as they are among the lessons; each outcome gets its own as `practice`."""
    for outcome, _ in outcomes:
        outcome.practice = lessons.get(outcome.became_id)
    return list(dict.fromkeys(outcome.practice for outcome, _ in outcomes if outcome.practice))


def _with_papers(commitments: QuerySet[Commitment], user: Any) -> QuerySet[Commitment]:
    """Load the event at which it was made, its agreement and its grant, and whether the reader may see them."""
    return commitments.select_related("event", "agreement", "grant").annotate(
        event_seen=seen(Event.objects.visible_to(user), "event_id"),
        agreement_seen=seen(Agreement.objects.visible_to(user), "agreement_id"),
        grant_seen=seen(Grant.objects.visible_to(user), "grant_id"),
    )


def _edit_links(commitment: Commitment) -> list[tuple[str, str]]:
    """Return what people who speak for its organisation can do here."""
    edit_links = {
        "commitment_edit": gettext("Change it"),
        "completion_edit": gettext("Say how far it got"),
        "adaptation_create": gettext("Say what was adapted"),
        "outcome_create": gettext("Record an outcome"),
        "evidence_create": gettext("Add evidence"),
    }
    return commitment_links(edit_links, commitment.pk)


def _chain(made: Pledge, context: Mapping[str, Any], user: Any) -> list[ChainLink]:
    lesson, event, practices = (context[name] for name in ("lesson", "event", "practices"))
    links = [*links_before(lesson, user), record_link("lesson", lesson)] if lesson else []
    if event and all(link.kind != "event" for link in links):
        links.append(record_link("event", event))
    if made.activity:
        links.append(record_link("activities", made.activity))
    if len(practices) == 1:
        links.append(record_link("practice", practices[0]))
    elif practices:
        links.append(ChainLink("practice", practices_words(len(practices)), "#outcomes"))
    links.append(ChainLink("outcomes", outcomes_words(len(context["outcomes_page"].every())), "#outcomes"))
    return chain("commitments", *links)
