"""Addresses for creating and running events. Reading pages are in `public`."""

from django.urls import path

from .event.views import events, grants, parties
from .people.views import guests, people
from .programme.views import own, sessions

app_name = "events"

_SESSION = "events/<slug:slug>/sessions/<int:pk>"
_PERSON = "events/<slug:slug>/participants/<int:pk>"
_OWN = "events/<slug:slug>/my-programme"
_LINK = "my-programme/<str:token>"

urlpatterns = [
    path("events/new/", events.event_create, name="event_create"),
    path("events/<slug:slug>/edit/", events.event_edit, name="event_edit"),
    path("events/<slug:slug>/edit/details/", events.detail_edit, name="detail_edit"),
    path("events/<slug:slug>/publish/", events.event_publish, name="event_publish"),
    path("events/<slug:slug>/report/waive/", events.report_waive, name="report_waive"),
    path("events/<slug:slug>/cancel/", events.event_cancel, name="event_cancel"),
    path("events/<slug:slug>/organisations/new/", parties.party_create, name="party_create"),
    path("events/<slug:slug>/organisations/<int:pk>/remove/", parties.party_delete, name="party_delete"),
    path("events/<slug:slug>/grants/new/", grants.grant_create, name="grant_create"),
    path("events/<slug:slug>/grants/<int:pk>/remove/", grants.grant_remove, name="grant_remove"),
    path("events/<slug:slug>/delegations/new/", parties.delegation_create, name="delegation_create"),
    path("events/<slug:slug>/delegations/<int:pk>/remove/", parties.delegation_delete, name="delegation_delete"),
    path("events/<slug:slug>/sessions/new/", sessions.session_create, name="session_create"),
    path(f"{_SESSION}/edit/", sessions.session_edit, name="session_edit"),
    path(f"{_SESSION}/delete/", sessions.session_delete, name="session_delete"),
    path(f"{_SESSION}/parts/new/", sessions.part_create, name="part_create"),
    path(f"{_SESSION}/parts/<int:part>/remove/", sessions.part_delete, name="part_delete"),
    path("events/<slug:slug>/participants/", people.participation_list, name="participation_list"),
    path("events/<slug:slug>/participants/new/", people.participation_create, name="participation_create"),
    path("events/<slug:slug>/participants/paste/", people.participation_paste, name="participation_paste"),
    path("events/<slug:slug>/participants/invite/", people.participation_invite, name="participation_invite"),
    path("events/<slug:slug>/participants/seen/", people.participation_see, name="participation_see"),
    path("events/<slug:slug>/participants/attendance/", people.participation_attend, name="participation_attend"),
    path(f"{_PERSON}/edit/", people.participation_edit, name="participation_edit"),
    path(f"{_PERSON}/correct/", guests.participation_correct, name="participation_correct"),
    path(f"{_PERSON}/invite/", people.participation_renew, name="participation_renew"),
    path(f"{_PERSON}/cancel/", people.participation_cancel, name="participation_cancel"),
    path(f"{_OWN}/", own.own_programme_detail, name="own_programme_detail"),
    path(f"{_OWN}/answer/", own.own_programme_answer, name="own_programme_answer"),
    path(f"{_OWN}/consents/", own.own_programme_consent, name="own_programme_consent"),
    path(f"{_OWN}/programme.ics", own.own_programme_calendar, name="own_programme_calendar"),
    path(f"{_LINK}/", own.programme_detail, name="programme_detail"),
    path(f"{_LINK}/answer/", own.programme_answer, name="programme_answer"),
    path(f"{_LINK}/consents/", own.programme_consent, name="programme_consent"),
    path(f"{_LINK}/programme.ics", own.programme_calendar, name="programme_calendar"),
]
