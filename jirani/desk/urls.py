"""The desk of a signed-in person."""

from django.urls import path

from . import views

app_name = "desk"
urlpatterns = [path("desk/", views.desk_detail, name="desk_detail")]
