from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "jirani.forums"
    label = "forums"
