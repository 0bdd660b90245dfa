"""One lesson: what was learned, what it takes, who applied it and whom one can ask."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from jirani.commitments.models import Outcome
from jirani.core.routes import made_once, public
from jirani.lessons.enums import LessonKind, Publication
from jirani.lessons.models import Lesson
from jirani.lessons.permissions import addressed, can_edit_lesson, can_speak, endorsers
from jirani.members.enums import TenureRole
from jirani.members.models import Organisation, Tenure
from jirani.reading.chain import ChainLink, chain
from jirani.reading.figures import activities_words, outcomes_words
from jirani.reading.links import address_of
from jirani.reading.occasions import links_before, occasion_of, with_occasion
from jirani.reading.origins import origins, with_origins
from jirani.reading.pledges import Pledge, pledges, taken_up
from jirani.reading.reach import Reach, reach_of, reach_words
from jirani.reading.showing import records_in, show

#: How many commitments a lesson's page names; the list holds the rest.
APPLIERS = 20


@public
@made_once()
def lesson_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one lesson, with both directions of its chain."""
    user = request.user
    lesson: Any = get_object_or_404(with_occasion(with_origins(Lesson.objects.visible_to(user)), user), pk=pk)
    who, taken = origins(lesson), taken_up(user).filter(lesson=lesson)
    asked = _posts(who)
    context: dict[str, Any] = {
        "lesson": lesson,
        "origins": who,
        "promised": pledges(taken[:APPLIERS], user, adaptations=True),
        "reach": reach_of(taken, user),
        "takes": bool(lesson.cost or lesson.staff or lesson.mandate or lesson.time_needed),
        "apply": _apply(lesson, user),
        "edit": reverse("lessons:lesson_edit", args=[pk])
        if user.is_authenticated and can_edit_lesson(user, lesson)
        else "",
        "asked": asked,
        "asked_made_up": any(post["tenure"].illustrative for post in asked),
        **_subjects(lesson),
        **_said(lesson, user),
        "grew_from": lesson.shown_roots,
        "grew_from_of": [each.commitment.organisation for each in lesson.shown_roots],
        **_outcomes(lesson, user),
    }
    context["chain"] = lambda: _chain(lesson, context["promised"], context["reach"], user)
    return show(request, "public/lessons/lesson_detail.html", context, records_in(context), occasion_of(lesson))


def _apply(lesson: Lesson, user: Any) -> str:
    """Return where to take it up; "" for a signed-in user who speaks for nobody. A visitor is asked to sign in there."""
    may = lesson.state == Publication.PUBLISHED and (not user.is_authenticated or can_speak(user))
    return reverse("commitments:commitment_create", args=[lesson.pk]) if may else ""


def _subjects(lesson: Lesson) -> dict[str, list[Any]]:
    """Return what it is about, in three queries."""
    return {
        "themes": list(lesson.themes.all()),
        "drivers": list(lesson.drivers.all()),
        "targets": list(lesson.targets.all()),
    }


def _said(lesson: Lesson, user: Any) -> dict[str, Any]:
    """Return who endorses it and, for a recommendation, what its addressees answered, in two queries.

    For those who speak for an organisation, what they may say and which of it is theirs.
    """
    endorsements: list[Any] = list(lesson.endorsements.select_related("organisation").order_by("endorsed_on", "id"))
    responses: list[Any] = []
    if lesson.kind == LessonKind.RECOMMENDATION:
        responses = list(lesson.responses.select_related("organisation").order_by("answered_on", "id"))
    speaks, speakers = can_speak(user), [each.organisation for each in [*endorsements, *responses]]
    own = Organisation.objects.editable_by(user).filter(pk__in=[each.pk for each in speakers]) if speaks else ()
    return {
        "endorsements": endorsements,
        "responses": responses,
        "speakers": speakers,
        "own": {each.pk for each in own},
        "endorse": reverse("lessons:lesson_endorse", args=[lesson.pk])
        if speaks and endorsers(user, lesson).exists()
        else "",
        "answer": reverse("lessons:lesson_answer", args=[lesson.pk])
        if speaks and addressed(user, lesson).exists()
        else "",
    }


def _outcomes(lesson: Lesson, user: Any) -> dict[str, list[Any]]:
    """Return what came of applying it, in one query."""
    rows = Outcome.objects.visible_to(user).filter(commitment__lesson=lesson).select_related("commitment__organisation")
    found = list(rows.order_by(F("observed_on").desc(nulls_last=True), "-id")[:APPLIERS])
    return {"outcomes": found, "outcomes_of": [each.commitment.organisation for each in found]}


def _posts(organisations: Sequence[Organisation]) -> list[dict[str, Any]]:
    """Whom one can ask: posts, never names."""
    held = Tenure.objects.held(timezone.localdate())
    posts: dict[tuple[int, str], Tenure] = {}
    for each in held.filter(role=TenureRole.FOCAL_POINT, organisation__in=organisations).order_by("id"):
        posts.setdefault((each.organisation_id, each.title), each)
    known = {each.pk: each for each in organisations}
    return [{"tenure": each, "organisation": known[pk]} for (pk, _title), each in posts.items()]


def _chain(lesson: Lesson, promised: list[Pledge], reach: Reach, user: Any) -> list[ChainLink]:
    here = f"?lesson={lesson.pk}"
    known = [each.activity for each in promised if each.activity]
    activity = address_of(known[0]) if reach.activities == 1 and known else ""
    return chain(
        "lesson",
        *links_before(lesson, user),
        ChainLink("commitments", reach_words(reach), "#commitments"),
        ChainLink(
            "activities", activities_words(reach.activities), activity or reverse("public:commitment_list") + here
        ),
        ChainLink("outcomes", outcomes_words(reach.outcomes), reverse("public:outcome_list") + here),
    )
