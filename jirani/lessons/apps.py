from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "jirani.lessons"
    label = "lessons"
