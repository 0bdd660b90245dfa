"""A promise: made from a lesson, previewed, published, changed, dropped."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jirani.acting.forms import sent
from jirani.commitments.actions import (
    counts_from,
    drop_commitment,
    edit_commitment,
    make_commitment,
    publish_commitment,
    what_is_missing,
)
from jirani.commitments.forms import CommitmentChangeForm, CommitmentForm, DropForm
from jirani.commitments.models import Commitment
from jirani.core.routes import guarded, signed_in, user_of
from jirani.core.text import active_language
from jirani.lessons.models import Lesson
from jirani.lessons.permissions import can_speak
from jirani.plans.enums import Status
from jirani.translation.models import attach_translations, translate_now
from jirani.ui.forms import form_page, where_to_mend


def own_commitment(request: HttpRequest, pk: int) -> Commitment:
    """A commitment of an organisation for which the user speaks, with its translations; 404 for any other."""
    commitments = Commitment.objects.editable_by(request.user).select_related(
        "organisation", "lesson", "activity__objective__pillar__plan"
    )
    commitment = get_object_or_404(commitments, pk=pk)
    plan = commitment.activity.objective.pillar.plan if commitment.activity else None
    here = active_language()
    attach_translations(here, commitment, commitment.organisation, commitment.activity, plan)
    show_lesson(commitment, request.user)
    return commitment


def show_lesson(commitment: Commitment, user: Any) -> None:
    """Attach `shown_lesson`: the lesson that it applies, with its translations, if the user may see that."""
    lesson = Lesson.objects.visible_to(user).published().filter(commitments=commitment).first()
    translate_now(lesson)
    commitment.shown_lesson = lesson  # type: ignore[attr-defined]


@guarded(can_speak)
def commitment_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a lesson at home."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user).published(), pk=pk)
    form = CommitmentForm(sent(request), instance=Commitment(lesson=lesson), by=request.user)
    if form.is_valid() and (made := form.submit(make_commitment, by=user_of(request))):
        return form.arrived(redirect("commitments:commitment_publish", made.pk))
    return _form(request, lesson, form, reverse("public:lesson_detail", args=[pk]))


def _form(request: HttpRequest, lesson: Lesson | None, form: Any, back: str) -> HttpResponse:
    translate_now(lesson)
    context = {"lesson": lesson, "commitment": form.instance, "form": form, "back": back}
    return form_page(request, "commitments/commitment_form.html", context)


@signed_in
def commitment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a commitment."""
    commitment = own_commitment(request, pk)
    form = CommitmentChangeForm(sent(request), instance=commitment, by=request.user)
    if form.is_valid() and (saved := form.submit(edit_commitment, by=user_of(request))):
        if saved.status == Status.DRAFT:
            return form.arrived(redirect("commitments:commitment_publish", pk))
        messages.success(request, _("The commitment is saved."))
        return form.arrived(redirect("public:commitment_detail", pk))
    lesson: Any = commitment.shown_lesson  # type: ignore[attr-defined]
    return _form(request, lesson, form, reverse("public:commitment_detail", args=[pk]))


_ASKED = gettext_lazy("The commitment is published. You will be asked after 3, 6 and 12 months what became of it.")
_OF_OLD = gettext_lazy(
    "The commitment is published. The 3, 6 and 12 months after which you are asked count from when it was made; if some have already passed, you "
    "are asked only once."
)


@signed_in
def commitment_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The commitment as others will see it, and the button that shows it to them."""
    commitment = own_commitment(request, pk)
    of_old, faults = counts_from(commitment) < timezone.localdate(), []
    if request.method == "POST":
        try:
            publish_commitment(commitment, by=user_of(request), version=request.POST.get("version", ""))
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(request, _OF_OLD if of_old else _ASKED)
            return redirect("public:commitment_detail", pk)
    supporting, steps = list(commitment.supporting.all()), list(commitment.milestones.all())
    translate_now(supporting, steps)
    context = {
        "commitment": commitment,
        "supporting": supporting,
        "steps": steps,
        "saved": request.GET.get("saved", ""),
        "of_old": of_old,
        "faults": faults,
        "missing": where_to_mend(
            what_is_missing(commitment) if commitment.status == Status.DRAFT else {},
            reverse("commitments:commitment_edit", args=[commitment.pk]),
        ),
    }
    return render(request, "commitments/commitment_publish.html", context)


@signed_in
def commitment_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a commitment with a reason."""
    commitment = own_commitment(request, pk)
    form = DropForm(sent(request), commitment=commitment)
    if form.is_valid() and form.submit(drop_commitment, by=user_of(request)):
        messages.success(request, _("The commitment is dropped; its reason is shown with it."))
        return redirect("public:commitment_detail", pk)
    return form_page(request, "commitments/commitment_drop.html", {"commitment": commitment, "form": form})
