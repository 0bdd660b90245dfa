"""Addresses for writing commitments and their results; they are read on `public`."""

from django.urls import path

from .views import commitments, corrections, results

app_name = "commitments"

urlpatterns = [
    path("lessons/<int:pk>/apply/", commitments.commitment_create, name="commitment_create"),
    path("commitments/<int:pk>/edit/", commitments.commitment_edit, name="commitment_edit"),
    path("commitments/<int:pk>/publish/", commitments.commitment_publish, name="commitment_publish"),
    path("commitments/<int:pk>/drop/", commitments.commitment_drop, name="commitment_drop"),
    path("commitments/<int:pk>/adaptations/new/", results.adaptation_create, name="adaptation_create"),
    path("commitments/<int:pk>/completion/", results.completion_edit, name="completion_edit"),
    path("commitments/<int:pk>/outcomes/new/", results.outcome_create, name="outcome_create"),
    path("commitments/<int:pk>/evidence/new/", results.evidence_create, name="evidence_create"),
    path("adaptations/<int:pk>/edit/", corrections.adaptation_edit, name="adaptation_edit"),
    path("adaptations/<int:pk>/remove/", corrections.adaptation_remove, name="adaptation_remove"),
    path("outcomes/<int:pk>/edit/", corrections.outcome_edit, name="outcome_edit"),
    path("outcomes/<int:pk>/withdraw/", corrections.outcome_withdraw, name="outcome_withdraw"),
    path("outcomes/<int:pk>/evidence/new/", results.outcome_evidence_create, name="outcome_evidence_create"),
    path("outcomes/<int:pk>/good-practice/", results.practice_create, name="practice_create"),
    path("evidence/<int:pk>/edit/", corrections.evidence_edit, name="evidence_edit"),
    path("evidence/<int:pk>/remove/", corrections.evidence_remove, name="evidence_remove"),
    path("follow-ups/<int:pk>/answer/", results.follow_up_answer, name="follow_up_answer"),
]
