"""A form makes its record once, is remembered for days, and fails as a whole."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jirani.audit.actions import (
    REMEMBERED,
    SentBefore,
    delete_old_submissions,
    once,
    one_transaction,
    redact_submission,
)
from jirani.audit.models import Submission
from jirani.members.models import Organisation
from jirani.taxonomy.models import Theme
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def test_a_form_makes_its_record_once() -> None:
    made: list[Theme] = []

    def make_one() -> Theme:
        made.append(make.theme())
        return made[-1]

    first = once("key-1", "digest", make_one)
    other = once("key-2", "digest", make_one)
    assert (once("key-1", "digest", make_one), once("key-2", "digest", make_one)) == (first, other)
    assert made == [first, other]
    with pytest.raises(SentBefore) as caught:
        once("key-1", "other", make_one)
    assert caught.value.made == first
    assert caught.value.messages == [
        "This form was sent before, and what it made is saved. Send it again to make another one."
    ]
    body = make.organisation()
    kept = once("key-3", "digest", make_one, lambda _theme: body)
    again: Any = once("key-3", "digest", make_one)
    assert (kept, again) == (made[2], body)
    Theme.objects.filter(pk=other.pk).delete()
    with pytest.raises(SentBefore) as caught:
        once("key-2", "digest", make_one)
    assert caught.value.made is None
    assert len(made) == 3


def test_what_a_form_made_may_be_put_elsewhere_and_what_was_typed_is_no_longer_told() -> None:
    theme, other, instead = (
        once("key-1", "digest", make.theme),
        once("key-2", "digest", make.theme),
        make.organisation(),
    )
    redact_submission(theme, instead=instead)
    rows: dict[str, Any] = {one.key: (one.made, one.digest) for one in Submission.objects.all()}
    assert rows == {"key-1": (instead, ""), "key-2": (other, "digest")}
    assert isinstance(rows["key-1"][0], Organisation)


def test_forms_are_remembered_for_days() -> None:
    for key, age in [("kept", REMEMBERED), ("gone", REMEMBERED + DAY)]:
        Submission.objects.create(key=key, digest="", on=TODAY - age)
    delete_old_submissions()
    assert list(Submission.objects.values_list("key", flat=True)) == ["kept"]


def test_what_fails_within_a_form_goes_with_all_of_it() -> None:
    """Within `once` a part has no savepoint of its own, and outside of it, it has."""
    saved = []

    def noting() -> Theme:
        with one_transaction():
            saved.append(connection.savepoint_ids[-1] is not None)
        return make.theme()

    once("key-1", "digest", noting)
    with one_transaction():
        saved.append(connection.savepoint_ids[-1] is not None)
    assert saved == [False, True]
