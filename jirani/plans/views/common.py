"""What every page of a plan needs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.plans.models import ActionPlan
from jirani.translation.forms import named
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page


def editable_plan(request: HttpRequest, slug: str) -> ActionPlan:
    """The plan, if the user may write in it; 404 otherwise. Its texts are attached."""
    plans = ActionPlan.objects.editable_by(request.user).select_related("authority__organisation", "forum__authority")
    plan = get_object_or_404(plans, slug=slug)
    translate_now(plan, plan.authority.organisation)
    return plan


def back_to(plan: ActionPlan, part: str = "") -> HttpResponse:
    """Redirect to the page on which the plan is edited, at one of its parts."""
    return redirect(reverse("plans:plan_edit", args=[plan.slug]) + (f"#{part}" if part else ""))


def show(request: HttpRequest, template: str, plan: ActionPlan, **context: Any) -> HttpResponse:
    """A page about a plan."""
    links = [
        {"name": named(plan, "title"), "url": reverse("public:plan_detail", args=[plan.slug])},
        {"name": _("Edit the plan"), "url": reverse("plans:plan_edit", args=[plan.slug])},
    ]
    return form_page(request, f"plans/{template}.html", {"plan": plan, "links": links} | context)
