"""A plan on one page, each chapter with its own ways to change it; and the plan as a whole."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import RemovalForm, sent
from jirani.core.models import is_pointed_at
from jirani.core.paging import Stretch, place_cursor, stretch_of
from jirani.core.routes import signed_in
from jirani.members.models import LocalAuthority
from jirani.plans.actions import change_plan, create_plan, remove_plan, what_is_missing
from jirani.plans.enums import PlanState
from jirani.plans.forms import ObjectiveForm, PillarForm, PlanChangeForm, PlanForm
from jirani.plans.models import ActionPlan, Activity, Objective, Pillar
from jirani.plans.permissions import can_add_plan
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page, where_to_mend

from .common import ask_removal, back_to, bare_plan, editable_plan, show


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a plan: its displayed number, the numbers it can swap with (0 for none), its content on
    this page, and whether it is empty altogether.
    """

    part: Any
    number: str
    up: int
    down: int
    inner: "list[Row]"
    bare: bool
    form: ObjectiveForm | None = None


@signed_in
@require_http_methods(["GET", "POST"])
def plan_create(request: HttpRequest, slug: str) -> HttpResponse:
    """A new plan of a local authority."""
    authority = get_object_or_404(LocalAuthority.objects.select_related("organisation"), organisation__slug=slug)
    if not can_add_plan(request.user, authority):
        raise Http404
    form = PlanForm(sent(request), instance=ActionPlan(authority=authority), by=request.user)
    if form.is_valid() and (plan := form.submit(create_plan, by=request.user)):
        messages.success(request, _("Saved as a draft. Add its pillars, their objectives and activities."))
        return form.arrived(back_to(plan))
    translate_now(authority.organisation)
    context = {"form": form, "authority": authority}
    return form_page(request, "plans/plan_create.html", context)


@signed_in
@require_safe
def plan_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan as chapters, each part with its own ways to change it."""
    plan = bare_plan(request, slug)
    page = stretch_of(request, plan.outline())
    pillars = list(_pillars(page))
    objectives = [each for pillar in pillars for each in pillar.objectives.all()]
    activities = [each for objective in objectives for each in objective.activities.all()]
    leads = [[each.lead_government, each.lead_civil_society, each.working_group] for each in pillars]
    above = [plan, plan.authority.organisation]
    translate_now(above, pillars, objectives, activities, leads, [each.lead for each in activities])
    chapters = _rows(pillars, page)
    form = PillarForm(instance=Pillar(plan=plan), plan=plan)
    return show(request, "plan_edit", plan, chapters=chapters, page=page, pillar_form=form, missing=_missing_from(plan))


def _missing_from(plan: ActionPlan) -> list[tuple[str, str]]:
    """What a draft needs to be adopted, each with the address at which it is mended."""
    missing = what_is_missing(plan) if plan.state == PlanState.DRAFT else {}
    return where_to_mend(missing, reverse("plans:detail_edit", args=[plan.slug]))


def _pillars(page: Stretch) -> Any:
    """Return the page's pillars with their content on it, and whether other records depend on each, in three queries."""
    activities = _held(Activity).filter(pk__in=page.keys(3)).select_related("lead").order_by("number")
    objectives = _held(Objective).filter(pk__in=page.keys(2)).order_by("number")
    objectives = objectives.prefetch_related(Prefetch("activities", activities))
    pillars = _held(Pillar).filter(pk__in=page.keys(1)).order_by("number")
    return pillars.select_related("lead_government", "lead_civil_society", "working_group").prefetch_related(
        Prefetch("objectives", objectives)
    )


def _held(model: Any) -> Any:
    return model.objects.annotate(held=ExpressionWrapper(is_pointed_at(model), output_field=BooleanField()))


def _rows(parts: list[Any], page: Stretch, *above: int) -> list[Row]:
    numbers = [0, *page.within(*above), 0]
    rows = []
    for part in parts:
        beside = numbers.index(part.number, 1)
        inner = part.objectives if isinstance(part, Pillar) else getattr(part, "activities", None)
        form = None
        if isinstance(part, Pillar):
            form = ObjectiveForm(instance=Objective(pillar=part), auto_id=f"id_{part.pk}_%s")
        place = (*above, part.number)
        below = _rows(list(inner.all()), page, *place) if inner else []
        bare = not page.within(*place)
        rows.append(Row(part, place_cursor(place), numbers[beside - 1], numbers[beside + 1], below, bare, form))
    return rows


@signed_in
@require_http_methods(["GET", "POST"])
def detail_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit title, period, texts, access and state."""
    plan = editable_plan(request, slug)
    form = PlanChangeForm(sent(request), instance=plan, by=request.user)
    if form.is_valid() and form.submit(change_plan, by=request.user):
        messages.success(request, _("The plan is saved."))
        return form.arrived(back_to(plan))
    empty = not ActionPlan.objects.filter(is_pointed_at(ActionPlan), pk=plan.pk).exists()
    return show(request, "detail_edit", plan, form=form, empty=empty)


@signed_in
@require_http_methods(["GET", "POST"])
def plan_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then delete an empty plan."""
    plan = editable_plan(request, slug)
    form = RemovalForm(sent(request), record=plan)
    if form.is_valid() and form.submit(remove_plan, by=request.user):
        messages.success(request, _("The plan is deleted."))
        return redirect("public:authority_detail", plan.authority.organisation.slug)
    return ask_removal(request, plan, plan, form)
