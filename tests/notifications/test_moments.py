"""To the moment: what is exactly as old as it may be stays, and is not told of again."""

import os
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jirani.audit.actions import note_backup
from jirani.audit.models import Backup
from jirani.members.enums import NetworkDuty
from jirani.notifications.actions import KEPT, check_backups, clear_alert, delete_old_messages, raise_alert
from jirani.notifications.actions.alerts import QUIET
from jirani.notifications.models import Alert, Message
from jirani.notifications.registry import register_alert
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_what_is_exactly_as_old_as_it_may_be_stays(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, moment = timezone.now().replace(microsecond=0), timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    settings.DEMO, settings.BACKUP_DAYS, settings.EMAIL_FILE_PATH = False, 3, str(tmp_path)
    make.duty(make.person(), NetworkDuty.COORDINATOR)
    register_alert("tests.full", sentence=lambda facts: "Full.", link=lambda facts: "/")

    def letters(age: timedelta) -> int:
        clear_alert("tests.full")
        Alert.objects.filter(kind="tests.full").update(told_at=now - age)
        Message.objects.all().delete()
        raise_alert("tests.full", facts={})
        return Message.objects.count()

    raise_alert("tests.full", facts={})
    assert [letters(age) for age in (QUIET, QUIET + moment)] == [0, 1]

    def overdue(age: timedelta) -> bool:
        Backup.objects.all().delete()
        Backup.objects.filter(pk=note_backup(rows=1, files=1, missing=0, size=1).pk).update(made_at=now - age)
        check_backups()
        return Alert.objects.open().exclude(kind="tests.full").exists()

    days = timedelta(days=3)
    assert [overdue(age) for age in (days, days + moment)] == [False, True]

    for name, age, expires in (("kept", KEPT, now + days), ("old", KEPT + moment, now + days), ("useful", days, now)):
        path = tmp_path / f"{name}.eml"
        path.write_text(f"Expires: {format_datetime(expires)}\n\nHello")
        at = (now - age).timestamp()
        os.utime(path, (at, at))
    delete_old_messages()
    assert {path.name for path in tmp_path.iterdir()} == {"kept.eml", "useful.eml"}
