"""`jirani manage ensure_newsroom`: run at every start, changes nothing if everything is there."""

from typing import Any

from django.core.management.base import BaseCommand

from ...actions import ensure_newsroom


class Command(BaseCommand):
    """Set the newsroom up."""

    help = "Make the newsroom's front page in every language, the site and the editors' group, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_newsroom()
