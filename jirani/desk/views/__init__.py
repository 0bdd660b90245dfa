"""What a signed-in person has to do, waits for, and did lately."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jirani.core.routes import signed_in
from jirani.members.models import standing_of
from jirani.members.permissions import coordinates
from jirani.translation.models import attach_translations

from .attention import Row, lately, needs_you, waits

__all__ = ["desk_detail"]


@signed_in
@require_safe
def desk_detail(request: HttpRequest) -> HttpResponse:
    """Three lists: needs you, waiting for others, lately. Each row says who, what, by when, and has its one action."""
    user, standing = request.user, standing_of(request.user)
    needed, waiting, done = needs_you(user), waits(user), lately(user)
    attach_translations(request.LANGUAGE_CODE, *(row.records for row in [*needed, *waiting, *done]))
    context = {
        "standing": standing,
        "runs_events": coordinates(user),
        "needed": _shown(needed),
        "waiting": _shown(waiting),
        "done": _shown(done),
    }
    return render(request, "desk/desk_detail.html", context)


def _shown(rows: list[Row]) -> list[dict[str, object]]:
    return [row.shown() for row in rows]
