"""Addresses of the newsroom beside Wagtail's own."""

from django.urls import path

from . import views

app_name = "newsroom"
urlpatterns = [path("events/<slug:slug>/report/write/", views.report_create, name="report_create")]
