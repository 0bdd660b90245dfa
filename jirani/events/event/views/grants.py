"""Grants that pay for an event."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.acting.forms import sent
from jirani.core.routes import guarded, only_posts
from jirani.events.actions import add_grant, untie_grant
from jirani.events.forms import GrantForm
from jirani.events.views import editable_event, hub_url, show
from jirani.members.models import Grant
from jirani.members.permissions import coordinates


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def grant_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Tie a grant to the event, recording a new one if needed."""
    event = editable_event(request, slug)
    form = GrantForm(sent(request), user=request.user, event=event)
    if form.is_valid() and form.submit(add_grant, event, by=request.user):
        messages.success(request, _("The grant is added."))
        return redirect(hub_url(event, "organisations"))
    return show(request, "event/grant_create", event, form=form)


@guarded(coordinates)
@only_posts
def grant_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a grant off the event; it is there to add again."""
    event = editable_event(request, slug)
    grant = Grant.objects.visible_to(request.user).filter(events=event, pk=pk).first()
    if grant is not None:  # otherwise it is gone already: a second press
        untie_grant(event, grant=grant, by=request.user)
        messages.success(request, _("The grant has been removed from this event."))
    return redirect(hub_url(event, "organisations"))
