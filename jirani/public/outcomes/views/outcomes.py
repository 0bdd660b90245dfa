"""What changed: the outcomes of commitments, with their evidence."""

from typing import Any

from django.db.models import CharField, Prefetch, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext

from jirani.commitments.models import Commitment, Evidence, Outcome
from jirani.commitments.permissions import can_edit_part
from jirani.core.paging import page_by_place, page_of
from jirani.core.routes import made_once, public
from jirani.lessons.enums import Publication
from jirani.lessons.models import Lesson
from jirani.public.outcomes.forms import OutcomeFilter
from jirani.reading.chain import ChainLink, chain, record_link
from jirani.reading.filters import tell_found
from jirani.reading.links import commitment_links, link_to
from jirani.reading.narrowing import of_lessons, place_of
from jirani.reading.occasions import links_before, occasion_of, with_occasion
from jirani.reading.pledges import Pledge, pledge, with_ties
from jirani.reading.showing import records_in, show


def outcomes_of(user: Any) -> QuerySet[Outcome]:
    """Outcomes that the reader may see, with whose they are and the evidence that they may see; two queries."""
    evidence = Evidence.objects.visible_to(user).order_by("id")
    return (
        Outcome.objects.visible_to(user)
        .select_related("commitment__organisation", "substantiated_by")
        .prefetch_related(Prefetch("evidence", evidence, to_attr="shown_evidence"))
    )


@public
@made_once("lesson", "event", "session", "authority", "activity", "plan", "cursor")
def outcome_list(request: HttpRequest) -> HttpResponse:
    """List outcomes, the latest first; those without a day last."""
    user = request.user
    form = OutcomeFilter(request.GET)
    commitments = of_lessons(Commitment.objects.visible_to(user), form.wanted, user)
    fields = {"authority": "organisation__slug", "activity": "activity"}
    commitments = commitments.filter(**{fields[name]: value for name, value in form.wanted.items() if name in fields})
    day = Coalesce(Cast("observed_on", CharField()), Value(""))
    found = outcomes_of(user).filter(commitment__in=commitments.values("pk")).annotate(day=day)
    page, place = page_of(request, found, ("-day", "-id")), place_of(form.wanted, user)
    tell_found(request, form, anything=bool(page.rows))
    context = {"page": page, "query": form.query(), "place": lambda: link_to(place)}
    evidence = [getattr(each, "shown_evidence", []) for each in page.rows]
    return show(
        request,
        "public/outcomes/outcome_list.html",
        context,
        page.rows,
        evidence,
        [_who(each) for each in page.rows],
        place,
    )


def _who(outcome: Outcome) -> list[Any]:
    return [outcome.commitment.organisation, outcome.substantiated_by]


@public
@made_once("evidence")
def outcome_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One outcome: what changed, why it matters, and what the commitment had to do with it."""
    user = request.user
    known = Outcome.objects.visible_to(user).select_related("commitment__organisation", "substantiated_by")
    outcome = get_object_or_404(known, pk=pk)
    proofs = Evidence.objects.visible_to(user).filter(outcome=outcome).order_by("id")
    evidence, evidence_page = page_by_place(request, proofs, name="evidence")
    made = pledge(with_ties(Commitment.objects.visible_to(user), user).get(pk=outcome.commitment_id))
    lessons = with_occasion(Lesson.objects.visible_to(user).published(), user)
    found = lessons.in_bulk([key for key in (made.commitment.lesson_id, outcome.became_id) if key])
    lesson = found.get(made.commitment.lesson_id or 0)
    context: dict[str, Any] = {
        "outcome": outcome,
        "evidence": evidence,
        "evidence_page": evidence_page,
        "pledge": made,
        "lesson": lesson,
        "became": found.get(outcome.became_id or 0),
        "edit_links": _edit_links(outcome, user) if user.is_authenticated and can_edit_part(user, outcome) else [],
        "chain": lambda: _chain(made, lesson, context["became"], user),
    }
    records = records_in([context, _who(outcome)])
    return show(request, "public/outcomes/outcome_detail.html", context, records, occasion_of(lesson))


def _edit_links(outcome: Outcome, user: Any) -> list[tuple[str, str]]:
    """Return what people who speak for its organisation can do here. A good practice is made only once, and may still be a draft."""
    edit_links = {"outcome_edit": gettext("Change the outcome"), "outcome_evidence_create": gettext("Add evidence")}
    if outcome.became_id is None:
        return commitment_links({**edit_links, "practice_create": gettext("Turn it into a good practice")}, outcome.pk)
    drafts = Lesson.objects.editable_by(user).exclude(state=Publication.PUBLISHED).filter(pk=outcome.became_id)
    draft = [
        (gettext("Publish the good practice made from it"), reverse("lessons:lesson_publish", args=[outcome.became_id]))
    ]
    return commitment_links(edit_links, outcome.pk) + (draft if drafts.exists() else [])


def _chain(made: Pledge, lesson: Lesson | None, became: Lesson | None, user: Any) -> list[ChainLink]:
    links = [*links_before(lesson, user), record_link("lesson", lesson)] if lesson else []
    if became:
        links.append(record_link("practice", became))
    if made.activity:
        links.append(record_link("activities", made.activity))
    return chain("outcomes", *links, record_link("commitments", made.commitment))
