"""The programme: sessions, site visits among them, and who does what in them."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jirani.acting.forms import sent
from jirani.core.paging import LONG, page_of, query_to_key
from jirani.core.routes import guarded, only_posts
from jirani.events.actions import add_part, add_session, change_session, delete_session, mailing_of_removal, remove_part
from jirani.events.forms import PartForm, SessionCreateForm, SessionEditForm, StateForm
from jirani.events.models import Event, Participation, Session, SessionPart
from jirani.events.views import ask_for_days, editable_event, show, to_session
from jirani.members.models import with_known
from jirani.members.permissions import coordinates
from jirani.translation.models import translate_now
from jirani.ui.text import day
from jirani.ui.text import hours as clock

from .clashes import booked_twice

#: The order of who does what in a session.
_PARTS = ("role", "id")


def _session(event: Event, pk: int) -> Session:
    session = get_object_or_404(event.sessions, pk=pk)
    session.event = event
    translate_now(session)
    return session


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def session_create(request: HttpRequest, slug: str) -> HttpResponse:
    """A new session, working group or site visit."""
    event = editable_event(request, slug)
    if event.starts_on is None:
        return ask_for_days(request, event)
    form = SessionCreateForm(sent(request), event=event)
    if form.is_valid() and (session := form.submit(add_session, event, by=request.user)):
        messages.success(request, _saved(_("The session is in the programme."), session))
        return form.arrived(redirect(to_session(event, session)))
    return show(request, "programme/session_create", event, form=form)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def session_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit a session's facts, and who speaks, moderates and keeps its record."""
    event = editable_event(request, slug)
    session = _session(event, pk)
    form = SessionEditForm(sent(request), session=session)
    if form.is_valid() and (saved := form.submit(change_session, session, by=request.user)):
        messages.success(request, _saved(_("The session is saved."), saved))
        return form.arrived(redirect(to_session(event, saved)))
    kept = sent(request, to=reverse("events:part_create", args=[event.slug, session.pk]))
    return _show_session(request, session, form, PartForm(kept, event=event, user=request.user))


def _saved(words: str, session: Session) -> str:
    """Say that it is saved and, if its end is on the next day, which day that is."""
    hours = session.hours
    if hours is None or hours.ends_at is None or hours.ends_on == hours.on:
        return words
    end = _("It ends the day after it begins: at %(hour)s on %(day)s.")
    return f"{words} {end % {'hour': clock(hours.ends_at), 'day': day(hours.ends_on, style='weekday')}}"


def _show_session(request: HttpRequest, session: Session, form: SessionEditForm, part: PartForm) -> HttpResponse:
    known = with_known(Participation.objects.select_related("person"), request.user)
    parts: Any = page_of(
        request, session.parts.prefetch_related(Prefetch("participation", known)), _PARTS, size=LONG, name="parts"
    )
    shown = {
        "session": session,
        "form": form,
        "part": part,
        "parts": parts.rows,
        "parts_page": parts,
        "error": request.method == "POST" and part.is_bound,
    }
    clashes = [one for one in booked_twice(session.event, request.user) if session in one[1:]]
    return show(request, "programme/session_edit", session.event, clashes=clashes, **shown)


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def session_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then take a session out of the programme and tell the event's people."""
    event = editable_event(request, slug)
    session = _session(event, pk)
    form = StateForm(sent(request), record=session, mailing=mailing_of_removal(session))
    place = to_session(event, session)
    if form.is_valid() and form.submit(delete_session, by=request.user):
        messages.success(request, _("The session has been removed from the programme."))
        return redirect(place)
    return show(request, "programme/session_delete", event, session=session, form=form)


@guarded(coordinates)
@only_posts
def part_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let a participant keep the record of a session, moderate it or speak in it."""
    event = editable_event(request, slug)
    session = _session(event, pk)
    part = PartForm(request.POST, event=event, user=request.user)
    if part.is_valid() and (made := part.submit(add_part, session, by=request.user)):
        messages.success(request, _("The person is in the session."))
        return redirect(_to_part(session, made))
    answer = _show_session(request, session, SessionEditForm(session=session), part)
    answer.status_code = 422
    return answer


@guarded(coordinates)
@only_posts
def part_delete(request: HttpRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Take somebody's part in a session back."""
    event = editable_event(request, slug)
    session = _session(event, pk)
    found = session.parts.select_related("session__event").filter(pk=part).first()
    place = _to_part(session, found)
    if found is not None:
        remove_part(found, by=request.user)
        messages.success(request, _("The person no longer has this part in the session."))
    return redirect(place)


def _to_part(session: Session, part: SessionPart | None) -> str:
    """The session's page, at the page of its people that holds a part."""
    query = query_to_key(session.parts.all(), _PARTS, part, size=LONG, name="parts") if part else ""
    return reverse("events:session_edit", args=[session.event.slug, session.pk]) + query
