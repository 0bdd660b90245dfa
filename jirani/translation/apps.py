from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "jirani.translation"
    label = "translation"
