from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "jirani.events"
    label = "events"
