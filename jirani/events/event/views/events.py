"""Make an event, put it together, publish it, call it off."""

from collections import Counter
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import sent
from jirani.core.enums import AccessMode
from jirani.core.paging import LONG, Page, page_by_head, page_of
from jirani.core.routes import guarded, only_posts
from jirani.core.text import active_language
from jirani.events.actions import (
    cancel_event,
    cancelling_fault,
    change_event,
    create_event,
    mailing_of_cancellation,
    mailing_of_reinstatement,
    publish_event,
    to_be_invited,
    waive_report,
    what_is_missing,
)
from jirani.events.enums import EventState, ParticipationState, PartyRole
from jirani.events.forms import EventCreateForm, EventEditForm, StateForm
from jirani.events.models import Event, EventParty
from jirani.events.programme.views.clashes import booked_twice
from jirani.events.registry import written_report
from jirani.events.views import editable_event, hub_url, show
from jirani.members.models import Grant
from jirani.members.permissions import coordinates
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page, where_to_mend

AUDIENCES = {
    AccessMode.PUBLIC: gettext_lazy(
        "Everybody will be able to read its page. The link to join stays with the event’s people."
    ),
    AccessMode.NETWORK: gettext_lazy("Signed-in people of members will be able to read its page."),
    AccessMode.CLOSED: gettext_lazy(
        "Only the event’s people will be able to read its page. Nobody else learns that it takes place."
    ),
}


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def event_create(request: HttpRequest) -> HttpResponse:
    """Create an event: what, when, where and who may see it."""
    form = EventCreateForm(sent(request), user=request.user)
    if form.is_valid() and (event := form.submit(create_event, by=request.user)):
        messages.success(request, _("Saved as a draft. Add the organisations, delegations, sessions and people."))
        return form.arrived(redirect(hub_url(event)))
    return form_page(request, "events/event/event_create.html", {"form": form})


@guarded(coordinates)
@require_safe
def event_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything of an event on one page, with a link to change each part."""
    event = editable_event(request, slug)
    by_role = event.parties.in_order().select_related("organisation")
    parties: Any = page_of(request, by_role, ("rank", "id"), size=LONG, name="organisations")
    delegations: Any = page_of(
        request, event.delegations.select_related("authority__organisation"), ("id",), size=LONG, name="delegations"
    )
    sessions, page = page_by_head(request, event.sessions.select_related("host"), "held_on")
    themes, earlier = list(event.themes.all()), event.follow_up_of
    waits = Exists(to_be_invited(event).filter(pk=OuterRef("pk")))
    people = list(event.participations.annotate(waits=waits).values_list("state", "nonce", "waits"))
    grants = list(Grant.objects.visible_to(request.user).filter(events=event).select_related("funder").order_by("pk"))
    bodies = [
        *(party.organisation for party in parties.rows),
        *(one.authority.organisation for one in delegations.rows),
    ]
    bodies += [grant.funder for grant in grants]
    hosts = [session.host for session in sessions]
    translate_now(event, event.hub, bodies, sessions, hosts, themes, earlier, grants)
    context: dict[str, Any] = {
        "themes": themes,
        "earlier": earlier,
        "by_role": _by_role(parties),
        "parties_page": parties,
        "grants": grants,
        "delegations": delegations.rows,
        "delegations_page": delegations,
        "page": page,
        "days": [(on, list(rows)) for on, rows in groupby(sessions, key=lambda session: session.held_on)],
        "people": _people(people),
        "waiting": sum(waits for _state, _nonce, waits in people),
        "missing": _missing(event) if event.state == EventState.DRAFT else [],
        "clashes": booked_twice(event, request.user),
        "written": written_report(event, active_language()) if _may_be_reported(event) else None,
    }
    return show(request, "event/event_edit", event, **context)


def _missing(event: Event) -> list[tuple[str, str]]:
    """What the event needs to be published, each with the address at which that is mended."""
    details = reverse("events:detail_edit", args=[event.slug])
    return where_to_mend(what_is_missing(event), details, sessions=hub_url(event, "programme"))


def _by_role(parties: Page[EventParty]) -> list[tuple[Any, list[EventParty]]]:
    """The parties in each role, also in those that nobody has if there is no other page on which they might be."""
    found = [(role.label, [one for one in parties.rows if one.role == role]) for role in PartyRole]
    return [(label, those) for label, those in found if those or parties.is_whole]


def _may_be_reported(event: Event) -> bool:
    return event.state == EventState.PUBLISHED and event.access == AccessMode.PUBLIC and event.has_begun


def _people(people: list[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    """Count the people in each state, with those not yet invited counted separately."""
    found = Counter(
        "" if state == ParticipationState.INVITED and not nonce else state for state, nonce, _waits in people
    )
    waiting = [{"name": _("on the list, not yet invited"), "state": ParticipationState.INVITED, "count": found[""]}]
    return [
        *(waiting if found[""] else []),
        *({"name": s.label, "state": s.value, "count": found[s.value]} for s in ParticipationState if found[s.value]),
    ]


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def detail_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The event's own facts."""
    event = editable_event(request, slug)
    form = EventEditForm(sent(request), user=request.user, event=event)
    if form.is_valid() and form.submit(change_event, event, by=request.user):
        told = _("The details are saved. The e-mails are sent in a few minutes, with any changes you make before then.")
        messages.success(request, told if form.chosen else _("The details are saved."))
        return form.arrived(redirect(hub_url(event)))
    return show(request, "event/detail_edit", event, form=form)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def event_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then publish the event; the people of a cancelled event are told that it is held."""
    event = editable_event(request, slug)
    told = mailing_of_reinstatement(event) if event.state == EventState.CANCELLED else None
    form = StateForm(sent(request), record=event, mailing=told)
    if form.is_valid() and form.submit(publish_event, by=request.user):
        messages.success(request, _("The event is published."))
        return redirect(hub_url(event))
    missing = _missing(event)
    consequence = AUDIENCES[AccessMode(event.access)]
    return show(request, "event/event_publish", event, form=form, missing=missing, consequence=consequence)


@guarded(coordinates)
@only_posts
def report_waive(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that there will be no report, or that there may be one after all."""
    event, waived = editable_event(request, slug), request.POST.get("waived") == "yes"
    try:
        waive_report(event, waived=waived, by=request.user)
        messages.success(request, _("No report is expected any more.") if waived else _("A report can be written."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(hub_url(event, "report"))


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def event_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then cancel the event and tell its people; if it took place, say why it cannot be cancelled."""
    event = editable_event(request, slug)
    form = StateForm(sent(request), record=event, mailing=mailing_of_cancellation(event))
    if form.is_valid() and form.submit(cancel_event, by=request.user):
        messages.success(request, _("The event is cancelled."))
        return redirect(hub_url(event))
    return show(request, "event/event_cancel", event, form=form, fault=cancelling_fault(event))
