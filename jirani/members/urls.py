"""Addresses where local authorities and other organisations are written and imported, agreements recorded, where people are named to posts and
duties, where themes, drivers and hubs are named, letters that did not arrive are seen, and of one's own data.
"""

from django.urls import path

from .authorities.views import authorities, imports
from .organisations.views import agreements, organisations
from .people.views import duties, personal, posts
from .upkeep.views import clock, letters
from .words import views as taxonomy

app_name = "members"

urlpatterns = [
    path("local-authorities/new/", authorities.authority_create, name="authority_create"),
    path("local-authorities/import/", imports.import_create, name="import_create"),
    path("local-authorities/import/template/", imports.import_template, name="import_template"),
    path("local-authorities/import/template.csv", imports.import_template_csv, name="import_template_csv"),
    path("local-authorities/<slug:slug>/edit/", authorities.authority_edit, name="authority_edit"),
    path("local-authorities/<slug:slug>/membership/edit/", authorities.membership_edit, name="membership_edit"),
    path("agreements/", agreements.agreement_list, name="agreement_list"),
    path("agreements/new/", agreements.agreement_create, name="agreement_create"),
    path("agreements/<int:pk>/edit/", agreements.agreement_edit, name="agreement_edit"),
    path("people/", posts.people_list, name="people_list"),
    path("people/roles/", duties.duty_list, name="duty_list"),
    path("people/roles/new/", duties.duty_create, name="duty_create"),
    path("people/roles/<int:pk>/end/", duties.duty_end, name="duty_end"),
    path("people/letters/", letters.letter_list, name="letter_list"),
    path("people/clock/", clock.clock_confirm, name="clock_confirm"),
    path("taxonomy/", taxonomy.taxonomy_list, name="taxonomy_list"),
    path("taxonomy/<slug:kind>/new/", taxonomy.taxonomy_create, name="taxonomy_create"),
    path("taxonomy/<slug:kind>/<int:pk>/edit/", taxonomy.taxonomy_edit, name="taxonomy_edit"),
    path("taxonomy/<slug:kind>/<int:pk>/retire/", taxonomy.taxonomy_retire, name="taxonomy_retire"),
    path("taxonomy/<slug:kind>/<int:pk>/delete/", taxonomy.taxonomy_delete, name="taxonomy_delete"),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/aside/", organisations.organisation_aside, name="organisation_aside"),
    path("organisations/new/", organisations.organisation_create, name="organisation_create"),
    path("organisations/<slug:slug>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path("organisations/<slug:slug>/people/", posts.post_list, name="post_list"),
    path("organisations/<slug:slug>/people/new/", posts.post_create, name="post_create"),
    path("organisations/<slug:slug>/people/<int:pk>/end/", posts.post_end, name="post_end"),
    path("personal-data/mine/", personal.person_detail, name="person_detail"),
    path("personal-data/mine/edit/", personal.person_edit, name="person_edit"),
    path("personal-data/mine/export/", personal.person_export, name="person_export"),
    path("personal-data/mine/erase/", personal.person_erase, name="person_erase"),
    path("personal-data/mine/consents/", personal.consent_edit, name="consent_edit"),
]
