"""The desk of a signed-in person."""

from django.urls import path

from . import views
from .views.contradictions import contradiction_list
from .views.translations import translation_list

app_name = "desk"
urlpatterns = [
    path("desk/", views.desk_detail, name="desk_detail"),
    path("desk/contradictions/", contradiction_list, name="contradiction_list"),
    path("desk/translations/", translation_list, name="translation_list"),
]
