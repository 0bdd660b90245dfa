from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from jirani.core.registry import register_nightly


class ChangesConfig(AppConfig):
    name = "jirani.changes"
    label = "changes"

    def ready(self) -> None:
        """Install triggers from the registry after each migration, and compact the generation's rows each night."""
        from .generation import compact

        post_migrate.connect(_install, sender=self)
        register_nightly("changes.compact", compact)


def _install(**_signal: Any) -> None:
    from .triggers import install

    install()
