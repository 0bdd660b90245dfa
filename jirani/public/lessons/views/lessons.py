"""One lesson: what was learned, what it takes, who applied it and whom one can ask."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from jirani.commitments.models import CommitmentQuerySet, Outcome
from jirani.core.compiled import compiled_once
from jirani.core.paging import page_by_place
from jirani.core.routes import made_once, public
from jirani.lessons.enums import LessonKind, Publication
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.lessons.permissions import addressed, can_edit_lesson, can_review_lesson, can_speak, endorsers
from jirani.members.enums import TenureRole
from jirani.members.models import Organisation, Tenure
from jirani.reading.chain import ChainLink, chain
from jirani.reading.figures import activities_words, outcomes_words
from jirani.reading.links import address_of
from jirani.reading.occasions import links_before, occasion_of, roots, with_places
from jirani.reading.origins import origins_by_lesson
from jirani.reading.pledges import ADAPTATIONS, Pledge, pledge, taken_up, with_ties
from jirani.reading.reach import Reach, reach_in, reach_words, with_reach
from jirani.reading.showing import records_in, show
from jirani.taxonomy.models import Driver, Target, Theme

#: How many commitments a lesson's page names; the list holds the rest.
APPLIERS = 20


@public
@made_once("responses", "endorsements")
def lesson_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one lesson, with both directions of its chain."""
    user = request.user
    lesson = _lesson(user, pk)
    who = origins_by_lesson({pk}, user)[pk]
    asked = _posts(who, user)
    context: dict[str, Any] = {
        "lesson": lesson,
        "origins": who,
        "promised": [pledge(row) for row in _latest_taken(user, lesson=pk)],
        "reach": reach_in(_reach(user, lesson=pk)),
        "takes": bool(lesson.cost or lesson.staff or lesson.mandate or lesson.time_needed),
        "apply": _apply(lesson, user),
        "edit": reverse("lessons:lesson_edit", args=[pk])
        if user.is_authenticated and can_edit_lesson(user, lesson)
        else "",
        "review": reverse("lessons:lesson_review", args=[pk])
        if user.is_authenticated and can_review_lesson(user, lesson)
        else "",
        "asked": asked,
        "asked_made_up": any(post["tenure"].illustrative for post in asked),
        **_subjects(pk, user),
        **_reactions(request, lesson),
        "grew_from": lesson.shown_roots,
        "grew_from_of": [each.commitment.organisation for each in lesson.shown_roots],
        **_outcomes(pk, user),
    }
    context["chain"] = lambda: _chain(lesson, context["promised"], context["reach"], user)
    return show(request, "public/lessons/lesson_detail.html", context, records_in(context), occasion_of(lesson))


def _lesson(user: Any, pk: int) -> Any:
    """The lesson with its occasion; two queries. Raises Http404."""
    for lesson in _lessons(user, lesson=pk):
        lesson.shown_roots = _roots(user, lesson=pk)
        return lesson
    raise Http404


@compiled_once
def _lessons(user: Any, *, lesson: int) -> QuerySet[Any]:
    return with_places(Lesson.objects.visible_to(user).filter(pk=lesson), user)


@compiled_once
def _roots(user: Any, *, lesson: int) -> QuerySet[Outcome]:
    return roots(user).filter(became=lesson)


def _taken(lesson: int, user: Any) -> CommitmentQuerySet:
    return taken_up(user).filter(lesson=lesson)


@compiled_once
def _latest_taken(user: Any, *, lesson: int) -> QuerySet[Any]:
    return with_ties(_taken(lesson, user)[:APPLIERS], user).prefetch_related(ADAPTATIONS)


@compiled_once
def _reach(user: Any, *, lesson: int) -> QuerySet[Any, dict[str, Any]]:
    return with_reach(_taken(lesson, user), user)


def _apply(lesson: Lesson, user: Any) -> str:
    """Return where to take it up; "" for a signed-in user who speaks for nobody. A visitor is asked to sign in there."""
    may = lesson.state == Publication.PUBLISHED and (not user.is_authenticated or can_speak(user))
    return reverse("commitments:commitment_create", args=[lesson.pk]) if may else ""


def _subjects(pk: int, user: Any) -> dict[str, list[Any]]:
    """Return what the lesson is about, in three queries."""
    return {name: read(user, lesson=pk) for name, read in _SUBJECTS.items()}


@compiled_once
def _themes(_user: Any, *, lesson: int) -> QuerySet[Theme]:
    return Theme.objects.filter(lessons=lesson)


@compiled_once
def _drivers(_user: Any, *, lesson: int) -> QuerySet[Driver]:
    return Driver.objects.filter(lessons=lesson)


@compiled_once
def _targets(_user: Any, *, lesson: int) -> QuerySet[Target]:
    return Target.objects.filter(lessons=lesson)


_SUBJECTS: dict[str, Any] = {"themes": _themes, "drivers": _drivers, "targets": _targets}


def _reactions(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """Return who endorses it and, for a recommendation, what its addressees answered, each with its page, in two queries.

    For those who speak for an organisation, what they may say and which of it is theirs.
    """
    user = request.user
    asks = lesson.kind == LessonKind.RECOMMENDATION
    answered = Response.objects.filter(lesson=lesson) if asks else Response.objects.none()
    by_day = answered.select_related("organisation").order_by("answered_on", "id")
    responses, responses_page = page_by_place(request, by_day, name="responses")
    endorsed = Endorsement.objects.filter(lesson=lesson).select_related("organisation").order_by("endorsed_on", "id")
    endorsements, endorsements_page = page_by_place(request, endorsed, name="endorsements")
    speaks, speakers = (
        can_speak(user),
        [*(each.organisation for each in endorsements), *(each.organisation for each in responses)],
    )
    own = Organisation.objects.editable_by(user).filter(pk__in=[each.pk for each in speakers]) if speaks else ()
    return {
        "endorsements": endorsements,
        "endorsements_page": endorsements_page,
        "responses": responses,
        "responses_page": responses_page,
        "speakers": speakers,
        "own": {each.pk for each in own},
        "endorse": reverse("lessons:lesson_endorse", args=[lesson.pk])
        if speaks and endorsers(user, lesson).exists()
        else "",
        "answer": reverse("lessons:lesson_answer", args=[lesson.pk])
        if speaks and addressed(user, lesson).exists()
        else "",
    }


def _outcomes(pk: int, user: Any) -> dict[str, list[Any]]:
    """Return what came of applying the lesson, in one query."""
    found = _latest_outcomes(user, lesson=pk)
    return {"outcomes": found, "outcomes_of": [each.commitment.organisation for each in found]}


@compiled_once
def _latest_outcomes(user: Any, *, lesson: int) -> QuerySet[Outcome]:
    rows = Outcome.objects.visible_to(user).filter(commitment__lesson=lesson).select_related("commitment__organisation")
    return rows.order_by(F("observed_on").desc(nulls_last=True), "-id")[:APPLIERS]


@compiled_once
def _held(_user: Any, *, organisations: tuple[int, ...], today: date) -> QuerySet[Tenure]:
    held = Tenure.objects.held(today)
    return held.filter(role=TenureRole.FOCAL_POINT, organisation__in=organisations).order_by("id")


def _posts(organisations: Sequence[Organisation], user: Any) -> list[dict[str, Any]]:
    """Whom one can ask: posts, never names. One query, none if nobody shared it."""
    keys = tuple(each.pk for each in organisations)
    held = _held(user, organisations=keys, today=timezone.localdate()) if keys else []
    posts: dict[tuple[int, str], Tenure] = {}
    for each in held:
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
