"""Pages for writing a plan's activities and their progress."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from jirani.acting.forms import sent
from jirani.core.routes import signed_in, user_of
from jirani.plans.actions import add_activity, edit_activity, set_activity_progress
from jirani.plans.forms import ActivityChangeForm, ActivityForm, ProgressForm
from jirani.plans.models import ActionPlan, Activity
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page


def editable_activity(request: HttpRequest, slug: str, pk: int) -> Activity:
    """The activity, if the user may write in its plan; 404 otherwise. Its texts are attached."""
    activities = Activity.objects.editable_by(request.user).select_related("objective__pillar__plan__authority")
    activity = get_object_or_404(activities, pk=pk, objective__pillar__plan__slug=slug)
    translate_now(activity, activity.objective.pillar.plan)
    return activity


@signed_in
def activity_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an activity to a plan."""
    plans = ActionPlan.objects.editable_by(request.user).select_related("authority")
    plan = get_object_or_404(plans, slug=slug)
    under = {"objective": request.GET.get("objective", "")}
    form = ActivityForm(sent(request), plan=plan, by=request.user, initial=under)
    if form.is_valid() and (activity := form.submit(add_activity, by=user_of(request))):
        messages.success(request, _("The activity is in the plan."))
        return form.arrived(redirect("public:activity_detail", slug, activity.pk))
    translate_now(plan)
    return form_page(request, "plans/activity_form.html", {"plan": plan, "form": form})


@signed_in
def activity_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change an activity."""
    activity = editable_activity(request, slug, pk)
    plan = activity.objective.pillar.plan
    form = ActivityChangeForm(sent(request), instance=activity, plan=plan, by=request.user)
    if form.is_valid() and form.submit(edit_activity, by=user_of(request)):
        messages.success(request, _("The activity is saved."))
        return form.arrived(redirect("public:activity_detail", slug, pk))
    return form_page(request, "plans/activity_form.html", {"plan": plan, "activity": activity, "form": form})


@signed_in
def activity_progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say how far an activity got, or that it was dropped and why."""
    activity = editable_activity(request, slug, pk)
    form = ProgressForm(sent(request), activity=activity)
    if form.is_valid() and form.submit(set_activity_progress, activity, by=user_of(request)):
        messages.success(request, _("The activity is saved."))
        return form.arrived(redirect("public:activity_detail", slug, pk))
    plan = activity.objective.pillar.plan
    return form_page(request, "plans/activity_progress.html", {"plan": plan, "activity": activity, "form": form})
