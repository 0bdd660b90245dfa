"""One local authority, with what it taught and what it learned."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from jirani.commitments.models import Commitment, Outcome
from jirani.core.compiled import compiled_once
from jirani.core.counts import Counts, count_for
from jirani.core.paging import page_by_place
from jirani.core.routes import made_once, public
from jirani.events.models import Delegation, Event, EventParty
from jirani.forums.models import Forum, Meeting, Priority, Seat
from jirani.lessons.models import Lesson, LessonQuerySet
from jirani.members.enums import Context
from jirani.members.models import Agreement, LocalAuthority, Membership, Organisation
from jirani.members.permissions import can_admit, can_edit_authority
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan, Pillar
from jirani.plans.permissions import can_add_plan, can_edit_plan
from jirani.public.members.text import membership_words
from jirani.reading.progress import progress_of, with_progress
from jirani.reading.sentences import latest_learned, learned
from jirani.reading.showing import show
from jirani.taxonomy.models import Theme
from jirani.ui.text import number

from .journey import journey
from .organisations import signed_by, taken_up_by

#: How many rows each part of a page shows; the rest is one link away.
LATEST = 5
#: Events in a journey; of more, the latest.
STAGES = 30
#: How long a forum counts as alive after it met.
YEAR = timedelta(days=365)


@public
@made_once()
def authority_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One local authority: profile, priorities, forum, plan, taught and learned, events, what came of it, its journey."""
    authority = _authority(slug, request.user)
    if authority is None:
        return redirect("public:organisation_detail", get_object_or_404(Organisation, slug=slug).slug)
    body, membership = authority.organisation, next(iter(authority.shown_memberships), None)
    counts = count_for(request.user, f"authority:{authority.pk}", lambda: _counted(authority, request.user))
    parts = _parts_of(authority, request.user)
    context = {
        **parts,
        "latest_events": parts["events"][:LATEST],
        "latest_priorities": parts["priorities"][:LATEST],
        "authority": authority,
        "organisation": body,
        "membership": membership,
        "membership_words": membership_words(membership),
        "contexts": _contexts(authority),
        "counts": counts,
        **_came_of_it(counts, slug),
        "completions": lambda: [(pillar, progress_of(pillar)) for pillar in parts["pillars"]],
        **_edit_rights(authority, parts["plans"], request.user),
        "journey": lambda: sorted(journey(authority.shown_memberships, parts), key=lambda step: step.date),
    }
    told = [body, membership, authority.hub, authority.shown_themes]
    return show(request, "public/members/authority_detail.html", context, told, _records(parts))


@public
@made_once("cursor")
def priority_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that an authority and its forums say matters most, as far as the reader may see it."""
    authority = get_object_or_404(LocalAuthority.objects.select_related("organisation"), organisation__slug=slug)
    ranked = Priority.objects.visible_to(request.user).filter(authority=authority).order_by("rank", "pk")
    priorities, page = page_by_place(request, ranked.select_related("theme", "driver", "forum"))
    context = {"organisation": authority.organisation, "priorities": priorities, "page": page}
    subjects = [[each.theme, each.driver] for each in priorities]
    return show(request, "public/members/priority_list.html", context, [authority.organisation], priorities, subjects)


def _parts_of(authority: LocalAuthority, user: Any) -> dict[str, list[Any]]:
    """The latest rows of each part of the page; one query each, and one for the origins of what was taken up."""
    pk, body, today = authority.pk, authority.organisation_id, timezone.localdate()
    plans = _plans(user, authority=pk)
    return {
        "priorities": _priorities(user, authority=pk),
        "forums": _forums(user, authority=pk, today=today, since=today - YEAR),
        "plans": plans,
        "pillars": _pillars(user, plan=plans[0].pk) if plans else [],
        "given": _latest_given(user, authority=pk),
        "taken": learned(_latest_taken(user, body=body), user),
        "events": _latest_events(user, body=body),
        "outcomes": _latest_outcomes(user, body=body),
        "agreements": _latest_agreements(user, body=body),
    }


def _records(parts: dict[str, list[Any]]) -> Iterator[Any]:
    """Everything on the page that has a text."""
    for name, rows in parts.items():
        yield [row.records for row in rows] if name == "taken" else rows
    yield [[priority.theme, priority.driver] for priority in parts["priorities"]]


def _authority(slug: str, user: Any) -> Any:
    """The authority with its themes and the memberships that the reader may see; three queries. None if it is none."""
    for authority in _authorities(user, slug=slug):
        authority.shown_themes = _themes(user, authority=authority.pk)  # type: ignore[attr-defined]
        authority.shown_memberships = _memberships(user, authority=authority.pk)  # type: ignore[attr-defined]
        return authority
    return None


@compiled_once
def _authorities(_user: Any, *, slug: str) -> QuerySet[LocalAuthority]:
    return LocalAuthority.objects.filter(organisation__slug=slug).select_related("organisation", "hub").order_by("pk")


@compiled_once
def _themes(_user: Any, *, authority: int) -> QuerySet[Theme]:
    return Theme.objects.filter(authorities=authority)


@compiled_once
def _memberships(user: Any, *, authority: int) -> QuerySet[Membership]:
    found = Membership.objects.visible_to(user).filter(authority=authority)
    return found.order_by(F("joined_on").desc(nulls_last=True), "-id")


@compiled_once
def _priorities(user: Any, *, authority: int) -> QuerySet[Priority]:
    return Priority.objects.visible_to(user).filter(authority=authority).select_related("theme", "driver")[: LATEST + 1]


def _contexts(authority: LocalAuthority) -> list[str]:
    return [str(Context(each).label) for each in authority.contexts if each in Context.values]


@compiled_once
def _forums(user: Any, *, authority: int, today: date, since: date) -> QuerySet[Forum]:
    """Its forums, and how alive they are: meetings since then and the latest one, as far as the reader may see, and seats."""
    meetings = Meeting.objects.visible_to(user).filter(forum=OuterRef("pk")).order_by("-held_on")
    seats = Seat.objects.standing().filter(forum=OuterRef("pk"))
    return (
        Forum.objects.visible_to(user)
        .filter(authority=authority)
        .annotate(
            met=_number_of(meetings.filter(held_on__gte=since, held_on__lte=today), "forum"),
            last_met=Subquery(meetings.filter(held_on__lte=today).values("held_on")[:1]),
            seats_held=_number_of(seats, "forum"),
            made_up=Exists(seats.filter(illustrative=True)) | Exists(meetings.filter(illustrative=True)),
        )
        .order_by("id")[:2]
    )


def _number_of(queryset: QuerySet[Any], by: str) -> Coalesce:
    counted = queryset.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@compiled_once
def _plans(user: Any, *, authority: int) -> QuerySet[ActionPlan]:
    """Return the current plan first, then earlier ones."""
    ended = Q(state=PlanState.CLOSED) | Q(superseded_by__isnull=False)
    return (
        ActionPlan.objects.visible_to(user)
        .filter(authority=authority)
        .annotate(ended=ended)
        .order_by("ended", F("from_on").desc(nulls_last=True), "-version", "-id")[:LATEST]
    )


@compiled_once
def _pillars(user: Any, *, plan: int) -> QuerySet[Pillar]:
    """Return the plan's pillars, each with counts of its activities by completion."""
    found: QuerySet[Pillar] = with_progress(Pillar.objects.filter(plan=plan), user)
    return found.order_by("number")


def _edit_rights(authority: LocalAuthority, plans: list[ActionPlan], user: Any) -> dict[str, Any]:
    """Return what the reader may do here: edit the authority, change its membership and appoint its people, and what `_plan_links` returns."""
    may = {"may_edit": can_edit_authority(user, authority), "appoints": can_admit(user, authority)}
    return may | _plan_links(authority, plans, user)


def _plan_links(authority: LocalAuthority, plans: list[ActionPlan], user: Any) -> dict[str, str]:
    """Return where users may change the current plan, make one, say what matters most, or form a forum; "" for those who may not."""
    if not user.is_authenticated or not can_add_plan(user, authority):
        return {}
    edit = plans[0] if plans and can_edit_plan(user, plans[0]) else None
    return {
        "plan_create": reverse("plans:plan_create", args=[authority.organisation.slug]),
        "plan_edit": reverse("plans:plan_edit", args=[edit.slug]) if edit else "",
        "priority_list": reverse("forums:priority_list", args=[authority.organisation.slug]),
        "forum_create": reverse("forums:forum_create", args=[authority.organisation.slug])
        if can_edit_authority(user, authority)
        else "",
    }


def _given(authority: int, user: Any) -> LessonQuerySet:
    """Return lessons that come from the authority and may say so."""
    return Lesson.objects.visible_to(user).published().coming_from(pk=authority)


@compiled_once
def _latest_given(user: Any, *, authority: int) -> QuerySet[Lesson]:
    return _given(authority, user).order_by("-published_at", "-id")[:LATEST]


@compiled_once
def _latest_taken(user: Any, *, body: int) -> QuerySet[Commitment]:
    return latest_learned(taken_up_by(body, user), user, LATEST)


@compiled_once
def _latest_agreements(user: Any, *, body: int) -> QuerySet[Agreement]:
    return signed_by(body, user)[:LATEST]


def _events(body: int, user: Any) -> QuerySet[Event]:
    """Return events in which it has a role or from which people took part for it."""
    # The keys of both, rather than a question about each event there is: its own few are found by an index however many others there are.
    part = EventParty.objects.filter(organisation=body).values("event")
    people = Delegation.objects.filter(authority__organisation=body).values("event")
    return Event.objects.visible_to(user).announced().filter(pk__in=part.union(people, all=True))


@compiled_once
def _latest_events(user: Any, *, body: int) -> QuerySet[Event]:
    return _events(body, user).order_by("-starts_on", "-id")[:STAGES]


def _outcomes(body: int, user: Any) -> QuerySet[Outcome]:
    return Outcome.objects.visible_to(user).filter(commitment__organisation=body)


@compiled_once
def _latest_outcomes(user: Any, *, body: int) -> QuerySet[Outcome]:
    return _outcomes(body, user).order_by(F("observed_on").desc(nulls_last=True), "-id")[:LATEST]


def _counted(authority: LocalAuthority, user: Any) -> dict[str, Any]:
    body = authority.organisation_id
    given, own = _given(authority.pk, user), taken_up_by(body, user)
    others = Commitment.objects.visible_to(user).taken_up().filter(lesson__in=given.values("pk"))
    return {
        "given": given,
        "given_taken_up": others,
        "given_applied": others.applied(user),
        "given_dropped": others.dropped(),
        "own_taken_up": own,
        "own_applied": own.applied(user),
        "own_dropped": own.dropped(),
        "events": _events(body, user),
        "outcomes": _outcomes(body, user),
    }


def _came_of_it(counts: Counts, slug: str) -> dict[str, list[dict[str, str]]]:
    """Return what became of the lessons it gave, and of those it took up."""
    commitments = reverse("public:commitment_list")
    return {
        "given_became": _became(counts, "given", f"{commitments}?from={slug}"),
        "taken_became": _became(counts, "own", f"{commitments}?organisation={slug}"),
    }


def _became(counts: Counts, prefix: str, url: str) -> list[dict[str, str]]:
    """Return what became of lessons (taken up, applied, dropped), each with its number and the list behind it."""
    taken_up, applied, dropped = (counts[f"{prefix}_{state}"] for state in ("taken_up", "applied", "dropped"))
    said = (
        ("taken-up", taken_up, ngettext("taken up %(count)s time", "taken up %(count)s times", taken_up)),
        ("applied", applied, ngettext("applied %(count)s time", "applied %(count)s times", applied)),
        ("dropped", dropped, ngettext("dropped %(count)s time", "dropped %(count)s times", dropped)),
    )
    return [
        {"state": state, "name": words % {"count": number(count)}, "url": f"{url}&state={state}"}
        for state, count, words in said
        if count
    ]
