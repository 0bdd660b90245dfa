from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "jirani.reading"
    label = "reading"
