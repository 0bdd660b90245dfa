from django.urls import path

from jirani.ui import views

app_name = "ui"
urlpatterns = [path("design/", views.design_detail, name="design_detail")]
