from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "jirani.plans"
    label = "plans"
