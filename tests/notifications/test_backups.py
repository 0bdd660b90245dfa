"""Coordinators hear of it when nobody backs up their network."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from jirani.accounts.models import User
from jirani.audit.actions import note_backup
from jirani.audit.models import Backup
from jirani.config.environment import BadSetting, number
from jirani.notifications.actions import (
    INCOMPLETE,
    OVERDUE,
    check_backups,
    say_incomplete,
    say_overdue,
    told_alerts,
)
from jirani.notifications.models import Alert, Message
from jirani.notifications.tasks import watch
from tests.cast import Cast, client_of

from .conftest import MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _real(settings: Any) -> None:
    settings.DEMO = False


def told() -> list[str]:
    watch()
    return [one.sentence for one in told_alerts()]


def age(days: int) -> None:
    Backup.objects.update(made_at=timezone.now() - timedelta(days=days, minutes=1))


def test_a_network_that_was_never_backed_up_is_told_after_some_days(cast: Cast) -> None:
    assert told() == []
    User.objects.update(date_joined=timezone.now() - timedelta(days=3, minutes=1))
    never = "This network has never been backed up. Ask whoever runs the server to set up a backup every night."

    assert told() == [never]
    assert told() == [never]
    letter = Message.objects.get(kind="notifications.alert")
    assert letter.to == cast.coordinator.email
    assert never in letter.body
    assert never in client_of(cast.coordinator).get("/en/desk/").content.decode()
    assert never not in client_of(cast.hub_coordinator).get("/en/desk/").content.decode()

    note_backup(rows=10, files=2, missing=0, size=1000)
    assert told() == []


def test_an_old_backup_is_told_until_there_is_a_newer_one(cast: Cast, settings: Any) -> None:
    note_backup(rows=10, files=2, missing=0, size=1000)
    age(2)
    assert told() == []
    age(5)
    assert told() == ["The last backup was made 5 days ago. Ask whoever runs the server why there is no newer one."]
    with translation.override("ar"):
        assert [one.sentence for one in told_alerts()] == [
            "أُنشئت آخر نسخة احتياطية قبل 5 أيام. اسأل القائم على الخادم لماذا لا توجد نسخة أحدث."
        ]
    settings.BACKUP_DAYS = 0
    assert told() == []
    settings.BACKUP_DAYS, settings.DEMO = 3, True
    assert told() == []
    settings.DEMO = False
    note_backup(rows=10, files=2, missing=0, size=1000)
    assert told() == []


def test_uploads_that_a_backup_lacks_are_told(cast: Cast) -> None:
    note_backup(rows=10, files=2, missing=1, size=1000)

    assert told() == [
        "1 uploaded file is not where it should be, so the last backup lacks it. Ask whoever runs the server to look for it."
    ]


def test_whoever_asks_for_no_backups_is_not_told_of_uploads_either(cast: Cast, settings: Any) -> None:
    settings.BACKUP_DAYS = 0
    note_backup(rows=10, files=2, missing=2, size=1000)
    assert told() == []


@pytest.mark.parametrize("value", ["three", "-1", "1.5", "3651", "٣"])
def test_days_are_a_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("JIRANI_BACKUP_DAYS", value)

    with pytest.raises(BadSetting, match="it must be a whole number from 0 to 3650"):
        number("JIRANI_BACKUP_DAYS", 3, least=0, most=3650)
    monkeypatch.setenv("JIRANI_BACKUP_DAYS", "")
    assert number("JIRANI_BACKUP_DAYS", 3, least=0, most=3650) == 3


def test_backups_on_both_sides_of_their_days(settings: Any, reader: Any) -> None:
    settings.DEMO, settings.BACKUP_DAYS = False, 3
    now = timezone.now()

    def told(**backup: Any) -> dict[str, Any]:
        Backup.objects.all().delete()
        if backup:
            made = note_backup(rows=1, files=1, missing=backup.get("missing", 0), size=1)
            Backup.objects.filter(pk=made.pk).update(made_at=now - backup["age"])
        check_backups()
        return {one.kind: one.facts for one in Alert.objects.open()}

    days = timedelta(days=1)
    assert told(age=3 * days - MINUTE) == {}
    assert told(age=3 * days + MINUTE) == {OVERDUE: {"days": 3, "ever": True}}
    assert told(age=days, missing=2) == {INCOMPLETE: {"count": 2}}
    assert told(age=5 * days, missing=1) == {OVERDUE: {"days": 5, "ever": True}, INCOMPLETE: {"count": 1}}
    assert told() == {}, "the network is new"
    type(reader.user).objects.update(date_joined=now - 4 * days)
    assert told() == {OVERDUE: {"days": 4, "ever": False}}
    settings.BACKUP_DAYS = 0
    assert told(age=5 * days, missing=1) == {}
    settings.DEMO, settings.BACKUP_DAYS = True, 3
    assert told(age=5 * days, missing=1) == {}
    assert say_overdue({"days": 4, "ever": False}).startswith("This network has never been backed up.")
    assert [say_overdue({"days": count, "ever": True})[:35] for count in (1, 2)] == [
        "The last backup was made 1 day ago.", "The last backup was made 2 days ago",
    ]  # fmt: skip
    assert [say_incomplete({"count": count})[:16] for count in (1, 2)] == ["1 uploaded file ", "2 uploaded files"]
    newest, older = (note_backup(rows=4, files=3, missing=2, size=1) for _ in range(2))
    assert (newest.rows, newest.files, newest.missing, newest.size, older.pk > newest.pk) == (4, 3, 2, 1, True)
