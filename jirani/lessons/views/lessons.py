"""Writing a lesson: from notes or from home, previewed, published, withdrawn."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jirani.acting.forms import sent
from jirani.core.routes import guarded, signed_in, user_of
from jirani.events.models import Session
from jirani.events.permissions import can_note_session
from jirani.lessons.actions import (
    edit_lesson,
    publish_lesson,
    review_lesson,
    what_is_missing,
    withdraw_lesson,
    write_lesson,
)
from jirani.lessons.enums import Attribution, LessonKind, Publication
from jirani.lessons.forms import LessonChangeForm, LessonForm, ReviewForm
from jirani.lessons.models import Lesson, Note
from jirani.lessons.permissions import can_write_lesson, visible_occasion
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page, where_to_mend

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@guarded(can_write_lesson)
def lesson_create(request: HttpRequest) -> HttpResponse:
    """A lesson that was not told in a session."""
    return _create(request, Lesson(), {}, reverse("desk:desk_detail"))


@signed_in
def session_lesson_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A lesson of a session, of the notes that were picked.

    They are sent, never part of an address: a proxy's log would tell who looked at which note.
    """
    sessions = Session.objects.noted_by(request.user).select_related("event")
    session = get_object_or_404(sessions, pk=pk, event__slug=slug)
    lesson = Lesson(event=session.event, session=session)
    back = reverse("lessons:note_list", args=[slug, pk])
    said = sent(request)
    if said and "pick" in said:
        initial = _prefilled(session.notes.filter(pk__in=_picked(said)))
        form = LessonForm(instance=lesson, initial=initial, by=user_of(request))
        return _form(request, lesson, form, back)
    return _create(request, lesson, {}, back)


def _picked(said: QueryDict) -> list[int]:
    return [int(value) for value in said.getlist("notes") if re.fullmatch(r"[0-9]{1,18}", value)]


def _prefilled(notes: QuerySet[Note]) -> dict[str, Any]:
    """The text of the notes, and the cities that their speakers allowed to be named."""
    told = [note.authority_id for note in notes if note.attribution != Attribution.UNATTRIBUTED and note.authority_id]
    body = "\n\n".join(note.text for note in notes)
    begin: dict[str, Any] = {"notes": [note.pk for note in notes], "authorities": told, "body": body}
    return begin | ({"language": notes[0].language} if notes else {})


def _create(request: HttpRequest, lesson: Lesson, initial: dict[str, Any], back: str) -> HttpResponse:
    form = LessonForm(sent(request), instance=lesson, initial=initial, by=user_of(request))
    if form.is_valid() and (made := form.submit(write_lesson, by=user_of(request))):
        return form.arrived(redirect("lessons:lesson_publish", made.pk))
    return _form(request, lesson, form, back)


def _form(request: HttpRequest, lesson: Lesson, form: Any, back: str) -> HttpResponse:
    context = {
        "lesson": lesson,
        "form": form,
        "back": back,
        "change": _worded(_CHANGE, lesson) if lesson.pk else "",
    }
    return form_page(request, "lessons/lesson_form.html", context | _occasion(request, lesson))


def _occasion(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """Return where the lesson was told, as far as the reader may see it, and whether they keep its record."""
    event, session = visible_occasion(request.user, lesson)
    translate_now(event, session)
    return {
        "event": event,
        "session": session,
        "keeps": session is not None and can_note_session(request.user, session),
    }


def _lesson(request: HttpRequest, pk: int) -> Lesson:
    return get_object_or_404(Lesson.objects.editable_by(request.user).select_related("session__event", "event"), pk=pk)


@signed_in
def lesson_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a lesson; with notes that were picked for it on the page of its session's notes, begin with these as well."""
    lesson, said = _lesson(request, pk), sent(request)
    if said and "pick" in said:
        more = Note.objects.visible_to(request.user).filter(session=lesson.session_id, pk__in=_picked(said))
        notes = [*lesson.notes.all(), *more]
        form = LessonChangeForm(instance=lesson, initial={"notes": notes}, by=user_of(request))
        return _form(request, lesson, form, reverse("public:lesson_detail", args=[pk]))
    form = LessonChangeForm(said, instance=lesson, by=user_of(request))
    if form.is_valid() and (saved := form.submit(edit_lesson, by=user_of(request))):
        if saved.state == Publication.PUBLISHED:
            messages.success(request, _("Saved: readers see it as it is now."))
            return form.arrived(redirect("public:lesson_detail", pk))
        return form.arrived(redirect("lessons:lesson_publish", pk))
    return _form(request, lesson, form, reverse("public:lesson_detail", args=[pk]))


@signed_in
def lesson_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The lesson as readers will see it, and the button that shows it to them."""
    lesson = _lesson(request, pk)
    faults: list[str] = []
    if request.method == "POST":
        try:
            publish_lesson(lesson, by=user_of(request), version=request.POST.get("version", ""))
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(request, _("Published: readers see it as it is now."))
            return redirect("public:lesson_detail", pk)
    return render(request, "lessons/lesson_publish.html", _preview(request, lesson) | {"faults": faults})


#: What buttons and links say, by what the lesson is.
_PUBLISH = {
    LessonKind.LESSON: gettext_lazy("Publish the lesson"),
    LessonKind.GOOD_PRACTICE: gettext_lazy("Publish the good practice"),
    LessonKind.CHALLENGE: gettext_lazy("Publish the challenge"),
    LessonKind.SUCCESS: gettext_lazy("Publish the success"),
    LessonKind.FAILURE: gettext_lazy("Publish the failure"),
    LessonKind.RECOMMENDATION: gettext_lazy("Publish the recommendation"),
}
_CHANGE = {
    LessonKind.LESSON: gettext_lazy("Change the lesson"),
    LessonKind.GOOD_PRACTICE: gettext_lazy("Change the good practice"),
    LessonKind.CHALLENGE: gettext_lazy("Change the challenge"),
    LessonKind.SUCCESS: gettext_lazy("Change the success"),
    LessonKind.FAILURE: gettext_lazy("Change the failure"),
    LessonKind.RECOMMENDATION: gettext_lazy("Change the recommendation"),
}


def _worded(words: Mapping[LessonKind, "StrOrPromise"], lesson: Lesson) -> "StrOrPromise":
    """What a button says of a lesson; of a draft without a kind as of any lesson."""
    return words[LessonKind(lesson.kind or LessonKind.LESSON)]


def _preview(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """Return what a reader will see of it, in the language it is written in."""
    told = lesson.authorities.select_related("organisation") if lesson.names_origin else ()
    authorities = [authority.organisation for authority in told]
    themes, drivers = list(lesson.themes.all()), list(lesson.drivers.all())
    translate_now(lesson, authorities, themes, drivers)
    return _occasion(request, lesson) | {
        "lesson": lesson,
        "authorities": authorities,
        "themes": themes,
        "drivers": drivers,
        "missing": where_to_mend(
            what_is_missing(lesson) if lesson.state != Publication.PUBLISHED else {},
            reverse("lessons:lesson_edit", args=[lesson.pk]),
        ),
        "publish": _worded(_PUBLISH, lesson),
        "change": _worded(_CHANGE, lesson),
    }


@signed_in
def lesson_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lesson back."""
    lesson = _lesson(request, pk)
    if request.method == "POST":
        withdraw_lesson(lesson, by=user_of(request))
        messages.success(request, _("Withdrawn. It stays with you as a draft that you can publish again."))
        return redirect("lessons:lesson_publish", pk)
    translate_now(lesson)
    return render(request, "lessons/lesson_withdraw.html", {"lesson": lesson})


@signed_in
def lesson_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far others have looked at a lesson."""
    lesson = get_object_or_404(Lesson.objects.reviewable_by(request.user), pk=pk)
    form = ReviewForm(sent(request), lesson=lesson)
    if form.is_valid() and form.submit(review_lesson, by=user_of(request)):
        messages.success(request, _("Saved. Readers see it on the lesson and find the lesson by it."))
        return form.arrived(redirect("public:lesson_detail", pk))
    translate_now(lesson)
    return form_page(request, "lessons/lesson_review.html", {"lesson": lesson, "form": form})
