"""`believe_clock`: whoever runs the server confirms that the date is right, although the clock has jumped."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jirani.audit.actions import believe_clock, look_at_clock


class Command(BaseCommand):
    """`jirani manage believe_clock`."""

    help = "Say that the server's clock is right after it has jumped, so that what goes by the calendar goes on."

    def handle(self, *args: Any, **options: Any) -> None:
        """Confirm today's date; if it is not in doubt, nothing changes."""
        today = timezone.localdate()
        if look_at_clock(today):
            believe_clock(today)
        print(f"It is {today.isoformat()}.")
