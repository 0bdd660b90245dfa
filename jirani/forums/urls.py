"""Addresses for writing forums, seats and meetings; forums are read on `public`."""

from django.urls import path

from . import views

app_name = "forums"

urlpatterns = [
    path("local-authorities/<slug:slug>/forums/new/", views.forum_create, name="forum_create"),
    path("forums/<slug:slug>/edit/", views.forum_edit, name="forum_edit"),
    path("forums/<slug:slug>/meetings/new/", views.meeting_create, name="meeting_create"),
    path("forums/<slug:slug>/meetings/<int:pk>/edit/", views.meeting_edit, name="meeting_edit"),
    path("forums/<slug:slug>/groups/new/", views.group_create, name="group_create"),
    path("forums/<slug:slug>/groups/<int:pk>/edit/", views.group_edit, name="group_edit"),
    path("forums/<slug:slug>/groups/<int:pk>/delete/", views.group_remove, name="group_remove"),
    path("local-authorities/<slug:slug>/priorities/", views.priority_list, name="priority_list"),
    path("local-authorities/<slug:slug>/priorities/new/", views.priority_create, name="priority_create"),
    path("priorities/<int:pk>/edit/", views.priority_edit, name="priority_edit"),
    path("priorities/<int:pk>/delete/", views.priority_remove, name="priority_remove"),
    path("forums/<slug:slug>/seats/", views.seat_list, name="seat_list"),
    path("forums/<slug:slug>/seats/new/", views.seat_create, name="seat_create"),
    path("forums/<slug:slug>/seats/<int:pk>/replace/", views.seat_replace, name="seat_replace"),
    path("forums/<slug:slug>/seats/<int:pk>/edit/", views.seat_edit, name="seat_edit"),
    path("forums/<slug:slug>/seats/<int:pk>/end/", views.seat_end, name="seat_end"),
]
