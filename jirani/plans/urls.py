"""Addresses for writing plans."""

from django.urls import path

from .models import Activity, Objective, Pillar
from .views import activities, indicators, parts, plans

app_name = "plans"

urlpatterns = [
    path("local-authorities/<slug:slug>/plans/new/", plans.plan_create, name="plan_create"),
    path("plans/<slug:slug>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<slug:slug>/details/edit/", plans.detail_edit, name="detail_edit"),
    path("plans/<slug:slug>/delete/", plans.plan_delete, name="plan_delete"),
    path("plans/<slug:slug>/pillars/new/", parts.pillar_create, name="pillar_create"),
    path("plans/<slug:slug>/pillars/<int:pk>/edit/", parts.pillar_edit, name="pillar_edit"),
    path("plans/<slug:slug>/pillars/<int:pk>/objectives/new/", parts.objective_create, name="objective_create"),
    path("plans/<slug:slug>/objectives/<int:pk>/edit/", parts.objective_edit, name="objective_edit"),
    path("plans/<slug:slug>/activities/new/", activities.activity_create, name="activity_create"),
    path("plans/<slug:slug>/activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("plans/<slug:slug>/activities/<int:pk>/progress/", activities.activity_progress, name="activity_progress"),
    path("plans/<slug:slug>/activities/<int:pk>/indicators/new/", indicators.indicator_create, name="indicator_create"),
    path("plans/<slug:slug>/indicators/<int:pk>/edit/", indicators.indicator_edit, name="indicator_edit"),
    path("plans/<slug:slug>/indicators/<int:pk>/delete/", indicators.indicator_remove, name="indicator_remove"),
    path(
        "plans/<slug:slug>/indicators/<int:pk>/measurements/new/",
        indicators.measurement_create,
        name="measurement_create",
    ),
    path("plans/<slug:slug>/measurements/<int:pk>/edit/", indicators.measurement_edit, name="measurement_edit"),
    path("plans/<slug:slug>/measurements/<int:pk>/delete/", indicators.measurement_remove, name="measurement_remove"),
]
for _name, _model in (("pillars", Pillar), ("objectives", Objective), ("activities", Activity)):
    _noun = _model._meta.model_name
    urlpatterns += [
        path(f"plans/<slug:slug>/{_name}/<int:pk>/{verb}/", view, {"model": _model}, name=f"{_noun}_{verb}")
        for verb, view in (("move", parts.part_move), ("delete", parts.part_delete))
    ]
