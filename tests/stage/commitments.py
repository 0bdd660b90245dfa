"""Commitments, and what came of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Milestone
from jirani.commitments.permissions import can_see_commitment
from jirani.core.enums import AccessMode
from jirani.lessons.actions import modes_within
from jirani.lessons.permissions import can_see_lesson
from jirani.plans.enums import Completion, Status
from tests.oracles import can_see_evidence, can_see_outcome

from .. import factories as make
from .tokens import Stage


def fill(stage: Stage) -> None:
    """Commitments in every mode and status, each with one of everything and outcomes in every mode that is no wider."""
    cast = stage.cast
    lesson = make.lesson("A lesson for all", event=cast.event, authorities=[cast.mombasa])
    stage.records.append(lesson)
    hidden = stage.keep(make.lesson(event=cast.event, access=AccessMode.CLOSED), may=can_see_lesson)
    stage.keep(
        make.commitment(cast.kwale.organisation, lesson=hidden, access=AccessMode.CLOSED), may=can_see_commitment
    )
    closed_activity = make.activity(make.plan(cast.kwale, access=AccessMode.CLOSED))
    for mode in stage.modes:
        begun = Commitment(organisation=cast.kwale.organisation, lesson=lesson, access=mode)
        stage.begin(begun, "problem", may=can_see_commitment)
        for status in Status:
            commitment = make.commitment(
                cast.kwale.organisation,
                lesson=lesson,
                event=cast.event,
                access=mode,
                status=status,
                activity=closed_activity,
                completion=Completion.LIMITED,
                dropped_because="Why" if status == Status.DROPPED else "",
                due_on=timezone.localdate() + timedelta(days=5),
            )
            stage.keep(commitment, may=can_see_commitment)
            promised: Callable[[Any, Any], bool] = lambda user, found: can_see_commitment(user, found.commitment)  # noqa: E731
            stage.keep(Adaptation(commitment=commitment, kept="Kept", why="Why"), may=promised)
            asked = FollowUp.objects.create(
                commitment=commitment,
                months=3,
                side="government",
                due_on=timezone.localdate(),
                answered_on=timezone.localdate(),
                completion=Completion.LIMITED,
            )
            stage.keep(asked, may=promised)
            FollowUp.objects.create(
                commitment=commitment, months=6, side="government", due_on=timezone.localdate()
            )  # falls due
            stage.keep(Milestone.objects.create(commitment=commitment, title="Step"), may=promised)
            for inner in [one for one in stage.modes if one in modes_within(commitment)]:
                outcome = make.outcome(commitment, access=inner)
                stage.keep(outcome, may=can_see_outcome)
                stage.keep(make.evidence(commitment, outcome=outcome, access=inner), may=can_see_evidence)
                _file(stage, make.evidence(commitment, outcome=outcome, access=inner))


def _file(stage: Stage, evidence: Evidence) -> None:
    """A piece of evidence that is a file: what is in it is for those who see it, what it was called for nobody."""
    stage.keep(evidence, may=can_see_evidence)
    name, words = stage.token(lambda user: False), stage.token(lambda user: can_see_evidence(user, evidence))
    evidence.link, evidence.file = "", SimpleUploadedFile(f"{name}.txt", words.encode())
    evidence.save()
