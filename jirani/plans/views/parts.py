"""Pages for writing pillars and objectives, and for moving and deleting any part of a plan."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.acting.forms import RemovalForm, sent
from jirani.core.routes import only_posts, signed_in
from jirani.plans.actions import add_part, edit_part, move_part, remove_part
from jirani.plans.forms import ObjectiveChangeForm, ObjectiveForm, PillarChangeForm, PillarForm
from jirani.plans.models import ActionPlan, Objective, Pillar
from jirani.translation.models import translate_now

from .common import ask_removal, back_to, editable_plan, show


def _part(model: Any, plan: ActionPlan, pk: int) -> Any:
    way: str = model.in_plan()
    return get_object_or_404(model.objects.select_related(way), pk=pk, **{way: plan})


@signed_in
@require_http_methods(["GET", "POST"])
def pillar_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a pillar."""
    plan = editable_plan(request, slug)
    form = PillarForm(sent(request), instance=Pillar(plan=plan), plan=plan)
    if form.is_valid() and (pillar := form.submit(add_part, by=request.user)):
        messages.success(request, _("The pillar is in the plan. Add its objectives."))
        return form.arrived(back_to(plan, f"pillar-{pillar.pk}"))
    return show(request, "pillar_form", plan, form=form)


@signed_in
@require_http_methods(["GET", "POST"])
def pillar_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a pillar."""
    plan = editable_plan(request, slug)
    pillar = _part(Pillar, plan, pk)
    form = PillarChangeForm(sent(request), instance=pillar, plan=plan)
    if form.is_valid() and form.submit(edit_part, by=request.user):
        messages.success(request, _("The pillar is saved."))
        return form.arrived(back_to(plan, f"pillar-{pillar.pk}"))
    return show(request, "pillar_form", plan, form=form, pillar=pillar)


@signed_in
@require_http_methods(["GET", "POST"])
def objective_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Add an objective to a pillar."""
    plan = editable_plan(request, slug)
    pillar = _part(Pillar, plan, pk)
    translate_now(pillar)
    form = ObjectiveForm(sent(request), instance=Objective(pillar=pillar))
    if form.is_valid() and (objective := form.submit(add_part, by=request.user)):
        messages.success(request, _("The objective is in the plan. Add what is done for it."))
        return form.arrived(back_to(plan, f"objective-{objective.pk}"))
    return show(request, "objective_form", plan, form=form, pillar=pillar)


@signed_in
@require_http_methods(["GET", "POST"])
def objective_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change an objective."""
    plan = editable_plan(request, slug)
    objective = _part(Objective, plan, pk)
    translate_now(objective.pillar)
    form = ObjectiveChangeForm(sent(request), instance=objective)
    if form.is_valid() and form.submit(edit_part, by=request.user):
        messages.success(request, _("The objective is saved."))
        return form.arrived(back_to(plan, f"objective-{objective.pk}"))
    return show(request, "objective_form", plan, form=form, objective=objective, pillar=objective.pillar)


@signed_in
@only_posts
def part_move(request: HttpRequest, slug: str, pk: int, model: Any) -> HttpResponse:
    """Let a part change places with the one whose number was sent; sent twice, it moves once."""
    plan = editable_plan(request, slug)
    part = _part(model, plan, pk)
    number = request.POST.get("to", "")
    if number.isascii() and number.isdigit() and len(number) < 5:
        move_part(part, to=int(number), by=request.user)
    return back_to(plan, f"{model._meta.model_name}-{pk}")


@signed_in
@require_http_methods(["GET", "POST"])
def part_delete(request: HttpRequest, slug: str, pk: int, model: Any) -> HttpResponse:
    """Ask, then delete a part on which no other record depends."""
    plan = editable_plan(request, slug)
    part = _part(model, plan, pk)
    whole = "" if part.whole == "plan" else f"{part.whole}-{getattr(part, part.whole).pk}"
    form = RemovalForm(sent(request), record=part)
    if form.is_valid() and form.submit(remove_part, by=request.user):
        return back_to(plan, whole)
    return ask_removal(request, plan, part, form)
