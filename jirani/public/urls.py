"""Addresses of the reading pages. Those below `events/`, `lessons/`, `commitments/` and `plans/` stand in lists of their own."""

from django.urls import URLPattern, path

from .views import authorities, feeds, files, home, pages, profiles

app_name = "public"

network: list[URLPattern] = [
    path("", home.home, name="home"),
    path("local-authorities/", authorities.authority_list, name="authority_list"),
    path("local-authorities/map.svg", authorities.authority_map, name="authority_map"),
    path("local-authorities/<slug:slug>/", profiles.authority_detail, name="authority_detail"),
    path("local-authorities/<slug:slug>/place.svg", authorities.authority_place, name="authority_place"),
    path("organisations/<slug:slug>/", profiles.organisation_detail, name="organisation_detail"),
    path("lessons/feed/", feeds.lesson_feed, name="lesson_feed"),
    path("lessons/export/", feeds.lesson_export, name="lesson_export"),
    path("evidence/<int:pk>/file/", files.evidence_file, name="evidence_file"),
    path("about/", pages.about, name="about"),
    path("personal-data/", pages.personal_data, name="personal_data"),
]

urlpatterns = network
