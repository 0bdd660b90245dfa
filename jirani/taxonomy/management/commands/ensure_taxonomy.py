"""`jirani manage ensure_taxonomy`: run at every start, changes nothing if there is any theme, driver or goal."""

from typing import Any

from django.core.management.base import BaseCommand

from ...actions import ensure_taxonomy


class Command(BaseCommand):
    """Fill an empty taxonomy."""

    help = "Give a new network themes, drivers and the Sustainable Development Goals, in four languages. Changes nothing in another."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill it."""
        ensure_taxonomy()
