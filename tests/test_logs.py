"""Logs hold no link that signs somebody in, and tell in one line what strangers can cause at will."""

import io
import logging
import logging.config
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string


def test_a_log_does_not_hold_an_invitations_link(caplog: pytest.LogCaptureFixture) -> None:
    told: dict[str, Any] = settings.LOGGING
    assert told["handlers"]["console"]["filters"] == ["links", "one_line"]
    caplog.handler.addFilter(import_string(told["filters"]["links"]["()"])())
    with caplog.at_level(logging.WARNING):
        assert Client().get("/en/my-programme/zqsecretqz/answer/").status_code == 405
        logging.getLogger("jirani").warning("%s and %s", "/ar/my-programme/zqotherqz/", "/en/lessons/1/")
    assert [record.getMessage() for record in caplog.records] == [
        "/ar/my-programme/…/ and /en/lessons/1/",
    ]


@pytest.mark.django_db
def test_a_wrong_host_is_one_line_with_its_time(settings_of_logs: io.StringIO) -> None:
    answer = Client().get("/en/", headers={"host": "evil.example" + "x" * 300})
    assert answer.status_code == 400
    (line,) = settings_of_logs.getvalue().splitlines()
    assert re.fullmatch(
        r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+]\d{4} ERROR django.security.DisallowedHost: Invalid HTTP_HOST header: 'evil.examplex+",
        line,
    )
    assert len(line) < 300


@pytest.fixture
def settings_of_logs() -> Iterator[io.StringIO]:
    """What the console's handler writes, as the settings make it."""
    told: dict[str, Any] = dict(settings.LOGGING)
    written = io.StringIO()
    told["handlers"] = {"console": {**told["handlers"]["console"], "stream": written}}
    logging.config.dictConfig(told)
    yield written
    logging.config.dictConfig(settings.LOGGING)
