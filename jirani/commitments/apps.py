from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "jirani.commitments"
    label = "commitments"
