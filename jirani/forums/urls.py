"""Addresses for writing forums, seats and meetings; forums are read on `public`."""

from django.urls import path

from . import views

app_name = "forums"

urlpatterns = [
    path("local-authorities/<slug:slug>/forums/new/", views.forum_create, name="forum_create"),
    path("forums/<slug:slug>/edit/", views.forum_edit, name="forum_edit"),
    path("forums/<slug:slug>/meetings/new/", views.meeting_create, name="meeting_create"),
    path("forums/<slug:slug>/meetings/<int:pk>/edit/", views.meeting_edit, name="meeting_edit"),
    path("forums/<slug:slug>/seats/", views.seat_list, name="seat_list"),
    path("forums/<slug:slug>/seats/new/", views.seat_create, name="seat_create"),
    path("forums/<slug:slug>/seats/<int:pk>/replace/", views.seat_replace, name="seat_replace"),
    path("forums/<slug:slug>/seats/<int:pk>/end/", views.seat_end, name="seat_end"),
]
