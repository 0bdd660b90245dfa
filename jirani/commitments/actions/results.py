"""What became of a promise: adaptations, completion, evidence, outcomes, answers to follow-ups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, record
from jirani.commitments.enums import APPLIED
from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Outcome
from jirani.commitments.permissions import can_answer_follow_up, can_edit_commitment, can_edit_part
from jirani.core.enums import AccessMode
from jirani.core.permissions import require
from jirani.lessons.actions import modes_within, write_lesson
from jirani.lessons.enums import LessonKind
from jirani.lessons.models import Lesson
from jirani.plans.enums import Completion, Status

Links = Mapping[str, Iterable[models.Model]]


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence as given: what it is, and a link, a checked file, or both."""

    title: str
    link: str = ""
    file: ContentFile[bytes] | None = None
    access: str = AccessMode.PUBLIC
    language: str = "en"


def record_adaptation(
    commitment: Commitment, *, kept: str, changed: str, left_out: str, why: str, language: str, by: User
) -> Adaptation:
    """Say what was kept of the lesson, what changed, what was left out, and why."""
    require(can_edit_commitment(by, commitment))
    _check_published(commitment)
    adaptation = Adaptation(
        commitment=commitment, kept=kept, changed=changed, left_out=left_out, why=why, language=language
    )
    check_adaptation(adaptation)
    with transaction.atomic():
        adaptation.save()
        record("commitments.record_adaptation", adaptation, by=by)
    return adaptation


def check_adaptation(adaptation: Adaptation) -> None:
    """Require that something was kept, changed or left out."""
    if not (adaptation.kept.strip() or adaptation.changed.strip() or adaptation.left_out.strip()):
        raise ValidationError(_("Say what was kept, what changed, or what was left out."))


def set_completion(
    commitment: Commitment,
    *,
    completion: str,
    by: User,
    proof: Proof | None = None,
    close: bool = False,
    version: str = "",
) -> Commitment:
    """Say how far a promise was carried out. Limited, substantial and complete want evidence, which may come with it.

    This does not change the completion of the plan activity it is tied to.
    """
    with transaction.atomic():
        commitment = lock_unchanged(commitment, version)
        require(can_edit_commitment(by, commitment))
        _check_completion(commitment, completion, proof)
        before, commitment.completion = commitment.completion, Completion(completion)
        if commitment.status != Status.DROPPED:
            commitment.status = Status.DONE if close else Status.OPEN
        commitment.save(update_fields=["completion", "status", "updated_at"])
        if proof is not None:
            _keep(proof, commitment, by=by)
        record("commitments.set_completion", commitment, by=by, before=before, after=completion)
    return commitment


def _check_completion(commitment: Commitment, completion: str, proof: Proof | None) -> None:
    _check_published(commitment)
    if completion not in Completion.values:
        raise ValidationError({"completion": _("Choose one of the five completion levels.")})
    if completion in APPLIED and proof is None and not commitment.evidence.exists():
        raise ValidationError({"title": _("Add evidence: a link or a file that somebody else can look at.")})


def add_evidence(commitment: Commitment, *, proof: Proof, by: User, outcome: Outcome | None = None) -> Evidence:
    """Keep a link or a file that shows it."""
    with transaction.atomic():
        commitment = held(commitment.pk)
        require(can_edit_commitment(by, commitment))
        _check_published(commitment)
        if outcome is not None:
            outcome = commitment.outcomes.filter(pk=outcome.pk).first()
            if outcome is None:
                raise ValidationError(_("This outcome belongs to another commitment."))
        return _keep(proof, commitment, outcome=outcome, by=by)


def held(key: int) -> Commitment:
    """A commitment, kept as it is until the transaction ends: whoever narrows it waits, and narrows what is added now; so does whoever
    says how far it got.
    """
    return Commitment.objects.select_for_update(of=("self",)).get(pk=key)


def _keep(proof: Proof, commitment: Commitment, *, by: User, outcome: Outcome | None = None) -> Evidence:
    """Keep what was given, and return it. A link and a file are two pieces of one name: each can be taken back by itself."""
    kept = []
    if proof.link:
        kept.append(_keep_one(replace(proof, file=None), commitment, outcome=outcome, by=by))
    if proof.file is not None:
        kept.append(_keep_one(replace(proof, link=""), commitment, outcome=outcome, by=by))
    if not kept:
        raise ValidationError({"link": _("Add a link or a file that shows it.")})
    return kept[0]


def _keep_one(proof: Proof, commitment: Commitment, *, by: User, outcome: Outcome | None) -> Evidence:
    evidence = Evidence(
        commitment=commitment,
        outcome=outcome,
        title=proof.title,
        link=proof.link,
        access=within(proof.access, commitment, outcome),
        language=proof.language,
    )
    if proof.file is not None:
        evidence.file.save(proof.file.name or "file", proof.file, save=False)
    evidence.save()
    record("commitments.add_evidence", evidence, by=by)
    return evidence


def within(access: str, *records: Any) -> str:
    """Return the mode. Raises ValidationError if it is wider than that of one of these records."""
    if access not in modes_within(*records):
        raise ValidationError({"access": _("It cannot be shared more widely than the commitment it belongs to.")})
    return access


def record_outcome(outcome: Outcome, *, by: User, proof: Proof | None = None) -> Outcome:
    """Say what changed, why it matters and what the promise had to do with it. `outcome` is unsaved."""
    with transaction.atomic():
        commitment = held(outcome.commitment_id)
        require(can_edit_commitment(by, commitment))
        _check_published(commitment)
        within(outcome.access, commitment)
        outcome.save()
        if proof is not None:
            _keep(proof, commitment, outcome=outcome, by=by)
        record("commitments.record_outcome", outcome, by=by)
    return outcome


def make_practice(outcome: Outcome, *, lesson: Lesson, links: Links, by: User) -> Lesson:
    """Write a good practice of what changed, as a draft, and say on both which grew from which. `lesson` is unsaved."""
    with transaction.atomic():
        outcome = lock_unchanged(outcome, "")
        require(can_edit_part(by, outcome))
        if outcome.became_id is not None:
            raise ValidationError(_("This outcome has become a good practice already."))
        lesson.kind = LessonKind.GOOD_PRACTICE
        outcome.became = write_lesson(lesson, links=links, by=by)
        outcome.save(update_fields=["became", "updated_at"])
        record("commitments.make_practice", outcome, by=by)
    return lesson


def answer_follow_up(
    follow_up: FollowUp, *, completion: str, words: str, language: str, by: User, version: str = ""
) -> FollowUp:
    """Answer for one's own side how far it got. The commitment's completion stays as those who made it say.

    Raises ChangedMeanwhile if somebody answered after `version`.
    """
    require(can_answer_follow_up(by, follow_up))
    if completion not in Completion.values:
        raise ValidationError({"completion": _("Choose one of the five completion levels.")})
    with transaction.atomic():
        follow_up = lock_unchanged(follow_up, version)
        follow_up.completion, follow_up.words, follow_up.language = Completion(completion), words, language
        follow_up.answered_on = timezone.localdate()
        follow_up.save(update_fields=["completion", "words", "language", "answered_on", "updated_at"])
        record("commitments.answer_follow_up", follow_up, by=by)
    return follow_up


def _check_published(commitment: Commitment) -> None:
    if commitment.status == Status.DRAFT:
        raise ValidationError(_("Publish the commitment first: a draft has no results to report."))
