"""One lesson: what was learned, what it takes, who applied it and whom one can ask."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from jirani.commitments.models import Outcome
from jirani.core.routes import public
from jirani.lessons.enums import LessonKind
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.lessons.permissions import can_edit_lesson
from jirani.members.enums import TenureRole
from jirani.members.models import Organisation, Tenure
from jirani.public.text import Reach, activities_words, chain, outcomes_words, reach_words
from jirani.ui.text import ChainLink

from .showing import show
from .spine import (
    Pledge,
    activity_address,
    in_room,
    origins,
    pledges,
    reach_of,
    room_links,
    room_of,
    taken_up,
    way,
    with_origins,
)

#: Commitments that a lesson's page names; the list holds the rest.
APPLIERS = 20


@public
def lesson_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One lesson, with both directions of its chain."""
    user = request.user
    lesson: Any = get_object_or_404(in_room(with_origins(Lesson.objects.visible_to(user)), user), pk=pk)
    who = origins(lesson)
    taken = taken_up(user).filter(lesson=lesson)
    promised, reach = pledges(taken[:APPLIERS], user, adaptations=True), reach_of(taken, user)
    outcomes = _outcomes(lesson, user)
    said = {
        "endorsements": list(
            Endorsement.objects.filter(lesson=lesson).select_related("organisation").order_by("endorsed_on", "id")
        ),
        "responses": _responses(lesson),
        "asked": _posts(who),
        **{name: list(getattr(lesson, name).all()) for name in ("themes", "drivers", "targets")},
    }
    context = {
        "lesson": lesson,
        "event": room_of(lesson)[0],
        "origins": who,
        "promised": promised,
        "reach": reach,
        "outcomes": [each for each in outcomes if each.became_id != lesson.pk],
        **said,
        "grew_from": [each for each in outcomes if each.became_id == lesson.pk],
        "takes": bool(lesson.cost or lesson.staff or lesson.mandate or lesson.time_needed),
        "apply": way("commitments:commitment_create", pk) if lesson.state == "published" else "",
        "edit": way("lessons:lesson_edit", pk) if user.is_authenticated and can_edit_lesson(user, lesson) else "",
        "chain": lambda: _chain(lesson, promised, reach, user),
    }
    bodies = [
        [each.organisation for each in [*said["endorsements"], *said["responses"]]],
        [each.commitment.organisation for each in outcomes],
    ]
    return show(
        request,
        "public/lesson_detail.html",
        context,
        lesson,
        room_of(lesson),
        who,
        said["themes"],
        said["drivers"],
        said["targets"],
        said["responses"],
        outcomes,
        bodies,
        [each.records for each in promised],
    )


def _outcomes(lesson: Lesson, user: Any) -> list[Outcome]:
    """What came of applying it, and what it grew from; one query."""
    either = Q(commitment__lesson=lesson) | Q(became=lesson)
    rows = Outcome.objects.visible_to(user).filter(either).select_related("commitment__organisation")
    return list(rows.order_by(F("observed_on").desc(nulls_last=True), "-id")[:APPLIERS])


def _responses(lesson: Lesson) -> list[Response]:
    """What the addressees of a recommendation answered."""
    if lesson.kind != LessonKind.RECOMMENDATION:
        return []
    return list(Response.objects.filter(lesson=lesson).select_related("organisation").order_by("answered_on", "id"))


def _posts(organisations: Sequence[Organisation]) -> list[dict[str, Any]]:
    """Whom one can ask: posts, never names."""
    today = timezone.localdate()
    held = Tenure.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=today), role=TenureRole.FOCAL_POINT)
    posts = dict.fromkeys(
        (each.organisation_id, each.title) for each in held.filter(organisation__in=organisations).order_by("id")
    )
    known = {each.pk: each for each in organisations}
    return [{"role": title or gettext("Focal point"), "organisation": known[pk]} for pk, title in posts]


def _chain(lesson: Lesson, promised: list[Pledge], reach: Reach, user: Any) -> list[ChainLink]:
    here = f"?lesson={lesson.pk}"
    known = [each.activity for each in promised if each.activity]
    activity = activity_address(known[0]) if reach.activities == 1 and known else ""
    return chain(
        "lesson",
        **room_links(lesson, user),
        commitments=(reach_words(reach), "#commitments"),
        activities=(activities_words(reach.activities), activity or reverse("public:commitment_list") + here),
        outcomes=(outcomes_words(reach.outcomes), reverse("public:outcome_list") + here),
    )
