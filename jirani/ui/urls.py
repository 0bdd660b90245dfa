from django.urls import path

from jirani.ui import views

app_name = "ui"
urlpatterns = [
    path("design/", views.design_detail, name="design_detail"),
    path("design/map.svg", views.map_show, name="map_show"),
    path("design/locator.svg", views.locator_show, name="locator_show"),
]
