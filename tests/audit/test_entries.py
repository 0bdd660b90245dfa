"""An entry says what was done to which record by whom, or by nobody if that would tell too much."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from jirani.audit.actions import (
    note_backup,
    record,
    record_apart,
)
from jirani.audit.models import Backup, Entry
from jirani.taxonomy.models import Theme
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_an_entry_says_what_was_done_to_which_record_by_whom(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    theme, user = make.theme(), make.user()
    caplog.set_level(logging.INFO)

    def told(**details: Any) -> bool:
        caplog.clear()
        with django_capture_on_commit_callbacks(execute=True):
            record("tests.act", theme, by=user, **details)
        return "role_changed" in caplog.text

    rows: list[tuple[dict[str, Any], bool]] = [
        ({}, False),
        ({"role": "x"}, True),
        ({"duty": "y"}, True),
        ({"name": "z"}, False),
    ]
    assert [told(**details) for details, _said in rows] == [said for _details, said in rows]
    entry = record("tests.act", theme, by=AnonymousUser(), field="name")
    stored = Entry.objects.get(pk=entry.pk)
    assert (stored.verb, stored.actor, stored.object_id, stored.details) == (
        "tests.act",
        None,
        theme.pk,
        {"field": "name"},
    )
    assert stored.content_type.model_class() is Theme
    assert record("tests.act", theme, by=user).actor == user
    at = timezone.now() - timedelta(days=400)
    apart = Entry.objects.get(pk=record_apart("tests.apart", theme, at=at).pk)
    assert (apart.verb, apart.actor, apart.object_id, apart.at, apart.details) == (
        "tests.apart",
        None,
        theme.pk,
        at,
        {},
    )
    backup = Backup.objects.get(pk=note_backup(rows=4, files=3, missing=2, size=1).pk)
    assert (backup.rows, backup.files, backup.missing, backup.size) == (4, 3, 2, 1)
