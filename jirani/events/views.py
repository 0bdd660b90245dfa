"""What all pages of an event share."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.core.paging import LONG, query_to, query_to_key
from jirani.events.models import NO_DAYS, Delegation, Event, Session
from jirani.translation.forms import named
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page


def editable_event(request: HttpRequest, slug: str) -> Event:
    """The event, if the user may run it; 404 otherwise. Its texts are attached."""
    event = get_object_or_404(
        Event.objects.editable_by(request.user).select_related("hub", "report_waived_by", "follow_up_of"), slug=slug
    )
    translate_now(event)
    return event


def ask_for_days(request: HttpRequest, event: Event) -> HttpResponse:
    """Lead to where one says when the event takes place, on which the page that was asked for depends."""
    messages.info(request, NO_DAYS)
    return redirect(reverse("events:detail_edit", args=[event.slug]) + "#id_starts_on")


def hub_url(event: Event, part: str = "", query: str = "") -> str:
    """Return the page on which the event is edited, at one of its parts; `query` says on which page of a long part ("?cursor=2.1")."""
    return reverse("events:event_edit", args=[event.slug]) + query + (f"#{part}" if part else "")


def to_session(event: Event, session: Session) -> str:
    """The page on which the event is edited, at the stretch of its programme that holds a session."""
    return hub_url(event, "programme", query_to(event.sessions.all(), session, head="held_on"))


def to_delegation(event: Event, delegation: Delegation | None) -> str:
    """The page on which the event is edited, at the delegations, on the page of these that holds one."""
    query = (
        query_to_key(event.delegations.all(), ("id",), delegation, size=LONG, name="delegations") if delegation else ""
    )
    return hub_url(event, "delegations", query)


def crumbs(event: Event, *further: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumbs of a page below the event's."""
    title = named(event, "title")
    return [{"name": title, "url": hub_url(event)}, *({"name": name, "url": url} for name, url in further)]


def people_crumbs(event: Event) -> list[dict[str, str]]:
    """Return the breadcrumbs of a page below the list of participants."""
    return crumbs(event, (_("Participants"), reverse("events:participation_list", args=[event.slug])))


def show(request: HttpRequest, template: str, event: Event, **context: Any) -> HttpResponse:
    """A page about an event."""
    shown = {"event": event, "links": crumbs(event), "back": hub_url(event)} | context
    return form_page(request, f"events/{template}.html", shown)
