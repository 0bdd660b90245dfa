"""Addresses of one's own data and of the import; local authorities are read on `public`."""

from django.urls import path

from .views import people

app_name = "members"

urlpatterns = [
    path("personal-data/mine/", people.person_detail, name="person_detail"),
    path("personal-data/mine/export/", people.person_export, name="person_export"),
    path("personal-data/mine/erase/", people.person_erase, name="person_erase"),
    path("personal-data/mine/consents/", people.consent_edit, name="consent_edit"),
]
