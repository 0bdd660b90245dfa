"""Guests of an event, corrected by those who run it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.acting.forms import sent
from jirani.core.routes import guarded
from jirani.events.actions import correct_guest, has_spoken
from jirani.events.enums import EventState
from jirani.events.forms import GuestForm
from jirani.events.models import Participation
from jirani.events.views import editable_event, people_crumbs, show
from jirani.members.models import with_known
from jirani.members.permissions import coordinates


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def participation_correct(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct a guest's name, address and language."""
    event = editable_event(request, slug)
    rows = with_known(Participation.objects.filter(event=event).correctable_by(request.user), request.user)
    guest: Any = get_object_or_404(rows.select_related("person", "event"), pk=pk)
    proven = has_spoken(guest.person)
    form = GuestForm(sent(request), participation=guest, proven=proven)
    if form.is_valid() and form.submit(correct_guest, guest, by=request.user) is not None:
        if guest.nonce and "email" in form.changed_data and _is_awaited(guest):
            messages.success(
                request,
                _(
                    "The address is corrected, and the old link no longer works. Send the invitation to the new address."
                ),
            )
            return redirect("events:participation_renew", slug, pk)
        messages.success(request, _("Saved."))
        return redirect("events:participation_list", slug)
    return show(
        request,
        "people/participation_correct",
        event,
        form=form,
        participation=guest,
        proven=proven,
        links=people_crumbs(event),
    )


def _is_awaited(guest: Participation) -> bool:
    """Whether an invitation can still be sent to them."""
    return guest.event.state == EventState.PUBLISHED and not guest.event.is_over
