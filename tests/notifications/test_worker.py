"""The worker: it outlives the database."""

import logging

import psycopg
import pytest
from django.db import connection

from jirani.notifications.management.commands.worker import Command


class CutOff(Command):
    """A worker whose connection is cut in the midst of its first turn."""

    cut = False

    def clean_up(self) -> None:
        """Once cut, all is as usual."""
        if not self.cut:
            self.cut = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")  # the connection is known to be well, and not looked at again
            info = connection.connection.info
            with psycopg.connect(info.dsn, password=info.password) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [info.backend_pid])
        super().clean_up()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    worker = CutOff()
    caplog.set_level(logging.WARNING, "jirani.notifications")

    assert worker.turn(float("-inf")) == float("-inf"), "the clean-up is not over"
    assert worker.turn(float("-inf")) > 0
    assert [record.message for record in caplog.records] == [
        "The database does not answer; waiting for it.",
        "The database answers again.",
    ]
