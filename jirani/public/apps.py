from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "jirani.public"
    label = "public"
