"""Standing forums: who sits in them, what they tend, what they decided."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext, pgettext

from jirani.core.routes import made_once, public
from jirani.forums.enums import SeatRole
from jirani.forums.models import Decision, Forum, Meeting, Priority, Seat
from jirani.forums.permissions import can_edit_forum
from jirani.members.enums import Sector
from jirani.members.models import Organisation
from jirani.plans.models import ActionPlan, Activity, Pillar
from jirani.reading.figures import bars
from jirani.reading.showing import records_in, show

#: Meetings that a forum's page names, the latest ones.
MEETINGS = 12


@public
@made_once()
def forum_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One forum. People are never named; seats are counted by sector."""
    user = request.user
    forum = get_object_or_404(Forum.objects.visible_to(user).select_related("authority__organisation"), slug=slug)
    plans = list(ActionPlan.objects.visible_to(user).filter(forum=forum).order_by("-from_on", "-id"))
    groups = _groups(forum, plans)
    meetings = list(_meetings(forum, user))
    priorities = list(Priority.objects.visible_to(user).filter(forum=forum).select_related("theme", "driver"))
    context = {
        "forum": forum,
        "place": forum.authority.organisation,
        "plans": plans,
        "groups": groups,
        "meetings": meetings,
        "priorities": priorities,
        "may_edit": user.is_authenticated and can_edit_forum(user, forum),
        **_seats(forum),
    }
    decisions = [decision for meeting in meetings for decision in meeting.shown_decisions]
    behind = [[list(group.organisations.all()), group.shown_pillars] for group in groups]
    followed = [decisions, [decision.shown_activities for decision in decisions]]
    subjects = [[each.theme, each.driver] for each in priorities]
    return show(request, "public/forums/forum_detail.html", context, records_in([context, behind, followed, subjects]))


def _seats(forum: Forum) -> dict[str, Any]:
    """Return who holds its seats today, and how many there are by sector, in one query."""
    seats = list(forum.seats.standing().select_related("organisation").order_by("pk"))
    return {
        "seated": [_row(role, seats, forum) for role in SeatRole if _holders(seats, role)],
        "by_sector": _by_sector(seats),
        "seat_count": len(seats),
        "seats_made_up": not forum.illustrative and any(seat.illustrative for seat in seats),
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


def _groups(forum: Forum, plans: list[ActionPlan]) -> list[Any]:
    """Return its working groups, with the pillars in their care in plans that the reader may see, in three queries."""
    pillars = (
        Pillar.objects.filter(plan__in=[plan.pk for plan in plans]).select_related("plan").order_by("plan", "number")
    )
    tended = Prefetch("pillars", pillars, to_attr="shown_pillars")
    return list(forum.working_groups.order_by("pk").prefetch_related("organisations", tended))


def _meetings(forum: Forum, user: Any) -> Any:
    """The latest that the reader may see, with their decisions and what followed from these; three queries."""
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
        .order_by("-held_on", "-id")
        .prefetch_related(Prefetch("decisions", decisions, to_attr="shown_decisions"))[:MEETINGS]
    )


def _holders(seats: Iterable[Seat], role: SeatRole) -> list[Organisation]:
    """Organisations that hold a seat of this kind, each once."""
    return list(dict.fromkeys(seat.organisation for seat in seats if seat.role == role and seat.organisation))


def _by_sector(seats: Iterable[Seat]) -> list[dict[str, Any]]:
    """Seats by the sector for which they are held, or that of their organisation."""
    sectors = Counter(seat.sector or (seat.organisation.sector if seat.organisation else "") for seat in seats)
    return bars((Sector(sector).label, count) for sector, count in sectors.most_common() if sector)
