"""Addresses where a plan's activities are written."""

from django.urls import path

from . import views

app_name = "plans"

urlpatterns = [
    path("plans/<slug:slug>/activities/new/", views.activity_create, name="activity_create"),
    path("plans/<slug:slug>/activities/<int:pk>/edit/", views.activity_edit, name="activity_edit"),
    path("plans/<slug:slug>/activities/<int:pk>/progress/", views.activity_progress, name="activity_progress"),
]
