"""What has expired is erased once a day; what fails to be is tried again and harms no other."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.audit import actions
from jirani.audit.actions import (
    erase_expired_data,
)
from jirani.audit.models import Entry, Forgetting
from jirani.core.registry import personal_expired_erasers

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def test_what_has_expired_is_erased_once_a_day_and_said_if_there_was_something(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    counts, asked = {"tests_some": 3, "tests_none": 0}, []

    def eraser(name: str) -> Any:
        def erase(before: date) -> int:
            asked.append((name, before))
            return counts[name]

        return erase

    def failing(before: date) -> int:
        raise RuntimeError("secret")

    erasers = {name: eraser(name) for name in counts} | {"tests_failing": failing}
    monkeypatch.setattr(actions, "personal_expired_erasers", lambda: erasers)
    assert personal_expired_erasers() != {}
    assert erase_expired_data(TODAY) == counts
    assert "Expired data of tests_failing was not erased: RuntimeError" in caplog.text
    assert erase_expired_data(TODAY) == {}
    assert [name for name, _before in asked] == list(counts)
    assert {before for _name, before in asked} == {TODAY.replace(year=TODAY.year - 2)}
    entries = Entry.objects.values_list("verb", "details")
    assert list(entries) == [("tests_some.forget", {"rows": 3})]
    assert dict(Forgetting.objects.values_list("app", "on")) == {
        "tests_some": TODAY,
        "tests_none": TODAY,
        "tests_failing": None,
    }
    assert erase_expired_data(TODAY + DAY) == counts
