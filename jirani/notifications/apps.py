from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "jirani.notifications"
    label = "notifications"
