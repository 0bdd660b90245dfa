from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "jirani.newsroom"
    label = "newsroom"
