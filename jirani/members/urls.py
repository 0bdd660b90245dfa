"""Addresses where local authorities are written and imported, and of one's own data; they are read on `public`."""

from django.urls import path

from .views import authorities, imports, people

app_name = "members"

urlpatterns = [
    path("local-authorities/new/", authorities.authority_create, name="authority_create"),
    path("local-authorities/import/", imports.import_create, name="import_create"),
    path("local-authorities/import/template/", imports.import_template, name="import_template"),
    path("local-authorities/import/template.csv", imports.import_template_csv, name="import_template_csv"),
    path("local-authorities/<slug:slug>/edit/", authorities.authority_edit, name="authority_edit"),
    path("local-authorities/<slug:slug>/membership/edit/", authorities.membership_edit, name="membership_edit"),
    path("personal-data/mine/", people.person_detail, name="person_detail"),
    path("personal-data/mine/export/", people.person_export, name="person_export"),
    path("personal-data/mine/erase/", people.person_erase, name="person_erase"),
    path("personal-data/mine/consents/", people.consent_edit, name="consent_edit"),
]
