"""Pages that correct or take back the results of a promise."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.acting.forms import RemovalForm, sent
from jirani.commitments.actions import (
    edit_adaptation,
    edit_evidence,
    edit_outcome,
    is_last_evidence,
    remove_adaptation,
    remove_evidence,
    withdraw_outcome,
)
from jirani.commitments.forms import AdaptationChangeForm, EvidenceChangeForm, OutcomeChangeForm
from jirani.commitments.models import Adaptation, Evidence, Outcome
from jirani.core.routes import signed_in, user_of
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page

from .commitments import show_lesson

P = TypeVar("P", Adaptation, Evidence, Outcome)


def own_part(request: HttpRequest, model: type[P], pk: int) -> P:
    """Return a part of a commitment of an organisation that the user speaks for, with translations; 404 for any other."""
    parts: Any = model._default_manager
    rows = parts.editable_by(request.user).select_related("commitment__organisation", "commitment__lesson")
    part: P = get_object_or_404(rows, pk=pk)
    translate_now(part, part.commitment)
    show_lesson(part.commitment, request.user)
    return part


def _home(part: Adaptation | Evidence | Outcome) -> str:
    """Return the address at which a record is read."""
    outcome = part.pk if isinstance(part, Outcome) else getattr(part, "outcome_id", None)
    if outcome is not None:
        return reverse("public:outcome_detail", args=[outcome])
    return reverse("public:commitment_detail", args=[part.commitment_id])


def _change(request: HttpRequest, part: Any, form: Any, action: Callable[..., Any], template: str) -> HttpResponse:
    """Show a form with the current values, or save it and redirect to the page on which the record is read."""
    if form.is_valid() and form.submit(action, part, by=user_of(request)):
        messages.success(request, _("Saved. Readers see it as it is now."))
        response: HttpResponse = form.arrived(redirect(_home(part)))
        return response
    context = {"commitment": part.commitment, "part": part, "form": form, "back": _home(part)}
    return form_page(request, template, context)


@signed_in
def outcome_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an outcome."""
    outcome = own_part(request, Outcome, pk)
    form = OutcomeChangeForm(sent(request), instance=outcome)
    return _change(request, outcome, form, edit_outcome, "commitments/outcome_form.html")


@signed_in
def evidence_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say better what a piece of evidence is, or who may see it."""
    evidence = own_part(request, Evidence, pk)
    form = EvidenceChangeForm(sent(request), evidence=evidence)
    return _change(request, evidence, form, edit_evidence, "commitments/evidence_edit.html")


@signed_in
def adaptation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an adaptation."""
    adaptation = own_part(request, Adaptation, pk)
    form = AdaptationChangeForm(sent(request), adaptation=adaptation)
    return _change(request, adaptation, form, edit_adaptation, "commitments/adaptation_form.html")


def _remove(request: HttpRequest, part: Any, remove: Callable[..., Any], words: dict[str, Any]) -> HttpResponse:
    """Ask, or take a record back and go to its commitment. `words`: question, consequence, action, done."""
    form = RemovalForm(sent(request), record=part)
    if form.is_valid() and form.submit(remove, by=user_of(request)):
        messages.success(request, words["done"])
        return redirect("public:commitment_detail", part.commitment_id)
    context = {"commitment": part.commitment, "form": form, "back": _home(part), **words}
    return render(request, "commitments/part_remove.html", context)


@signed_in
def outcome_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an outcome back."""
    outcome = own_part(request, Outcome, pk)
    words = {
        "question": _("Withdraw this outcome?"),
        "consequence": _(
            "It disappears with its evidence from every page, count, report and feed, and files are deleted. This cannot be undone."
        ),
        "last": is_last_evidence(outcome.commitment, Evidence.objects.filter(outcome=outcome)),
        "action": _("Withdraw the outcome"),
        "done": _("The outcome is withdrawn."),
    }
    return _remove(request, outcome, withdraw_outcome, words)


@signed_in
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = own_part(request, Evidence, pk)
    words = {
        "question": _("Remove this evidence?"),
        "consequence": _("It disappears from every page; a file is deleted. This cannot be undone."),
        "last": is_last_evidence(evidence.commitment, Evidence.objects.filter(pk=pk)),
        "action": _("Remove the evidence"),
        "done": _("The evidence is removed."),
    }
    return _remove(request, evidence, remove_evidence, words)


@signed_in
def adaptation_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an adaptation back."""
    adaptation = own_part(request, Adaptation, pk)
    words = {
        "question": _("Remove this adaptation?"),
        "consequence": _("It disappears from the pages of the commitment and of its lesson. This cannot be undone."),
        "action": _("Remove the adaptation"),
        "done": _("The adaptation is removed."),
    }
    return _remove(request, adaptation, remove_adaptation, words)
