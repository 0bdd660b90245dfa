from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "jirani.members"
    label = "members"
