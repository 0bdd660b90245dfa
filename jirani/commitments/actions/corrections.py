"""Correct or take back the results of a promise. Pages look results up each time, so they show the change at once."""

from django.db import models, transaction

from jirani.accounts.models import User
from jirani.acting.facts import changed_columns, set_facts
from jirani.audit.actions import lock_unchanged, record
from jirani.commitments.enums import APPLIED
from jirani.commitments.models import Adaptation, Commitment, Evidence, Outcome
from jirani.commitments.permissions import can_edit_part
from jirani.core.enums import wider_than
from jirani.core.permissions import require
from jirani.plans.enums import Completion

from .results import check_adaptation, held, within


def edit_outcome(outcome: Outcome, *, by: User, version: str = "") -> Outcome:
    """Save a changed outcome; its evidence is never shown more widely. Raises ChangedMeanwhile if somebody else has saved."""
    with transaction.atomic():
        commitment = held(outcome.commitment_id)
        stored = lock_unchanged(outcome, version)
        require(can_edit_part(by, stored))
        within(outcome.access, commitment)
        outcome.save(update_fields=[*changed_columns(outcome, stored), "updated_at"])
        outcome.evidence.filter(access__in=wider_than(outcome.access)).update(access=outcome.access)
        record("commitments.edit_outcome", outcome, by=by)
    return outcome


def withdraw_outcome(outcome: Outcome, *, by: User, version: str = "") -> Commitment:
    """Take an outcome back, with its evidence. The good practice that it became stays."""
    with transaction.atomic():
        commitment = held(outcome.commitment_id)
        outcome = lock_unchanged(outcome, version)
        require(can_edit_part(by, outcome))
        record("commitments.withdraw_outcome", outcome, by=by)
        for evidence in outcome.evidence.all():
            _let_go(evidence, by=by)
        outcome.delete()
        _claim_no_more(commitment, by=by)
    return commitment


def edit_evidence(evidence: Evidence, *, title: str, access: str, by: User, version: str = "") -> Evidence:
    """Say better what a piece of evidence is, or who may see it. Another link or file is another piece."""
    with transaction.atomic():
        commitment = held(evidence.commitment_id)
        evidence = lock_unchanged(evidence, version)
        require(can_edit_part(by, evidence))
        evidence.title, evidence.access = title, within(access, commitment, evidence.outcome)
        evidence.save(update_fields=["title", "access", "updated_at"])
        record("commitments.edit_evidence", evidence, by=by)
    return evidence


def remove_evidence(evidence: Evidence, *, by: User, version: str = "") -> Commitment:
    """Remove a piece of evidence. Without its last one, a commitment no longer claims to be carried out (`is_last_evidence`)."""
    with transaction.atomic():
        commitment = held(evidence.commitment_id)
        evidence = lock_unchanged(evidence, version)
        require(can_edit_part(by, evidence))
        _let_go(evidence, by=by)
        _claim_no_more(commitment, by=by)
    return commitment


def is_last_evidence(commitment: Commitment, going: models.QuerySet[Evidence]) -> bool:
    """Whether a commitment that claims to be applied has no other evidence than what is going to go."""
    others = commitment.evidence.exclude(pk__in=going.values("pk"))
    return commitment.completion in APPLIED and going.exists() and not others.exists()


def edit_adaptation(adaptation: Adaptation, *, by: User, version: str = "", **texts: str) -> Adaptation:
    """Save a changed adaptation: `texts` are what was kept, changed and left out, why, and in which language."""
    with transaction.atomic():
        adaptation = lock_unchanged(adaptation, version)
        require(can_edit_part(by, adaptation))
        changed = set_facts(texts, adaptation)
        check_adaptation(adaptation)
        adaptation.save(update_fields=[*changed, "updated_at"])
        record("commitments.edit_adaptation", adaptation, by=by)
    return adaptation


def remove_adaptation(adaptation: Adaptation, *, by: User, version: str = "") -> Commitment:
    """Take an adaptation back."""
    with transaction.atomic():
        adaptation = lock_unchanged(adaptation, version)
        require(can_edit_part(by, adaptation))
        record("commitments.remove_adaptation", adaptation, by=by)
        adaptation.delete()
    return adaptation.commitment


def _let_go(evidence: Evidence, *, by: User) -> None:
    record("commitments.remove_evidence", evidence, by=by)
    evidence.delete()


def _claim_no_more(commitment: Commitment, *, by: User) -> None:
    """Reset the completion to "no evidence available" if the last evidence is gone: the higher levels rest on evidence."""
    before = commitment.completion
    if before not in APPLIED or commitment.evidence.exists():
        return
    commitment.completion = Completion.NO_EVIDENCE
    commitment.save(update_fields=["completion", "updated_at"])
    record("commitments.set_completion", commitment, by=by, before=before, after=commitment.completion)
