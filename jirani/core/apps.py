from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "jirani.core"
    label = "core"
