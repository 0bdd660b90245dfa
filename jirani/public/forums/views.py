"""Standing forums: who sits in them, what they tend, what they decided."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, Prefetch, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext, pgettext

from jirani.core.paging import LONG, page_by_place, page_of
from jirani.core.routes import made_once, public
from jirani.forums.enums import SeatRole
from jirani.forums.models import MEETINGS, Decision, Forum, Meeting, Priority, Seat, WorkingGroup
from jirani.forums.permissions import can_edit_forum
from jirani.members.enums import Sector
from jirani.members.models import Organisation
from jirani.plans.models import ActionPlan, Activity, Pillar
from jirani.reading.figures import bars
from jirani.reading.showing import records_in, show


@public
@made_once("plans", "groups", "meetings", "priorities", "seats")
def forum_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One forum. People are never named; seats are counted by sector."""
    user = request.user
    forum = get_object_or_404(Forum.objects.visible_to(user).select_related("authority__organisation"), slug=slug)
    tended = ActionPlan.objects.visible_to(user).filter(forum=forum).order_by("-from_on", "-id")
    plans, plans_page = page_by_place(request, tended, name="plans")
    groups: Any = page_of(request, _groups(forum, tended), ("id",), size=LONG, name="groups")
    meetings: Any = page_of(request, _meetings(forum, user), ("-held_on", "-id"), size=MEETINGS, name="meetings")
    ranked = Priority.objects.visible_to(user).filter(forum=forum).select_related("theme", "driver")
    priorities, priorities_page = page_by_place(request, ranked, name="priorities")
    context = {
        "forum": forum,
        "place": forum.authority.organisation,
        "plans": plans,
        "plans_page": plans_page,
        "groups": groups.rows,
        "groups_page": groups,
        "meetings": meetings.rows,
        "meetings_page": meetings,
        "priorities": priorities,
        "priorities_page": priorities_page,
        "may_edit": user.is_authenticated and can_edit_forum(user, forum),
        **_seats(request, forum),
    }
    decisions = [decision for meeting in meetings.rows for decision in meeting.shown_decisions]
    behind = [[list(group.organisations.all()), group.shown_pillars] for group in groups.rows]
    followed = [decisions, [decision.shown_activities for decision in decisions]]
    subjects = [[each.theme, each.driver] for each in priorities]
    return show(request, "public/forums/forum_detail.html", context, records_in([context, behind, followed, subjects]))


def _seats(request: HttpRequest, forum: Forum) -> dict[str, Any]:
    """Return who holds its seats today, and how many there are by sector, in one query, or two if there are more than one page holds."""
    rank = Case(*(When(role=role, then=Value(place)) for place, role in enumerate(SeatRole)))
    standing = forum.seats.standing().annotate(rank=rank)
    page: Any = page_of(request, standing.select_related("organisation"), ("rank", "id"), size=LONG, name="seats")
    seats: list[Seat] = page.rows
    every = [
        (seat.sector, seat.organisation.sector if seat.organisation else "", seat.illustrative)
        for seat in sorted(seats, key=lambda seat: seat.pk)
    ]
    if not page.is_whole:
        every = list(standing.order_by("pk").values_list("sector", "organisation__sector", "illustrative"))
    return {
        "seated": [_row(role, seats, forum) for role in SeatRole if _holders(seats, role)],
        "seats_page": page,
        "by_sector": _by_sector(own or of_body or "" for own, of_body, _made_up in every),
        "seat_count": len(every),
        "seats_made_up": not forum.illustrative and any(made_up for _own, _of_body, made_up in every),
    }


def _row(role: SeatRole, seats: Iterable[Seat], forum: Forum) -> tuple[str, list[Organisation], list[str], bool]:
    """Who holds the seats of a kind: its words, organisations, sources other than the forum's, and whether any was made up."""
    held = [seat for seat in seats if seat.role == role and seat.organisation]
    holders = _holders(held, role)
    words = {
        SeatRole.CO_CHAIR: ngettext("Chair", "Co-chairs", len(holders)),
        SeatRole.SECRETARY: gettext("Secretariat"),
        SeatRole.MEMBER: pgettext("of a forum", "Members"),
    }
    sources = {seat.source_url for seat in held} - {"", forum.source_url}
    made_up = not forum.illustrative and any(seat.illustrative for seat in held)
    return words[role], holders, sorted(sources), made_up


def _groups(forum: Forum, plans: QuerySet[ActionPlan]) -> QuerySet[WorkingGroup]:
    """Its working groups, with the pillars in their care in plans that the reader may see; three queries."""
    pillars = Pillar.objects.filter(plan__in=plans.order_by().values("pk"))
    tended = Prefetch("pillars", pillars.select_related("plan").order_by("plan", "number"), to_attr="shown_pillars")
    return forum.working_groups.prefetch_related("organisations", tended)


def _meetings(forum: Forum, user: Any) -> Any:
    """Those that the reader may see, with their decisions and what followed from these; three queries."""
    activities = Activity.objects.visible_to(user).select_related("objective__pillar__plan").order_by("pk")
    decisions = (
        Decision.objects.visible_to(user)
        .order_by("pk")
        .prefetch_related(Prefetch("activities", activities, to_attr="shown_activities"))
    )
    return (
        Meeting.objects.visible_to(user)
        .filter(forum=forum)
        .annotate(present=Count("attendances"))
        .prefetch_related(Prefetch("decisions", decisions, to_attr="shown_decisions"))
    )


def _holders(seats: Iterable[Seat], role: SeatRole) -> list[Organisation]:
    """Organisations that hold a seat of this kind, each once."""
    return list(dict.fromkeys(seat.organisation for seat in seats if seat.role == role and seat.organisation))


def _by_sector(of_seats: Iterable[str]) -> list[dict[str, Any]]:
    """Seats by the sector for which they are held, or that of their organisation."""
    sectors = Counter(of_seats)
    return bars((Sector(sector).label, count) for sector, count in sectors.most_common() if sector)
