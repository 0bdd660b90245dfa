"""The people of an event: the list, invitations, who was there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import sent
from jirani.core.paging import LONG, Page, page_of, query_to_key
from jirani.core.routes import guarded, only_posts
from jirani.events.actions import (
    add_participant,
    add_participants,
    cancel_participation,
    change_participation,
    invitations,
    invite,
    mark_attended,
    renew_invitation,
    see_turned,
    to_be_invited,
)
from jirani.events.enums import EventState, ParticipationState
from jirani.events.forms import (
    AttendanceForm,
    InviteForm,
    ParticipantForm,
    ParticipantsForm,
    ParticipationForm,
    RenewForm,
    SeenForm,
)
from jirani.events.models import Event, Participation
from jirani.events.people.forms import added_sentence
from jirani.events.permissions import can_correct_guest
from jirani.events.views import ask_for_days, editable_event, people_crumbs, show
from jirani.members.models import with_known
from jirani.members.permissions import coordinates
from jirani.translation.models import translate_now
from jirani.ui.text import number

#: To how many at once.
MOST = 500
#: Participants on a page of their list.
_SIZE = 40


def _page(request: HttpRequest, event: Event, size: int, **wanted: Any) -> Page[Participation]:
    """One page of the event's people in the order in which they were put on the list."""
    rows = with_known(Participation.objects.filter(event=event, **wanted).knowing_record(), request.user)
    rows = rows.select_related("person", "delegation__authority__organisation")
    page = page_of(request, rows, ("id",), size=size)
    translate_now([row.delegation.authority.organisation for row in page.rows if row.delegation])
    return page


@guarded(coordinates)
@require_safe
def participation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is on the list, in which state, and whom nobody has written to yet."""
    event = editable_event(request, slug)
    state = request.GET.get("state", "")
    wanted = {"state": state} if state in ParticipationState.values else {}
    page = _page(request, event, _SIZE, **wanted)
    context = {
        "page": page,
        "state": state if wanted else "",
        "query": f"state={state}&" if wanted else "",
        "states": ParticipationState.choices,
        "waiting": to_be_invited(event).count(),
        "turned": list(
            with_known(Participation.objects.filter(event=event).turned(), request.user).select_related("person")[:LONG]
        ),
    }
    return show(request, "people/participation_list", event, **context)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def participation_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Put one person on the list."""
    event = editable_event(request, slug)
    if event.starts_on is None:
        return ask_for_days(request, event)
    form = ParticipantForm(sent(request), event=event)
    if form.is_valid() and (made := form.submit(add_participant, event, by=request.user)):
        messages.success(request, _("The person is on the list."))
        if "again" in request.POST:
            return redirect("events:participation_create", event.slug)
        return redirect(_to_list(event, made[0] if isinstance(made, tuple) else made))
    return show(request, "people/participation_create", event, form=form, links=people_crumbs(event))


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def participation_paste(request: HttpRequest, slug: str) -> HttpResponse:
    """Put several people on the list at once, all or none."""
    event = editable_event(request, slug)
    if event.starts_on is None:
        return ask_for_days(request, event)
    form = ParticipantsForm(sent(request), event=event)
    if form.is_valid() and (new := form.submit(add_participants, event, by=request.user)) is not None:
        if isinstance(new, int):  # else the form came once more, and what it added has been said
            messages.success(request, added_sentence(new, len(form.people) - new))
        return form.arrived(redirect("events:participation_list", event.slug))
    return show(request, "people/participation_paste", event, form=form, links=people_crumbs(event))


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def participation_invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who will be invited and what they will read; then send the invitations."""
    event = editable_event(request, slug)
    if event.starts_on is None:
        return ask_for_days(request, event)
    form = InviteForm(sent(request), mailing=invitations(event, to_be_invited(event)[:MOST]))
    if form.is_valid() and (sent_to := form.submit(invite, event, by=request.user)) is not None:
        words = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", sent_to)
        messages.success(request, words % {"count": number(sent_to)})
        return redirect("events:participation_list", event.slug)
    without = event.participations.filter(state=ParticipationState.INVITED, person__email="").count()
    context = {"form": form, "without": without, "published": event.state == EventState.PUBLISHED}
    return show(request, "people/participation_invite", event, **context, links=people_crumbs(event))


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def participation_attend(request: HttpRequest, slug: str) -> HttpResponse:
    """Tick who was there."""
    event = editable_event(request, slug)
    if event.starts_on is None:
        return ask_for_days(request, event)
    form = AttendanceForm(sent(request), event=event)
    if form.is_valid() and (came := form.submit(mark_attended, event, by=request.user)) is not None:
        words = ngettext("%(count)s of them was there.", "%(count)s of them were there.", came)
        messages.success(request, words % {"count": number(came)})
        return redirect(request.get_full_path())
    here = [
        state
        for state in ParticipationState
        if state not in (ParticipationState.CANCELLED, ParticipationState.DECLINED)
    ]
    page = _page(request, event, 100, state__in=here, person__isnull=False)
    return show(request, "people/participation_attend", event, form=form, page=page, links=people_crumbs(event))


@guarded(coordinates)
@only_posts
def participation_see(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the refusals and changes of mind that the page showed have been seen."""
    event = editable_event(request, slug)
    form = SeenForm(request.POST)
    if form.is_valid():
        see_turned(event, by=request.user, **form.facts)
        messages.success(request, _("Marked as seen."))
    return redirect("events:participation_list", event.slug)


def _to_list(event: Event, participation: Participation) -> str:
    """The list of participants, at the page on which somebody stands."""
    query = query_to_key(event.participations.all(), ("id",), participation, size=_SIZE)
    return reverse("events:participation_list", args=[event.slug]) + query


def _participation(request: HttpRequest, event: Event, pk: int) -> Participation:
    rows = with_known(Participation.objects.filter(event=event, person__isnull=False), request.user)
    participation = get_object_or_404(rows.select_related("person__user", "delegation"), pk=pk)
    participation.event = event
    return participation


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def participation_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit a participant's role, delegation and state."""
    event = editable_event(request, slug)
    participation = _participation(request, event, pk)
    form = ParticipationForm(sent(request), participation=participation)
    if form.is_valid() and form.submit(change_participation, participation, by=request.user):
        messages.success(request, _("Saved."))
        return redirect(_to_list(event, participation))
    context = {
        "form": form,
        "participation": participation,
        "corrects": can_correct_guest(request.user, participation),
        "links": people_crumbs(event),
    }
    return show(request, "people/participation_edit", event, **context)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def participation_renew(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then send the invitation again with a new link."""
    event = editable_event(request, slug)
    participation = _participation(request, event, pk)
    form = RenewForm(sent(request))
    if request.method == "POST":
        if form.is_valid() and form.submit(renew_invitation, participation, by=request.user):
            messages.success(request, _("The invitation is on its way with a new link. The old link no longer works."))
        else:
            messages.error(request, " ".join(map(str, form.non_field_errors())))
        return redirect(_to_list(event, participation))
    letters = invitations(event, [participation]).letters
    context = {
        "participation": participation,
        "letters": letters,
        "links": people_crumbs(event),
        "version": form["once"],
        "form": form,
    }
    return show(request, "people/participation_renew", event, **context)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def participation_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then remove somebody; their link stops working."""
    event = editable_event(request, slug)
    participation = _participation(request, event, pk)
    if request.method == "POST":
        cancel_participation(participation, by=request.user)
        messages.success(request, _("The person no longer takes part, and their link no longer works."))
        return redirect(_to_list(event, participation))
    return show(request, "people/participation_cancel", event, participation=participation, links=people_crumbs(event))
