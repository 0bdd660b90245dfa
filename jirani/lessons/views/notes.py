"""The record of a session, as its keepers type it, and the word of those who spoke."""

import re
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.acting.forms import sent
from jirani.core.paging import LONG, page_by_place, query_to
from jirani.core.routes import for_one, public, signed_in, user_of
from jirani.events.actions import holder_of
from jirani.events.models import Participation, Session
from jirani.events.permissions import speaks_alone
from jirani.events.programme.views.own import gone
from jirani.lessons.actions import (
    attribute_note,
    edit_note,
    narrow_note,
    narrower_attributions,
    withdraw_note,
    write_note,
)
from jirani.lessons.enums import Attribution
from jirani.lessons.forms import AttributionForm, NarrowForm, NoteChangeForm, NoteForm, meanings
from jirani.lessons.models import Lesson, Note, NoteQuerySet
from jirani.lessons.permissions import is_speaker
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

#: Notes that one lesson is made of at first: far more than anybody reads together. With those of one more page they must stay below the
#: 1,000 fields that Django takes of a form.
MOST_PICKED = 800


#: How many notes a session has.
_NOTES = Coalesce(
    Subquery(
        Note.objects.filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk")).values("n")
    ),
    0,
)


def _session(request: HttpRequest, slug: str, pk: int, **more: Any) -> Any:
    sessions = Session.objects.noted_by(request.user).select_related("event").annotate(**more)
    return get_object_or_404(sessions, pk=pk, event__slug=slug)


def _asked_for(request: HttpRequest, name: str) -> int | None:
    """The key of the record whose count of notes, on another page, led here."""
    value = request.GET.get(name, "")
    # As many digits as fit into a key for certain: PostgreSQL answers a larger number with an error.
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def _lesson_of(request: HttpRequest) -> Lesson | None:
    """The lesson, which the reader may see, whose notes are asked for."""
    key = _asked_for(request, "lesson")
    return get_object_or_404(Lesson.objects.visible_to(request.user), pk=key) if key else None


def _lesson_for(request: HttpRequest, session: Session) -> Lesson | None:
    """The lesson of the session, which the user may change, for which more notes are picked."""
    key = _asked_for(request, "into")
    lessons = Lesson.objects.editable_by(request.user).filter(session=session)
    return get_object_or_404(lessons, pk=key) if key else None


def _record(request: HttpRequest, session: Session, form: NoteForm) -> HttpResponse:
    lesson, into = _lesson_of(request), _lesson_for(request, session)
    said: Any = session.notes.filter(**{"lessons": lesson} if lesson else {})
    read = said.with_crowds().select_related("speaker", "organisation", "authority__organisation")
    notes, page = page_by_place(request, read.prefetch_related("lessons"))
    carriers = [note.authority.organisation for note in notes if note.authority]
    lessons = [note.lessons.all() for note in notes]
    said_for = [note.organisation for note in notes]
    translate_now(session, session.event, carriers, said_for, lessons, lesson, into)
    picked = _picked(request)
    for note in notes:
        note.may_narrow = note.is_waiting or note.attribution != Attribution.UNATTRIBUTED
        note.picked = note.pk in picked
    context = {"session": session, "event": session.event, "page": page, "notes": notes, "lesson": lesson, "form": form}
    context["into"] = into
    context["elsewhere"] = picked - {note.pk for note in notes}
    context["query"] = f"lesson={lesson.pk}&" if lesson else f"into={into.pk}&" if into else ""
    context["count"] = len(page.every())
    context["meanings"] = meanings()
    return form_page(request, "lessons/note_list.html", context)


def _picked(request: HttpRequest) -> set[int]:
    """The notes that are picked for a lesson so far, from page to page. They are sent, never part of an address."""
    said = sent(request)
    values = said.getlist("notes") if said else []
    return {int(value) for value in values[:MOST_PICKED] if re.fullmatch(r"[0-9]{1,18}", value)}


@signed_in
def note_list(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The notes of a session and a field for the next one. Whoever picks notes on several pages sends what they picked from one to the next."""
    session = _session(request, slug, pk)
    return _record(request, session, NoteForm(session=session, user=request.user))


@signed_in
def note_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keep a note."""
    session = _session(request, slug, pk, noted=_NOTES)
    form = NoteForm(sent(request), session=session, user=request.user)
    if form.is_valid() and (made := form.submit(write_note, by=user_of(request))):
        messages.success(request, _("The note is saved."))
        grown = isinstance(made, Note) and session.noted >= LONG  # a short list is one page: its notes need no counting
        # The field has the focus again: whoever types what is said doesn't go through the page's head for each note.
        return form.arrived(redirect(f"{_list(session, made if grown else None)}#{form['text'].id_for_label}"))
    return _record(request, session, form)


def _note(request: HttpRequest, notes: NoteQuerySet, pk: int) -> Note:
    note = get_object_or_404(notes.select_related("session__event", "speaker", "typist"), pk=pk)
    translate_now(note.session, note.session.event)
    return note


@signed_in
def note_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a note says."""
    note = _note(request, Note.objects.editable_by(request.user), pk)
    form = NoteChangeForm(sent(request), note=note)
    if form.is_valid() and form.submit(edit_note, note, by=user_of(request)):
        messages.success(request, _("The note is saved."))
        return form.arrived(redirect(_back(note)))
    asks = note.attributed_at is not None and note.speaker_id is not None and not is_speaker(request.user, note)
    return form_page(request, "lessons/note_edit.html", {"note": note, "form": form, "asks": asks, "back": _back(note)})


def _back(note: Note) -> str:
    return _list(note.session, note)


def _list(session: Session, note: Note | None) -> str:
    """The notes of a session, at the page on which a note stands."""
    query = query_to(session.notes.all(), note) if note else ""
    return reverse("lessons:note_list", args=[session.event.slug, session.pk]) + query


@signed_in
def note_narrow(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell less than the speaker allowed."""
    note = _note(request, Note.objects.editable_by(request.user), pk)
    if not narrower_attributions(note):
        raise Http404
    form = NarrowForm(sent(request), note=note)
    if form.is_valid() and form.submit(narrow_note, note, by=user_of(request)):
        messages.success(request, _("The note now says less about its speaker."))
        return redirect(_back(note))
    return form_page(request, "lessons/note_narrow.html", {"note": note, "form": form, "back": _back(note)})


@signed_in
def note_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a note back, for good."""
    note = _note(request, Note.objects.visible_to(request.user), pk)
    keeps = Note.objects.editable_by(request.user).filter(pk=note.pk).exists()
    back = _back(note) if keeps else reverse("lessons:note_own")
    if request.method == "POST":
        withdraw_note(note, by=user_of(request))
        messages.success(request, _("The note is withdrawn."))
        return redirect(back)
    return render(request, "lessons/note_withdraw.html", {"note": note, "back": back})


@signed_in
def note_own(request: HttpRequest) -> HttpResponse:
    """List what the user said and others wrote down, and ask how it may be attributed."""
    notes, lesson, session = (
        Note.objects.attributable_by(request.user),
        _lesson_of(request),
        _asked_for(request, "session"),
    )
    if lesson is not None:
        notes = notes.filter(lessons=lesson)
    return _waiting(request, notes.filter(session=session) if session else notes, "")


@public
def note_own_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Like `note_own`, but for one event and for somebody who has an invitation and no account."""
    holder = holder_of(token)
    if holder is None:
        return gone(request, token)
    if not speaks_alone(holder):
        return redirect("lessons:note_own")
    return _waiting(request, _said_by(holder), token)


def _said_by(holder: Participation) -> NoteQuerySet:
    return Note.objects.filter(speaker=holder.person_id, session__event=holder.event_id)


def _waiting(request: HttpRequest, notes: NoteQuerySet, token: str) -> HttpResponse:
    answered = Case(When(attributed_at=None, then=Value(0)), default=Value(1))
    asked = notes.select_related("session__event").annotate(answered=answered)
    rows, page = page_by_place(request, asked.order_by("answered", "-created_at", "id"))
    translate_now([row.session for row in rows], [row.session.event for row in rows])
    context = {
        "waiting": [row for row in rows if row.is_waiting],
        "said": [row for row in rows if not row.is_waiting],
        "page": page,
        "query": "".join(f"{name}={request.GET[name]}&" for name in ("lesson", "session") if _asked_for(request, name)),
        "token": token,
    }
    return for_one(render(request, "lessons/note_own.html", context))


@signed_in
def note_attribute(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The speaker says how their note is attributed."""
    note = _note(request, Note.objects.attributable_by(request.user), pk)
    return _attribute(request, note, user_of(request), reverse("lessons:note_own"))


@public
def note_attribute_by_link(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """Do the same for somebody who has an invitation to that event and no account."""
    holder = holder_of(token)
    if holder is None:
        return gone(request, token)
    if not speaks_alone(holder):
        return redirect("lessons:note_attribute", pk)
    note = _note(request, _said_by(holder), pk)
    return _attribute(request, note, holder, reverse("lessons:note_own_by_link", args=[token]))


def _attribute(request: HttpRequest, note: Note, by: Any, back: str) -> HttpResponseBase:
    form = AttributionForm(sent(request), note=note)
    if form.is_valid() and form.submit(attribute_note, note, by=by):
        messages.success(request, _("The attribution is saved."))
        return redirect(back)
    return for_one(form_page(request, "lessons/note_attribute.html", {"note": note, "form": form, "back": back}))
