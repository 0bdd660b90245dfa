"""Pages appear and go at the time that was set for them."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="newsroom.publish_scheduled", queue="work", queueing_lock="newsroom.publish_scheduled")
def publish_scheduled(timestamp: int = 0) -> None:
    """Let Wagtail publish what is due and unpublish what has expired, every minute."""
    call_command("publish_scheduled")
