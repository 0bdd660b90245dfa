"""Pages that record the results of a promise."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jirani.acting.forms import sent
from jirani.commitments.actions import (
    add_evidence,
    answer_follow_up,
    make_practice,
    record_adaptation,
    record_outcome,
    set_completion,
)
from jirani.commitments.forms import (
    AdaptationForm,
    AnswerForm,
    CompletionForm,
    EvidenceForm,
    OutcomeForm,
    PracticeForm,
)
from jirani.commitments.models import Commitment, FollowUp, Outcome
from jirani.commitments.permissions import can_edit_commitment
from jirani.core.routes import signed_in, user_of
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

from .commitments import own_commitment, show_lesson
from .corrections import own_part


def _act(
    request: HttpRequest, commitment: Commitment, form: Any, action: Callable[..., Any], template: str, done: str
) -> HttpResponse:
    """Show a form, or act on it and go back to the commitment."""
    if form.is_valid() and form.submit(action, by=user_of(request)):
        messages.success(request, done)
        response: HttpResponse = form.arrived(redirect("public:commitment_detail", commitment.pk))
        return response
    return form_page(request, template, {"commitment": commitment, "form": form})


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return sent(request), request.FILES or None


@signed_in
def adaptation_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was kept, changed and left out."""
    commitment = own_commitment(request, pk)
    form = AdaptationForm(*_sent(request), commitment=commitment)
    done = _("The adaptation is recorded.")
    return _act(request, commitment, form, record_adaptation, "commitments/adaptation_form.html", done)


@signed_in
def completion_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far it got, with what shows it."""
    commitment = own_commitment(request, pk)
    form = CompletionForm(*_sent(request), commitment=commitment)
    done = _("How far it got is saved.")
    return _act(request, commitment, form, set_completion, "commitments/completion_edit.html", done)


@signed_in
def evidence_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a link or a file that shows it."""
    commitment = own_commitment(request, pk)
    form = EvidenceForm(*_sent(request), commitment=commitment)
    done = _("The evidence is saved.")
    return _act(request, commitment, form, add_evidence, "commitments/evidence_create.html", done)


@signed_in
def outcome_evidence_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a link or a file that shows an outcome."""
    outcome = own_part(request, Outcome, pk)
    form = EvidenceForm(*_sent(request), commitment=outcome.commitment, outcome=outcome)
    if form.is_valid() and form.submit(add_evidence, by=user_of(request)):
        messages.success(request, _("The evidence is saved."))
        return form.arrived(redirect("public:outcome_detail", pk))
    context = {"commitment": outcome.commitment, "outcome": outcome, "form": form}
    return form_page(request, "commitments/evidence_create.html", context)


@signed_in
def practice_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a good practice of what changed."""
    outcome = own_part(request, Outcome, pk)
    form = PracticeForm(sent(request), outcome=outcome, by=user_of(request))
    if form.is_valid() and (made := form.submit(make_practice, outcome, by=user_of(request))):
        return form.arrived(redirect("lessons:lesson_publish", made.pk))
    back = reverse("public:outcome_detail", args=[pk])
    context = {"outcome": outcome, "lesson": form.instance, "form": form, "back": back, "kept": f"practice-{pk}"}
    return form_page(request, "commitments/practice_create.html", context)


@signed_in
def outcome_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what changed."""
    commitment = own_commitment(request, pk)
    form = OutcomeForm(*_sent(request), instance=Outcome(commitment=commitment))
    done = _("The outcome is recorded.")
    return _act(request, commitment, form, record_outcome, "commitments/outcome_form.html", done)


_SAID_APART = gettext_lazy(
    "Your answer is saved. The commitment’s own level is said separately, with evidence: “Say how far it got”."
)


@signed_in
def follow_up_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer for one's own side what became of it."""
    follow_ups = FollowUp.objects.answerable_by(request.user).select_related("commitment__organisation")
    follow_up = get_object_or_404(follow_ups, pk=pk)
    commitment = follow_up.commitment
    form = AnswerForm(*_sent(request), follow_up=follow_up)
    if form.is_valid() and form.submit(answer_follow_up, follow_up, by=user_of(request)):
        apart = form.facts["completion"] != commitment.completion and can_edit_commitment(request.user, commitment)
        messages.success(request, _SAID_APART if apart else _("Your answer is saved."))
        return form.arrived(redirect("public:commitment_detail", commitment.pk))
    translate_now(commitment, commitment.organisation)
    show_lesson(commitment, request.user)
    context = {"commitment": commitment, "follow_up": follow_up, "form": form}
    return form_page(request, "commitments/follow_up_answer.html", context)
