"""Logs hold no link that signs somebody in, and tell in one line what strangers can cause at will."""

import io
import logging
import logging.config
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from tests import factories as make


def test_a_log_does_not_hold_an_invitations_link(settings_of_logs: io.StringIO) -> None:
    assert Client().get("/en/my-programme/zqsecretqz/answer/").status_code == 405
    logging.getLogger("jirani").warning("%s and %s", "/ar/my-programme/zqotherqz/", "/en/lessons/1/")
    logging.getLogger("jirani").warning("It failed", exc_info=ValueError("/sw/my-programme/zqthirdqz/notes/"))
    first, *_, last = settings_of_logs.getvalue().splitlines()
    assert (first.partition(": ")[2], last) == (
        "/ar/my-programme/…/ and /en/lessons/1/",
        "ValueError: /sw/my-programme/…/notes/",
    )


@pytest.mark.django_db
def test_a_log_does_not_hold_the_row_of_a_statement_that_failed(settings_of_logs: io.StringIO) -> None:
    address = "amina@example.org"
    make.person(email=address)
    with pytest.raises(IntegrityError, match=r"amina@example\.org") as failed, transaction.atomic():
        make.person(email=address)
    logging.getLogger("jirani").warning("It failed", exc_info=failed.value)

    told = settings_of_logs.getvalue()
    assert (set(re.findall("^DETAIL:.*$", told, re.MULTILINE)), "amina" in told) == ({"DETAIL: …"}, False)


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
    """Capture what the console's handler writes, as the settings configure it."""
    told: dict[str, Any] = dict(settings.LOGGING)
    written = io.StringIO()
    told["handlers"] = {"console": {**told["handlers"]["console"], "stream": written}}
    logging.config.dictConfig(told)
    yield written
    logging.config.dictConfig(settings.LOGGING)
