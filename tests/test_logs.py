"""Logs hold no link that signs somebody in."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string


def test_a_log_does_not_hold_an_invitations_link(caplog: pytest.LogCaptureFixture) -> None:
    told: dict[str, Any] = settings.LOGGING
    assert told["handlers"]["console"]["filters"] == ["links"]
    caplog.handler.addFilter(import_string(told["filters"]["links"]["()"])())
    with caplog.at_level(logging.WARNING):
        assert Client().get("/en/my-programme/zqsecretqz/answer/").status_code == 405
        logging.getLogger("jirani").warning("%s and %s", "/ar/my-programme/zqotherqz/", "/en/lessons/1/")
    assert [record.getMessage() for record in caplog.records] == [
        "/ar/my-programme/…/ and /en/lessons/1/",
    ]
