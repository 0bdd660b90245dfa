"""A forum written down: itself, who sits in it, its meetings. These pages name people, so only those who may edit it see them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import RemovalForm, sent
from jirani.core.paging import LONG, page_by_place, page_of, query_to, query_to_key
from jirani.core.routes import signed_in
from jirani.members.models import LocalAuthority, with_known
from jirani.translation.forms import named
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

from .actions import (
    add_seat,
    change_forum,
    change_seat,
    create_forum,
    end_seat,
    remove_priority,
    remove_working_group,
    replace_holder,
    save_meeting,
    save_priority,
    save_working_group,
)
from .forms import (
    ForumChangeForm,
    ForumForm,
    GroupChangeForm,
    GroupForm,
    HolderForm,
    MeetingChangeForm,
    MeetingForm,
    PriorityChangeForm,
    PriorityForm,
    SeatChangeForm,
    SeatEndForm,
    SeatForm,
)
from .models import MEETINGS, Forum, Meeting, Priority, PriorityQuerySet, Seat, SeatQuerySet, WorkingGroup
from .permissions import can_name_secretary, writes_for


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
    return form_page(request, template, {"links": links, "forum": forum} | context)


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
    return _show(request, "forums/seat_list.html", forum, rows=rows, now=now, past=past, links=_forum_link(forum))


@signed_in
@require_http_methods(["GET", "POST"])
def seat_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a seat."""
    forum = _forum(request, slug)
    form = SeatForm(sent(request), forum=forum, secretary=can_name_secretary(request.user, forum))
    if form.is_valid() and (seat := form.submit(add_seat, forum, by=request.user)):
        messages.success(request, _("The seat is saved."))
        return form.arrived(_back(forum, _to_seat(forum, seat)))
    return _show(request, "forums/seat_create.html", forum, form=form)


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
    return _show(request, "forums/seat_replace.html", forum, form=form, seat=seat)


@signed_in
@require_http_methods(["GET", "POST"])
def seat_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct the sector and the source of a seat."""
    forum = _forum(request, slug)
    seat = _seat(request, forum, pk)
    form = SeatChangeForm(sent(request), instance=seat)
    if form.is_valid() and form.submit(change_seat, by=request.user):
        messages.success(request, _("The seat is saved."))
        return form.arrived(_back(forum, _to_seat(forum, seat)))
    return _show(request, "forums/seat_edit.html", forum, form=form, seat=seat)


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
    return _show(request, "forums/seat_end.html", forum, form=form, seat=seat)


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
    return _show(request, "forums/forum_edit.html", forum, form=form, links=_forum_link(forum))


@signed_in
@require_http_methods(["GET", "POST"])
def meeting_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Record a meeting that was held."""
    forum = _forum(request, slug)
    form = MeetingForm(sent(request), instance=Meeting(forum=forum))
    if form.is_valid() and (meeting := form.submit(save_meeting, by=request.user)):
        messages.success(request, _("The meeting is recorded. Its decisions can be chosen in the plan’s activities."))
        return form.arrived(_to_meeting(meeting, request.user))
    return _show(request, "forums/meeting_form.html", forum, form=form, links=_forum_link(forum))


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
    return _show(request, "forums/meeting_form.html", forum, form=form, meeting=meeting, links=_forum_link(forum))


def _to_meeting(meeting: Meeting, user: Any) -> HttpResponse:
    meetings = Meeting.objects.visible_to(user).filter(forum=meeting.forum)
    query = query_to_key(meetings, ("-held_on", "-id"), meeting, size=MEETINGS, name="meetings")
    return redirect(f"{reverse('public:forum_detail', args=[meeting.forum.slug])}{query}#meeting-{meeting.pk}")


def _to_group(group: WorkingGroup) -> HttpResponse:
    query = query_to_key(WorkingGroup.objects.filter(forum=group.forum), ("id",), group, size=LONG, name="groups")
    return redirect(f"{reverse('public:forum_detail', args=[group.forum.slug])}{query}#group-{group.pk}")


def _group(forum: Forum, pk: int) -> WorkingGroup:
    group = get_object_or_404(WorkingGroup, forum=forum, pk=pk)
    group.forum = forum
    translate_now(group)
    return group


@signed_in
@require_http_methods(["GET", "POST"])
def group_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Form a working group."""
    forum = _forum(request, slug)
    form = GroupForm(sent(request), instance=WorkingGroup(forum=forum))
    if form.is_valid() and (group := form.submit(save_working_group, by=request.user)):
        messages.success(request, _("The working group is saved. It can be chosen in the plan’s pillars."))
        return form.arrived(_to_group(group))
    return _show(request, "forums/group_form.html", forum, form=form, links=_forum_link(forum))


@signed_in
@require_http_methods(["GET", "POST"])
def group_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Rename a working group, or say who is in it."""
    forum = _forum(request, slug)
    group = _group(forum, pk)
    form = GroupChangeForm(sent(request), instance=group)
    if form.is_valid() and form.submit(save_working_group, by=request.user):
        messages.success(request, _("The working group is saved."))
        return form.arrived(_to_group(group))
    return _show(request, "forums/group_form.html", forum, form=form, group=group, links=_forum_link(forum))


@signed_in
@require_http_methods(["GET", "POST"])
def group_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then delete a working group on which nothing depends."""
    forum = _forum(request, slug)
    group = _group(forum, pk)
    form = RemovalForm(sent(request), record=group)
    back = reverse("public:forum_detail", args=[slug])
    if form.is_valid() and form.submit(remove_working_group, by=request.user):
        messages.success(request, _("The working group is deleted."))
        return redirect(back)
    words = {
        "question": _("Delete “%(title)s”?") % {"title": named(group)},
        "consequence": _("No other record depends on it. Deleting it cannot be undone."),
        "action": _("Delete the group"),
    }
    return _show(request, "ui/removal.html", forum, form=form, back=back, links=_forum_link(forum), **words)


def _authority(request: HttpRequest, slug: str) -> LocalAuthority:
    """The local authority, if the user may say what matters most to it; 404 otherwise."""
    authority = get_object_or_404(LocalAuthority.objects.select_related("organisation"), organisation__slug=slug)
    if not writes_for(request.user, authority):
        raise Http404
    translate_now(authority.organisation)
    return authority


def _own_priorities(request: HttpRequest, authority: LocalAuthority) -> PriorityQuerySet:
    return Priority.objects.editable_by(request.user).filter(authority=authority).order_by("rank", "pk")


def _priority(request: HttpRequest, pk: int) -> Priority:
    found = Priority.objects.editable_by(request.user).select_related("authority__organisation", "theme", "driver")
    priority = get_object_or_404(found, pk=pk)
    translate_now(priority, priority.authority.organisation, priority.theme, priority.driver)
    return priority


def _show_priority(request: HttpRequest, template: str, authority: LocalAuthority, **context: Any) -> HttpResponse:
    """A page about what matters most to an authority."""
    body = authority.organisation
    own = reverse("forums:priority_list", args=[body.slug])
    links = [
        {"name": named(body), "url": reverse("public:authority_detail", args=[body.slug])},
        {"name": _("Priorities"), "url": own},
    ]
    return form_page(request, template, {"body": body, "links": links, "back": own} | context)


def _to_priority(request: HttpRequest, priority: Priority) -> HttpResponse:
    """Redirect to the list, at the page on which a priority stands."""
    query = query_to(_own_priorities(request, priority.authority), priority)
    address = reverse("forums:priority_list", args=[priority.authority.organisation.slug])
    return redirect(f"{address}{query}#priority-{priority.pk}")


@signed_in
@require_safe
def priority_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What matters most to an authority and its forums, with the ways to change it."""
    authority = _authority(request, slug)
    own = _own_priorities(request, authority).select_related("theme", "driver", "forum")
    rows, page = page_by_place(request, own)
    translate_now(rows, [[each.theme, each.driver, each.forum] for each in rows])
    return _show_priority(request, "forums/priority_list.html", authority, rows=rows, page=page)


@signed_in
@require_http_methods(["GET", "POST"])
def priority_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what matters most to an authority."""
    authority = _authority(request, slug)
    form = PriorityForm(sent(request), instance=Priority(authority=authority), by=request.user)
    if form.is_valid() and (priority := form.submit(save_priority, by=request.user)):
        messages.success(request, _("The priority is saved."))
        return form.arrived(_to_priority(request, priority))
    return _show_priority(request, "forums/priority_form.html", authority, form=form)


@signed_in
@require_http_methods(["GET", "POST"])
def priority_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a priority."""
    priority = _priority(request, pk)
    form = PriorityChangeForm(sent(request), instance=priority, by=request.user)
    if form.is_valid() and form.submit(save_priority, by=request.user):
        messages.success(request, _("The priority is saved."))
        return form.arrived(_to_priority(request, priority))
    return _show_priority(request, "forums/priority_form.html", priority.authority, form=form, priority=priority)


@signed_in
@require_http_methods(["GET", "POST"])
def priority_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a priority back."""
    priority = _priority(request, pk)
    form = RemovalForm(sent(request), record=priority)
    if form.is_valid() and form.submit(remove_priority, by=request.user):
        messages.success(request, _("The priority is deleted."))
        return redirect("forums:priority_list", priority.authority.organisation.slug)
    subject: Any = priority.theme or priority.driver
    words = {
        "question": _("Delete “%(title)s”?") % {"title": named(subject)},
        "consequence": _(
            "It disappears from the pages of the local authority and of its forum. This cannot be undone."
        ),
        "action": _("Delete the priority"),
    }
    return _show_priority(request, "ui/removal.html", priority.authority, form=form, **words)
