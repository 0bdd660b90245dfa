"""Pages on which organisations endorse lessons and answer recommendations."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.acting.forms import sent
from jirani.core.routes import guarded, signed_in, user_of
from jirani.lessons.actions import (
    answer_recommendation,
    edit_response,
    endorse_lesson,
    withdraw_endorsement,
    withdraw_response,
)
from jirani.lessons.enums import LessonKind
from jirani.lessons.forms import EndorsementForm, ResponseChangeForm, ResponseForm
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.lessons.permissions import can_speak
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page


def _show(request: HttpRequest, template: str, lesson: Lesson, **context: Any) -> HttpResponse:
    translate_now(lesson)
    back = reverse("public:lesson_detail", args=[lesson.pk])
    return form_page(request, template, {"lesson": lesson, "back": back, **context})


@guarded(can_speak)
def lesson_endorse(request: HttpRequest, pk: int) -> HttpResponse:
    """Endorse a lesson for an organisation."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user).published(), pk=pk)
    form = EndorsementForm(sent(request), instance=Endorsement(lesson=lesson), by=request.user)
    if form.is_valid() and form.submit(endorse_lesson, by=user_of(request)):
        messages.success(request, _("The lesson’s page now shows your endorsement."))
        return form.arrived(redirect("public:lesson_detail", pk))
    return _show(request, "lessons/lesson_endorse.html", lesson, form=form)


@guarded(can_speak)
def lesson_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a recommendation for one of those to whom it speaks."""
    recommendations = Lesson.objects.visible_to(request.user).published().filter(kind=LessonKind.RECOMMENDATION)
    lesson = get_object_or_404(recommendations, pk=pk)
    form = ResponseForm(sent(request), instance=Response(lesson=lesson), by=request.user)
    if form.is_valid() and form.submit(answer_recommendation, by=user_of(request)):
        messages.success(request, _("Your answer is saved."))
        return form.arrived(redirect("public:lesson_detail", pk))
    return _show(request, "lessons/lesson_answer.html", lesson, form=form)


@signed_in
def response_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an answer."""
    response = get_object_or_404(Response.objects.editable_by(request.user).select_related("lesson"), pk=pk)
    form = ResponseChangeForm(sent(request), instance=response)
    if form.is_valid() and form.submit(edit_response, by=user_of(request)):
        messages.success(request, _("Your answer is saved."))
        return form.arrived(redirect("public:lesson_detail", response.lesson_id))
    return _show(request, "lessons/lesson_answer.html", response.lesson, form=form, response=response)


@signed_in
def response_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an answer back."""
    response = get_object_or_404(Response.objects.editable_by(request.user).select_related("lesson"), pk=pk)
    if request.method == "POST":
        withdraw_response(response, by=user_of(request))
        messages.success(request, _("The answer is withdrawn."))
        return redirect("public:lesson_detail", response.lesson_id)
    question, action = _("Withdraw this answer?"), _("Withdraw the answer")
    return _show(request, "lessons/answer_withdraw.html", response.lesson, question=question, action=action)


@signed_in
def endorsement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an organisation's endorsement."""
    endorsement = get_object_or_404(Endorsement.objects.editable_by(request.user).select_related("lesson"), pk=pk)
    if request.method == "POST":
        withdraw_endorsement(endorsement, by=user_of(request))
        messages.success(request, _("The lesson’s page no longer shows your endorsement."))
        return redirect("public:lesson_detail", endorsement.lesson_id)
    question, action = _("Withdraw your endorsement?"), _("Withdraw the endorsement")
    return _show(request, "lessons/answer_withdraw.html", endorsement.lesson, question=question, action=action)
