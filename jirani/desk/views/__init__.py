"""What a signed-in person has to do, waits for, and did lately."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jirani.core.routes import signed_in
from jirani.forums.models import Forum
from jirani.lessons.permissions import can_write_lesson
from jirani.members.models import Organisation, standing_of
from jirani.translation.models import attach_translations

from .attention import lately, needs_you, waits
from .promises import works_at_home
from .rows import Row

__all__ = ["desk_detail"]


@signed_in
@require_safe
def desk_detail(request: HttpRequest) -> HttpResponse:
    """Three lists: needs you, waiting for others, lately. Each row says who, what, by when, and has its one action."""
    user, standing = request.user, standing_of(request.user)
    needed, waiting, done, homes = needs_you(user), waits(user), lately(user), _homes(user)
    attach_translations(request.LANGUAGE_CODE, homes, *(row.records for row in [*needed, *waiting, *done]))
    context = {
        "standing": standing,
        "writes": can_write_lesson(user),
        "homes": homes,
        "needed": _shown(needed),
        "waiting": _shown(waiting),
        "done": _shown(done),
    }
    return render(request, "desk/desk_detail.html", context)


def _homes(user: Any) -> list[Organisation]:
    """The organisations for which they speak, and those whose forum they keep."""
    if not works_at_home(user):
        return []
    kept = Forum.objects.kept_by(user).values("authority__organisation")
    mine = Q(pk__in=standing_of(user).focal_organisations) | Q(pk__in=kept)
    return list(Organisation.objects.filter(mine).order_by("name", "pk"))


def _shown(rows: list[Row]) -> list[dict[str, object]]:
    today = timezone.localdate()
    return [row.shown(today) for row in rows]
