"""Who sits in a forum. These pages name people, so only those who may edit the forum see them; it is read on `public`."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jirani.core.paging import BadCursor, page_by_key
from jirani.core.routes import signed_in
from jirani.members.actions.ending import version_of
from jirani.members.models import with_known
from jirani.translation.forms import named, translate_now

from .actions import add_seat, end_seat, replace_holder
from .forms import HolderForm, SeatEndForm, SeatForm
from .models import Forum, Seat
from .permissions import can_name_secretary


def _forum(request: HttpRequest, slug: str) -> Forum:
    forums = Forum.objects.editable_by(request.user).select_related("authority__organisation")
    forum = get_object_or_404(forums, slug=slug)
    translate_now(forum)
    return forum


def _seat(request: HttpRequest, forum: Forum, pk: int) -> Seat:
    """The seat; one that is over only for a form that is sent once more."""
    seats = with_known(Seat.objects.editable_by(request.user), request.user).select_related("person", "organisation")
    if request.method != "POST":
        seats = seats.standing()
    seat = get_object_or_404(seats, forum=forum, pk=pk)
    seat.forum = forum
    translate_now(seat.organisation)
    return seat


def _show(request: HttpRequest, template: str, forum: Forum, **context: Any) -> HttpResponse:
    """A page about the forum's seats; 422 where a form on it has faults."""
    links = [
        {"name": named(forum), "url": reverse("public:forum_detail", args=[forum.slug])},
        {"name": _("Seats"), "url": reverse("forums:seat_list", args=[forum.slug])},
    ]
    wrong = "form" in context and bool(context["form"].errors)
    context = {"links": links, "forum": forum} | context
    return render(request, f"forums/{template}.html", context, status=422 if wrong else 200)


def _back(forum: Forum) -> HttpResponse:
    return redirect("forums:seat_list", forum.slug)


@signed_in
@never_cache
@require_safe
def seat_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sits in the forum, and who sat in it."""
    forum = _forum(request, slug)
    seats = with_known(Seat.objects.filter(forum=forum), request.user).select_related("person", "organisation")
    present = list(seats.standing().order_by("role", "organisation__name", "pk"))
    try:
        past = page_by_key(
            seats.exclude(until_on=None), ("-until_on", "-id"), cursor=request.GET.get("cursor", ""), size=20
        )
    except BadCursor as error:
        raise Http404 from error
    translate_now([seat.organisation for seat in [*present, *past.rows]])
    mine = set(Seat.objects.editable_by(request.user).filter(forum=forum).values_list("pk", flat=True))
    rows = [(seat, seat.pk in mine) for seat in present]
    links = [{"name": named(forum), "url": reverse("public:forum_detail", args=[forum.slug])}]
    return _show(request, "seat_list", forum, rows=rows, past=past, links=links)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def seat_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a seat."""
    forum = _forum(request, slug)
    sent = request.POST if request.method == "POST" else None
    form = SeatForm(sent, forum=forum, secretary=can_name_secretary(request.user, forum))
    if form.is_valid() and form.make(lambda: add_seat(forum, by=request.user, **form.facts)):
        messages.success(request, _("The seat is saved."))
        return form.arrived(_back(forum))
    return _show(request, "seat_create", forum, form=form)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def seat_replace(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let somebody else sit for the same organisation."""
    forum = _forum(request, slug)
    seat = _seat(request, forum, pk)
    form = HolderForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.make(lambda: replace_holder(seat, by=request.user, **form.facts)):
        messages.success(request, _("The seat is saved."))
        return form.arrived(_back(forum))
    return _show(request, "seat_replace", forum, form=form, seat=seat)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def seat_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say which day was the last one of a seat."""
    forum = _forum(request, slug)
    seat = _seat(request, forum, pk)
    sent = request.POST if request.method == "POST" else None
    form = SeatEndForm(sent, initial={"version": version_of(seat)})
    if form.is_valid() and form.make(lambda: end_seat(seat, by=request.user, **form.facts)):
        messages.success(request, _("The last day is saved."))
        return _back(forum)
    return _show(request, "seat_end", forum, form=form, seat=seat)
