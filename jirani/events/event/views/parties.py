"""Organisations behind an event and delegations that come to it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.acting.forms import sent
from jirani.core.paging import LONG, query_to_key
from jirani.core.routes import guarded, only_posts
from jirani.events.actions import add_delegations, add_party, remove_delegation, remove_party
from jirani.events.forms import DelegationForm, PartyForm
from jirani.events.models import Event, EventParty
from jirani.events.views import editable_event, hub_url, show, to_delegation
from jirani.members.permissions import coordinates


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def party_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an organiser, host, partner or donor."""
    event = editable_event(request, slug)
    form = PartyForm(sent(request), initial={"role": request.GET.get("role", "")})
    if form.is_valid() and (party := form.submit(add_party, event, by=request.user)):
        messages.success(request, _("The organisation is added."))
        return redirect(_to_party(event, party))
    return show(request, "event/party_create", event, form=form)


@guarded(coordinates)
@only_posts
def party_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an organisation's part back; it is there to add again."""
    event = editable_event(request, slug)
    party = event.parties.filter(pk=pk).first()
    place = _to_party(event, party)
    if party is not None:  # otherwise it is gone already: a second press
        remove_party(party, by=request.user)
        messages.success(request, _("The organisation has been removed from this event."))
    return redirect(place)


def _to_party(event: Event, party: EventParty | None) -> str:
    """The event's page, at its organisations, on the page of these that holds one."""
    parties = event.parties.in_order()
    found = parties.filter(pk=party.pk).first() if party else None
    query = query_to_key(parties, ("rank", "id"), found, size=LONG, name="organisations") if found else ""
    return hub_url(event, "organisations", query)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def delegation_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Add delegations of local authorities."""
    event = editable_event(request, slug)
    form = DelegationForm(sent(request), event=event)
    if form.is_valid() and form.submit(add_delegations, event, by=request.user) is not None:
        messages.success(request, _("The delegations are added."))
        return redirect(to_delegation(event, event.delegations.order_by("id").last()))
    return show(request, "event/delegation_create", event, form=form)


@guarded(coordinates)
@only_posts
def delegation_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a delegation back, if nobody comes with it."""
    event = editable_event(request, slug)
    delegation = get_object_or_404(event.delegations.select_related("event"), pk=pk)
    place = to_delegation(event, delegation)
    try:
        remove_delegation(delegation, by=request.user)
        messages.success(request, _("The delegation has been removed from this event."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(place)
