"""Addresses where commitments and what becomes of them are written; they are read on `public`."""

from django.urls import path

from .views import commitments, results

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
    path("follow-ups/<int:pk>/answer/", results.follow_up_answer, name="follow_up_answer"),
]
