"""Addresses where a forum's seats are given and given up; forums are read on `public`."""

from django.urls import path

from . import views

app_name = "forums"

urlpatterns = [
    path("forums/<slug:slug>/seats/", views.seat_list, name="seat_list"),
    path("forums/<slug:slug>/seats/new/", views.seat_create, name="seat_create"),
    path("forums/<slug:slug>/seats/<int:pk>/replace/", views.seat_replace, name="seat_replace"),
    path("forums/<slug:slug>/seats/<int:pk>/end/", views.seat_end, name="seat_end"),
]
