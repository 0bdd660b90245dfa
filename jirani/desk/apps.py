from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "jirani.desk"
    label = "desk"
