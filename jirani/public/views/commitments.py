"""Commitments: what was promised, how far it got, what changed on the way."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from jirani.commitments.models import Commitment, CommitmentQuerySet, Evidence, Outcome
from jirani.commitments.permissions import can_edit_commitment
from jirani.core.counts import Counts, count_for
from jirani.core.enums import Completion
from jirani.core.paging import page_of
from jirani.core.routes import made_once, public
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson
from jirani.members.models import Agreement, Grant, Organisation
from jirani.plans.models import ActionPlan, Activity
from jirani.public.forms import CommitmentFilter, countries
from jirani.public.text import chain, figure, how_far, outcomes_words, practices_words
from jirani.ui.text import ChainLink

from .showing import show
from .spine import (
    Pledge,
    activity_address,
    in_room,
    link_in_chain,
    link_to,
    pledge,
    records_in,
    room_links,
    room_of,
    seen,
    way,
    with_rooms,
)


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
    page = page_of(request, with_rooms(_matching(shown, form.wanted, user), user), ("-published_at", "-id"))
    rows, place = [pledge(row) for row in page.rows], place_of(form.wanted, user)
    counts = count_for(
        user, "commitments", {"taken-up": shown, "applied": shown.applied(user), "dropped": shown.dropped()}
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
    return show(request, "public/commitment_list.html", context, [each.records for each in rows], place)


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


def of_lessons(commitments: CommitmentQuerySet, wanted: Mapping[str, Any], user: Any) -> CommitmentQuerySet:
    """Those that carry out a lesson, or the lessons of a session or an event, or a plan, that the reader may see."""
    if "plan" in wanted:
        activities = Activity.objects.visible_to(user).filter(objective__pillar__plan__slug=wanted["plan"])
        commitments = commitments.filter(activity__in=activities.values("pk"))
    lessons = Lesson.objects.visible_to(user).published()
    if "lesson" in wanted:
        commitments = commitments.filter(lesson__in=lessons.filter(pk=wanted["lesson"]).values("pk"))
    if "session" in wanted:
        commitments = commitments.filter(lesson__in=lessons.filter(session=wanted["session"]).values("pk"))
    if "event" in wanted:
        events = Event.objects.visible_to(user).with_follow_ups(slug=wanted["event"]).values("pk")
        told = Q(lesson__in=lessons.filter(event__in=events).values("pk"))
        commitments = commitments.filter(told | Q(event__in=events))
    return commitments


def place_of(wanted: Mapping[str, Any], user: Any) -> Lesson | Session | Event | ActionPlan | Organisation | None:
    """The record whose count on another page led here; a query only where one did."""
    if "lesson" in wanted:
        return Lesson.objects.visible_to(user).published().filter(pk=wanted["lesson"]).first()
    if "session" in wanted:
        return Session.objects.visible_to(user).select_related("event").filter(pk=wanted["session"]).first()
    if "event" in wanted:
        return Event.objects.visible_to(user).filter(slug=wanted["event"]).first()
    if "plan" in wanted:
        return ActionPlan.objects.visible_to(user).filter(slug=wanted["plan"]).first()
    slug = wanted.get("authority") or wanted.get("organisation") or wanted.get("from")
    return Organisation.objects.filter(slug=slug).first() if slug else None


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
@made_once()
def commitment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One commitment, from the lesson it applies to what came of it."""
    user = request.user
    row: Any = get_object_or_404(_with_papers(with_rooms(Commitment.objects.visible_to(user), user), user), pk=pk)
    made = pledge(row)
    came = _what_came_of(row, user)
    lessons: Any = in_room(Lesson.objects.visible_to(user).published(), user)
    lessons = lessons.in_bulk(
        [key for key in (row.lesson_id, *(each.became_id for each, _ in came["outcomes"])) if key]
    )
    lesson, practices = lessons.get(row.lesson_id), _practices(came["outcomes"], lessons)
    context: dict[str, Any] = {
        "commitment": row,
        "pledge": made,
        "lesson": lesson,
        "activity": made.activity,
        "ways": _ways(row) if user.is_authenticated and can_edit_commitment(user, row) else [],
        **{name: list(getattr(row, name).all()) for name in ("supporting", "adaptations", "milestones", "follow_ups")},
        **{
            name: getattr(row, name) if getattr(row, f"{name}_seen") else None
            for name in ("event", "agreement", "grant")
        },
        "practices": practices,
        **came,
    }
    context |= _got(made, context["ways"])
    context["chain"] = lambda: _chain(made, context, user)
    return show(request, "public/commitment_detail.html", context, records_in(context), room_of(lesson))


def _got(made: Pledge, ways: Collection[Any]) -> dict[str, Any]:
    """How far the activity of the plan got, and where to say how far the commitment did if nobody has."""
    unsaid = made.how_far.code == "unsaid"
    return {
        "activity_got": how_far(made.activity, proven=made.proven) if made.activity else None,
        "say_how_far": way("commitments:completion_edit", made.commitment.pk) if ways and unsaid else "",
    }


def _what_came_of(commitment: Commitment, user: Any) -> dict[str, Any]:
    """Outcomes, each with its evidence, and the evidence of the commitment itself; two queries."""
    found = list(Outcome.objects.visible_to(user).filter(commitment=commitment).select_related("substantiated_by"))
    evidence = list(Evidence.objects.visible_to(user).filter(commitment=commitment).order_by("id"))
    return {
        "outcomes": [(each, [item for item in evidence if item.outcome_id == each.pk]) for each in found],
        "evidence": [item for item in evidence if item.outcome_id is None],
        "confirmed_by": [each.substantiated_by for each in found],
    }


def _practices(outcomes: Iterable[tuple[Any, Any]], lessons: Mapping[int, Lesson]) -> list[Lesson]:
    """The good practices that these outcomes became, so far as they are among the lessons; each outcome gets its own as `practice`."""
    for outcome, _ in outcomes:
        outcome.practice = lessons.get(outcome.became_id)
    return list(dict.fromkeys(outcome.practice for outcome, _ in outcomes if outcome.practice))


def _with_papers(commitments: QuerySet[Commitment], user: Any) -> QuerySet[Commitment]:
    """With the event at which it was made, its agreement and its grant, and whether the reader may see these."""
    return commitments.select_related("event", "agreement", "grant").annotate(
        event_seen=seen(Event.objects.visible_to(user), "event_id"),
        agreement_seen=seen(Agreement.objects.visible_to(user), "agreement_id"),
        grant_seen=seen(Grant.objects.visible_to(user), "grant_id"),
    )


def ways_to(ways: Mapping[str, str], pk: int) -> list[tuple[str, str]]:
    """What can be done with a record, by the name of its page and in words, so far as this network has the pages."""
    found = [(words, way(f"commitments:{name}", pk)) for name, words in ways.items()]
    return [(words, address) for words, address in found if address]


def _ways(commitment: Commitment) -> list[tuple[str, str]]:
    """What those who speak for its organisation can do here."""
    ways = {
        "commitment_edit": gettext("Change it"),
        "completion_edit": gettext("Say how far it got"),
        "adaptation_create": gettext("Say what was adapted"),
        "outcome_create": gettext("Record an outcome"),
        "evidence_create": gettext("Add evidence"),
    }
    return ways_to(ways, commitment.pk)


def _chain(made: Pledge, context: Mapping[str, Any], user: Any) -> list[ChainLink]:
    lesson, event, practices = (context[name] for name in ("lesson", "event", "practices"))
    links = room_links(lesson, user) if lesson else {}
    if lesson:
        links["lesson"] = link_in_chain(lesson, reverse("public:lesson_detail", args=[lesson.pk]))
    if event and not links.get("event", ("",))[0]:
        links["event"] = link_in_chain(event, reverse("public:event_detail", args=[event.slug]))
    if made.activity:
        links["activities"] = link_in_chain(made.activity, activity_address(made.activity))
    if len(practices) == 1:
        links["practice"] = link_in_chain(practices[0], reverse("public:lesson_detail", args=[practices[0].pk]))
    elif practices:
        links["practice"] = practices_words(len(practices)), "#outcomes", False
    return chain("commitments", **links, outcomes=(outcomes_words(len(context["outcomes"])), "#outcomes"))
