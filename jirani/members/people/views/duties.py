"""Who has which duty for the network: seen and said by network coordinators alone."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import sent
from jirani.core.paging import page_by_place, page_of, query_to
from jirani.core.routes import guarded
from jirani.members.actions import end_duty, give_duty
from jirani.members.forms import DutyForm, EndForm
from jirani.members.models import Hub, NetworkRole, going_on, with_known
from jirani.members.permissions import coordinates_network
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

from .posts import endable, say_named


def _crumbs() -> list[dict[str, str]]:
    return [{"name": _("Roles of the network"), "url": reverse("members:duty_list")}]


@guarded(coordinates_network)
@require_safe
def duty_list(request: HttpRequest) -> HttpResponse:
    """Who has a duty, and who had one."""
    duties = with_known(NetworkRole.objects.all(), request.user).select_related("person", "hub")
    today = timezone.localdate()
    present, now = page_by_place(request, _in_order(duties.filter(going_on(today))), name="now")
    past = page_of(request, duties.exclude(going_on(today)), ("-until_on", "-id"))
    translate_now([role.hub for role in [*present, *past.rows]])
    return render(request, "members/people/duty_list.html", {"present": present, "now": now, "past": past})


def _in_order(duties: QuerySet[NetworkRole]) -> QuerySet[NetworkRole]:
    return duties.order_by("duty", "hub__slug", "person__name", "pk")


def _to_list(role: NetworkRole) -> str:
    """The list, at the page on which a duty stands."""
    going = NetworkRole.objects.filter(going_on(timezone.localdate()))
    return reverse("members:duty_list") + query_to(_in_order(going), role, name="now")


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def duty_create(request: HttpRequest) -> HttpResponse:
    """Name somebody to a duty."""
    form = DutyForm(sent(request), hubs=Hub.objects.all(), none=pgettext("no choice", "None"))
    if form.is_valid() and (role := form.submit(give_duty, by=request.user)):
        say_named(request, role)
        return form.arrived(redirect(_to_list(role)))
    context = {"form": form, "links": _crumbs()}
    return form_page(request, "members/people/duty_create.html", context)


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def duty_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which day is the last one of a duty."""
    roles = with_known(NetworkRole.objects.all(), request.user).select_related("person", "hub")
    role = get_object_or_404(endable(request, roles), pk=pk)
    translate_now(role.hub)
    form = EndForm(sent(request), record=role)
    if form.is_valid() and form.submit(end_duty, by=request.user):
        messages.success(request, _("The last day is saved."))
        return redirect("members:duty_list")
    context = {"form": form, "role": role, "links": _crumbs()}
    return form_page(request, "members/people/duty_end.html", context)
