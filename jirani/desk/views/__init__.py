"""The desk: what a signed-in person has to do, waits for, and did lately."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jirani.core.routes import signed_in
from jirani.lessons.permissions import can_write_lesson
from jirani.members.models import standing_of
from jirani.translation.models import attach_translations

from .attention import lately, needs_you, waits
from .events import answered, places_of
from .homes import homes_of
from .lessons import kept_by
from .rows import Row

__all__ = ["desk_detail"]


@signed_in
@require_safe
def desk_detail(request: HttpRequest) -> HttpResponse:
    """Show three lists: needs you, waiting for others, lately. Each row says who, what and by when, and has one action."""
    user, standing = request.user, standing_of(request.user)
    homes = homes_of(user)
    known = {"sessions": kept_by(user), "places": places_of(user), "answered": answered(user)}
    needed, waiting, done = needs_you(user, homes=homes, **known), waits(**known), lately(user)
    attach_translations(request.LANGUAGE_CODE, homes, *(row.records for row in [*needed, *waiting, *done]))
    context = {
        "standing": standing,
        "enters": standing.coordinates or bool(homes),  # as `may_add_organisation` says, asked already
        "writes": can_write_lesson(user),
        "homes": homes,
        "needed": _shown(needed),
        "waiting": _shown(waiting),
        "done": _shown(done),
    }
    return render(request, "desk/desk_detail.html", context)


def _shown(rows: list[Row]) -> list[dict[str, object]]:
    today = timezone.localdate()
    return [row.shown(today) for row in rows]
