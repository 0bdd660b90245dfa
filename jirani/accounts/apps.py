from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jirani.accounts"
    label = "accounts"
