"""Activities of a plan, written; how far they got."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jirani.core.routes import signed_in
from jirani.plans.actions import add_activity, edit_activity, set_activity_progress
from jirani.plans.forms import ActivityChangeForm, ActivityForm, ProgressForm
from jirani.plans.models import ActionPlan, Activity
from jirani.translation.models import attach_translations


def _user(request: HttpRequest) -> Any:
    return request.user


def _activity(request: HttpRequest, slug: str, pk: int) -> Activity:
    activities = Activity.objects.editable_by(request.user).select_related("objective__pillar__plan__authority")
    activity = get_object_or_404(activities, pk=pk, objective__pillar__plan__slug=slug)
    attach_translations(get_language() or "en", activity, activity.objective.pillar.plan)
    return activity


@signed_in
def activity_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an activity to a plan."""
    plans = ActionPlan.objects.editable_by(request.user).select_related("authority")
    plan = get_object_or_404(plans, slug=slug)
    under = {"objective": request.GET.get("objective", "")}
    form = ActivityForm(request.POST if request.method == "POST" else None, plan=plan, initial=under)
    if request.method == "POST" and form.is_valid():
        activity = form.make(lambda: add_activity(form.instance, by=_user(request), links=form.links))
        if activity:
            messages.success(request, _("The activity is in the plan."))
            return form.arrived(redirect("public:activity_detail", slug, activity.pk))
    attach_translations(get_language() or "en", plan)
    return render(request, "plans/activity_form.html", {"plan": plan, "form": form})


@signed_in
def activity_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change an activity."""
    activity = _activity(request, slug, pk)
    plan = activity.objective.pillar.plan
    form = ActivityChangeForm(request.POST if request.method == "POST" else None, instance=activity, plan=plan)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if form.make(lambda: edit_activity(form.instance, by=_user(request), links=form.links, version=version)):
            messages.success(request, _("The activity is saved."))
            return form.arrived(redirect("public:activity_detail", slug, pk))
    return render(request, "plans/activity_form.html", {"plan": plan, "activity": activity, "form": form})


@signed_in
def activity_progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say how far an activity got, or that it was dropped and why."""
    activity = _activity(request, slug, pk)
    form = ProgressForm(request.POST if request.method == "POST" else None, activity=activity)
    if request.method == "POST" and form.is_valid():
        facts = form.facts
        if form.make(lambda: set_activity_progress(activity, by=_user(request), **facts)):
            messages.success(request, _("The activity is saved."))
            return redirect("public:activity_detail", slug, pk)
    plan = activity.objective.pillar.plan
    return render(request, "plans/activity_progress.html", {"plan": plan, "activity": activity, "form": form})
