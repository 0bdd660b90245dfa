from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "jirani.demo"
    label = "demo"
