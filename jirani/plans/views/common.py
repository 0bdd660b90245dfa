"""What every page of a plan needs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.acting.forms import RemovalForm
from jirani.core.paging import query_to_place
from jirani.core.text import active_language
from jirani.plans.models import ActionPlan
from jirani.translation.forms import named
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

#: How deep in a plan's outline its parts stand.
_DEPTHS = {"pillar": 1, "objective": 2, "activity": 3}


def editable_plan(request: HttpRequest, slug: str) -> ActionPlan:
    """The plan, if the user may write in it; 404 otherwise. Its texts are attached."""
    plan = bare_plan(request, slug)
    translate_now(plan, plan.authority.organisation)
    return plan


def bare_plan(request: HttpRequest, slug: str) -> ActionPlan:
    """Like `editable_plan`, for a page that attaches its texts together with those of other records."""
    plans = ActionPlan.objects.editable_by(request.user).select_related("authority__organisation", "forum__authority")
    return get_object_or_404(plans, slug=slug)


def back_to(plan: ActionPlan, part: str = "") -> HttpResponse:
    """Redirect to the page on which the plan is edited, at one of its parts, such as "pillar-31"; in a long plan, to the page that holds the part."""
    address = reverse("plans:plan_edit", args=[plan.slug])
    if not part:
        return redirect(address)
    name, _dash, key = part.partition("-")
    outline = {place: pk if len(place) == _DEPTHS[name] else 0 for place, pk in plan.outline().items()}
    query = query_to_place(outline, int(key))
    return redirect(f"{address}{query}#{part}")


def show(request: HttpRequest, template: str, plan: ActionPlan, **context: Any) -> HttpResponse:
    """A page about a plan."""
    return _show(request, f"plans/{template}.html", plan, context)


def _show(request: HttpRequest, template: str, plan: ActionPlan, context: dict[str, Any]) -> HttpResponse:
    links = [
        {"name": plan.called_in(active_language()), "url": reverse("public:plan_detail", args=[plan.slug])},
        {"name": _("Edit the plan"), "url": reverse("plans:plan_edit", args=[plan.slug])},
    ]
    return form_page(request, template, {"plan": plan, "links": links} | context)


def ask_removal(request: HttpRequest, plan: ActionPlan, part: Any, form: RemovalForm) -> HttpResponse:
    """The page that asks whether a part of the plan, or the plan itself, shall be deleted."""
    translate_now(part)
    words: dict[str, Any] = {
        "question": _("Delete “%(title)s”?") % {"title": named(part, "title")},
        "consequence": _("No other record depends on it. Deleting it cannot be undone."),
        "action": _("Delete it"),
        "back": reverse("plans:plan_edit", args=[plan.slug]),
    }
    return _show(request, "ui/removal.html", plan, {"form": form} | words)
