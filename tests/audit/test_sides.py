"""What the audit records and refuses, on both sides of each condition."""

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from jirani.audit import actions
from jirani.audit.actions import (
    REMEMBERED,
    ChangedMeanwhile,
    GoneMeanwhile,
    SentBefore,
    as_sentence,
    believe_clock,
    delete_old_submissions,
    erase_expired_data,
    lock_unchanged,
    look_at_clock,
    note_alive,
    note_backup,
    once,
    one_transaction,
    record,
    record_apart,
    redact_submission,
    state_of,
    take_turns,
    worker_last_seen,
)
from jirani.audit.models import Backup, Clock, Entry, Forgetting, Submission
from jirani.core.registry import personal_expired_erasers
from jirani.events.models import Delegation
from jirani.members.models import Organisation
from jirani.taxonomy.models import Theme
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
DAY = timedelta(days=1)


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


def test_what_the_database_refuses_becomes_a_sentence_and_a_fault_of_ours_does_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = ValidationError("So.")
    gone = "Somebody removed this in the meantime, so nothing has been saved."
    overtaken = "Somebody else saved a related change at the same moment, so yours was not saved. Send it again."

    def refused(error: Exception) -> Any:
        found = as_sentence(error)
        return found and (found.message_dict if hasattr(found, "error_dict") else found.messages)

    def raised(sql: str) -> Exception:
        with (
            pytest.raises((IntegrityError, OperationalError)) as caught,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
        return caught.value

    assert as_sentence(said) is said
    assert (refused(ObjectDoesNotExist("secret")), "secret" in caplog.text, "a record was gone" in caplog.text) == (
        [gone],
        False,
        True,
    )
    assert [as_sentence(error) for error in (ValueError(), OperationalError("x"), KeyError())] == [None, None, None]

    def state(code: str, kind: str) -> Exception:
        return raised(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}', CONSTRAINT = '{kind}'; END $$")

    assert refused(state("23503", "none_of_ours")) == [gone]
    assert refused(state("23505", "seat_once")) == ["This person holds this role here already."]
    assert refused(state("23505", "none_of_ours")) == [overtaken]
    assert [refused(state(code, "")) for code in ("40001", "40P01", "55P03")] == [[overtaken]] * 3
    assert "the database refused a form: 23503 none_of_ours" in caplog.text
    assert refused(state("53100", "")) is None, "the disk is full: no fault of the form"
    fields = refused(state("23514", "event_in_no_circle"))
    assert fields == {"follow_up_of": ["Choose another event: that one is itself a follow-up of this."]}


def test_a_version_is_asked_if_it_is_named() -> None:
    event, plain = make.event(), make.event()
    delegation = Delegation.objects.create(event=event, authority=make.authority())
    for row in (event, delegation):
        assert lock_unchanged(row, "") == row
        assert lock_unchanged(row, state_of(row)) == row
        with pytest.raises(ChangedMeanwhile) as caught:
            lock_unchanged(row, "other")
        assert caught.value.version == state_of(row)
        assert caught.value.messages[0].startswith("Somebody else saved this after you opened the page")
    assert (state_of(event), len(state_of(delegation))) == (event.version, 40)
    before = state_of(delegation)
    delegation.event = plain
    assert state_of(delegation) != before
    number = plain.pk
    type(plain).objects.filter(pk=number).delete()
    with pytest.raises(GoneMeanwhile, match="Somebody removed this"):
        lock_unchanged(plain, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("8s",)


def test_turns_are_held_until_the_end_of_the_transaction() -> None:
    def held() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            return int(cursor.fetchone()[0])

    before = held()
    take_turns("tests.one")
    take_turns("tests.one")
    take_turns("tests.two")
    assert held() == before + 2


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


@pytest.mark.parametrize(("days", "said"), [(-4, -4), (-3, 0), (0, 0), (7, 0), (8, 8)])
def test_a_clock_is_believed_within_some_days(days: int, said: int) -> None:
    Clock.objects.create(believed_on=TODAY)
    assert look_at_clock(TODAY + days * DAY) == said
    assert Clock.objects.get().believed_on == (TODAY if said else TODAY + days * DAY)


def test_whoever_believes_the_clock_is_recorded() -> None:
    user = make.user()
    clock = believe_clock(TODAY, by=user)
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id, entry.details) == (
        "audit.believe_clock",
        user,
        clock.pk,
        {"on": TODAY.isoformat()},
    )
    assert (Clock.objects.get().believed_on, worker_last_seen()) == (TODAY, None)
    note_alive()
    seen = worker_last_seen()
    assert seen is not None
    assert timedelta() <= timezone.now() - seen < timedelta(minutes=1)
    assert Clock.objects.get().believed_on == TODAY
