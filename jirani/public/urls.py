"""Addresses of the reading pages. Those of the records in the chain have their own list."""

from django.urls import URLPattern, path

from .commitments import views as commitments
from .events.views import events, sessions
from .events.views import lists as event_lists
from .forums import views as forums
from .lessons.views import feeds, lessons, library
from .members.views import authorities, organisations, profiles
from .outcomes.views import evidence, outcomes
from .plans.views import activities, plans
from .views import home, pages

app_name = "public"

network: list[URLPattern] = [
    path("", home.home, name="home"),
    path("local-authorities/", authorities.authority_list, name="authority_list"),
    path("local-authorities/map.svg", authorities.authority_map, name="authority_map"),
    path("local-authorities/<slug:slug>/", profiles.authority_detail, name="authority_detail"),
    path("local-authorities/<slug:slug>/priorities/all/", profiles.priority_list, name="priority_list"),
    path("local-authorities/<slug:slug>/place.svg", authorities.authority_place, name="authority_place"),
    path("organisations/<slug:slug>/", organisations.organisation_detail, name="organisation_detail"),
    path("lessons/feed/", feeds.lesson_feed, name="lesson_feed"),
    path("lessons/export/", feeds.lesson_export, name="lesson_export"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("about/", pages.about, name="about"),
    path("personal-data/", pages.personal_data, name="personal_data"),
]

chain: list[URLPattern] = [
    path("events/", event_lists.event_list, name="event_list"),
    path("events/<slug:slug>/", events.event_detail, name="event_detail"),
    path("events/<slug:slug>/sessions/<int:pk>/", sessions.session_detail, name="session_detail"),
    path("lessons/", library.lesson_list, name="lesson_list"),
    path("lessons/<int:pk>/", lessons.lesson_detail, name="lesson_detail"),
    path("commitments/", commitments.commitment_list, name="commitment_list"),
    path("commitments/<int:pk>/", commitments.commitment_detail, name="commitment_detail"),
    path("outcomes/", outcomes.outcome_list, name="outcome_list"),
    path("outcomes/<int:pk>/", outcomes.outcome_detail, name="outcome_detail"),
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/<slug:slug>/", plans.plan_detail, name="plan_detail"),
    path("plans/<slug:slug>/activities/<int:pk>/", activities.activity_detail, name="activity_detail"),
    path("plans/<slug:slug>/indicators/<int:pk>/", activities.indicator_detail, name="indicator_detail"),
    path("forums/<slug:slug>/", forums.forum_detail, name="forum_detail"),
]

urlpatterns = [*network, *chain]
