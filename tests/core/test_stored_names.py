"""Names under which the database keeps something from one release to the next: they stay, whatever functions are called."""

import pytest

from jirani.core.registry import nightly_tasks
from jirani.notifications.registry import alert_kind

NIGHTLY = {
    "accounts.limits", "accounts.sessions", "audit.forget", "audit.forget_forms", "changes.compact", "desk.contradictions",
    "lessons.check", "lessons.scatter", "members.list_erased", "notifications.outbox",
}  # fmt: skip


def test_daily_tasks_keep_the_names_of_their_rows() -> None:
    assert nightly_tasks().keys() == NIGHTLY


@pytest.mark.parametrize(
    "kind",
    [
        "desk.contradictions", "lessons.told_too_much", "notifications.backup_incomplete", "notifications.backup_overdue",
        "notifications.clock", "notifications.failing", "notifications.undelivered", "notifications.worker",
    ],
)  # fmt: skip
def test_an_open_alert_is_still_told_after_an_upgrade(kind: str) -> None:
    assert callable(alert_kind(kind).sentence)
