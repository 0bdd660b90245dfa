from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "jirani.ui"
    label = "ui"
