"""A forum written down: itself, who sits in it, its meetings. These pages name people, so only those who may edit it see them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import sent
from jirani.core.paging import page_by_place, page_of, query_to, query_to_key
from jirani.core.routes import signed_in
from jirani.members.models import LocalAuthority, with_known
from jirani.translation.forms import named
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

from .actions import add_seat, change_forum, create_forum, end_seat, replace_holder, save_meeting
from .forms import ForumChangeForm, ForumForm, HolderForm, MeetingChangeForm, MeetingForm, SeatEndForm, SeatForm
from .models import MEETINGS, Forum, Meeting, Seat, SeatQuerySet
from .permissions import can_name_secretary


def _forum(request: HttpRequest, slug: str) -> Forum:
    forums = Forum.objects.editable_by(request.user).select_related("authority__organisation")
    forum = get_object_or_404(forums, slug=slug)
    translate_now(forum)
    return forum


def _seat(request: HttpRequest, forum: Forum, pk: int) -> Seat:
    """Return the seat; a seat that has ended only for a form that is sent again."""
    seats = with_known(Seat.objects.editable_by(request.user), request.user).select_related("person", "organisation")
    if request.method != "POST":
        seats = seats.standing()
    seat = get_object_or_404(seats, forum=forum, pk=pk)
    seat.forum = forum
    translate_now(seat.organisation)
    return seat


def _show(request: HttpRequest, template: str, forum: Forum, **context: Any) -> HttpResponse:
    """A page about the forum, by default about its seats."""
    links = [*_forum_link(forum), {"name": _("Seats"), "url": reverse("forums:seat_list", args=[forum.slug])}]
    return form_page(request, f"forums/{template}.html", {"links": links, "forum": forum} | context)


def _forum_link(forum: Forum) -> list[dict[str, str]]:
    return [{"name": named(forum), "url": reverse("public:forum_detail", args=[forum.slug])}]


def _in_order(seats: SeatQuerySet) -> SeatQuerySet:
    return seats.standing().order_by("role", "organisation__name", "pk")


def _back(forum: Forum, query: str = "") -> HttpResponse:
    return redirect(reverse("forums:seat_list", args=[forum.slug]) + query)


def _to_seat(forum: Forum, seat: Seat) -> str:
    """The query that leads to the page of the list on which a seat stands, and to its row."""
    seats: Any = forum.seats.all()
    query = query_to(_in_order(seats), seat, name="now")
    return f"{query}#seat-{seat.pk}" if query else ""


@signed_in
@require_safe
def seat_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sits in the forum, and who sat in it."""
    forum = _forum(request, slug)
    seats = with_known(Seat.objects.filter(forum=forum), request.user).select_related("person", "organisation")
    present, now = page_by_place(request, _in_order(seats), name="now")
    past = page_of(request, seats.exclude(until_on=None), ("-until_on", "-id"))
    translate_now([seat.organisation for seat in [*present, *past.rows]])
    mine = set(Seat.objects.editable_by(request.user).filter(forum=forum).values_list("pk", flat=True))
    rows = [(seat, seat.pk in mine) for seat in present]
    return _show(request, "seat_list", forum, rows=rows, now=now, past=past, links=_forum_link(forum))


@signed_in
@require_http_methods(["GET", "POST"])
def seat_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a seat."""
    forum = _forum(request, slug)
    form = SeatForm(sent(request), forum=forum, secretary=can_name_secretary(request.user, forum))
    if form.is_valid() and (seat := form.submit(add_seat, forum, by=request.user)):
        messages.success(request, _("The seat is saved."))
        return form.arrived(_back(forum, _to_seat(forum, seat)))
    return _show(request, "seat_create", forum, form=form)


@signed_in
@require_http_methods(["GET", "POST"])
def seat_replace(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let somebody else sit for the same organisation."""
    forum = _forum(request, slug)
    seat = _seat(request, forum, pk)
    form = HolderForm(sent(request), seat=seat)
    if form.is_valid() and (taken := form.submit(replace_holder, by=request.user)):
        messages.success(request, _("The seat is saved."))
        return form.arrived(_back(forum, _to_seat(forum, taken)))
    return _show(request, "seat_replace", forum, form=form, seat=seat)


@signed_in
@require_http_methods(["GET", "POST"])
def seat_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say which day was the last one of a seat."""
    forum = _forum(request, slug)
    seat = _seat(request, forum, pk)
    form, place = SeatEndForm(sent(request), record=seat), _to_seat(forum, seat)
    if form.is_valid() and form.submit(end_seat, by=request.user):
        messages.success(request, _("The last day is saved."))
        return _back(forum, place.partition("#")[0])
    return _show(request, "seat_end", forum, form=form, seat=seat)


@signed_in
@require_http_methods(["GET", "POST"])
def forum_create(request: HttpRequest, slug: str) -> HttpResponse:
    """A new forum of a local authority."""
    authorities = LocalAuthority.objects.editable_by(request.user).select_related("organisation")
    authority = get_object_or_404(authorities, organisation__slug=slug)
    translate_now(authority.organisation)
    form = ForumForm(sent(request), instance=Forum(authority=authority))
    if form.is_valid() and (forum := form.submit(create_forum, by=request.user)):
        messages.success(request, _("The forum is saved. Name its members."))
        return form.arrived(_back(forum))
    context = {"form": form, "body": authority.organisation}
    return form_page(request, "forums/forum_create.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def forum_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what is said of a forum."""
    forum = _forum(request, slug)
    form = ForumChangeForm(sent(request), instance=forum)
    if form.is_valid() and form.submit(change_forum, by=request.user):
        messages.success(request, _("The forum is saved."))
        return form.arrived(redirect("public:forum_detail", slug))
    return _show(request, "forum_edit", forum, form=form, links=_forum_link(forum))


@signed_in
@require_http_methods(["GET", "POST"])
def meeting_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Record a meeting that was held."""
    forum = _forum(request, slug)
    form = MeetingForm(sent(request), instance=Meeting(forum=forum))
    if form.is_valid() and (meeting := form.submit(save_meeting, by=request.user)):
        messages.success(request, _("The meeting is recorded. Its decisions can be chosen in the plan’s activities."))
        return form.arrived(_to_meeting(meeting, request.user))
    return _show(request, "meeting_form", forum, form=form, links=_forum_link(forum))


@signed_in
@require_http_methods(["GET", "POST"])
def meeting_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what is recorded of a meeting."""
    forum = _forum(request, slug)
    meeting = get_object_or_404(Meeting, forum=forum, pk=pk)
    meeting.forum = forum
    form = MeetingChangeForm(sent(request), instance=meeting)
    if form.is_valid() and form.submit(save_meeting, by=request.user):
        messages.success(request, _("The meeting is saved."))
        return form.arrived(_to_meeting(meeting, request.user))
    return _show(request, "meeting_form", forum, form=form, meeting=meeting, links=_forum_link(forum))


def _to_meeting(meeting: Meeting, user: Any) -> HttpResponse:
    meetings = Meeting.objects.visible_to(user).filter(forum=meeting.forum)
    query = query_to_key(meetings, ("-held_on", "-id"), meeting, size=MEETINGS, name="meetings")
    return redirect(f"{reverse('public:forum_detail', args=[meeting.forum.slug])}{query}#meeting-{meeting.pk}")
