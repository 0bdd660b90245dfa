"""The generation grows with everything that visitors could see, and with nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from jirani.audit.actions import record
from jirani.changes.generation import CHANNEL, GENERATION, compact, generation, raise_generation
from jirani.core.enums import AccessMode
from jirani.lessons.enums import LessonKind, Publication
from jirani.lessons.models import Lesson
from jirani.notifications.models import Message
from tests import factories as make
from tests.database import server

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT, PUBLISHED = Publication.DRAFT, Publication.PUBLISHED


def raises(act: Callable[[], Any]) -> bool:
    """Whether the generation is another one after this."""
    before = generation()
    act()
    return generation() != before


def test_a_lesson_raises_it_if_visitors_see_it_before_or_after() -> None:
    lesson = Lesson(kind=LessonKind.GOOD_PRACTICE, title="Rotate seats", state=DRAFT, access=AccessMode.PUBLIC)
    rows = Lesson.objects.filter(title__startswith="Rotate")

    steps: dict[str, Callable[[], Any]] = {
        "a draft is made": lesson.save,
        "a draft is changed": lambda: rows.update(body="Every year."),
        "it is published": lambda: rows.update(state=PUBLISHED, published_at="2026-11-30T00:00Z"),
        "it is changed": lambda: rows.update(body="Every other year."),
        "nothing is changed": lambda: rows.update(body="Every other year."),
        "it is closed": lambda: rows.update(access=AccessMode.CLOSED),
        "it is changed while closed": lambda: rows.update(body="Every third year."),
        "it is opened": lambda: rows.update(access=AccessMode.PUBLIC),
        "it goes": rows.delete,
    }
    assert [name for name, step in steps.items() if raises(step)] == [
        "it is published",
        "it is changed",
        "it is closed",
        "it is opened",
        "it goes",
    ]


def test_what_no_visitor_sees_raises_nothing() -> None:
    event = make.event()
    session = make.session(event)
    person = make.person()
    letter = {"to": "a@example.org", "language": "en", "subject": "s", "body": "b", "message_id": "x", "kind": "k"}

    assert not raises(lambda: make.note(session))
    assert not raises(lambda: record("events.edit", event))
    assert not raises(lambda: Message.objects.create(**letter))
    assert not raises(lambda: type(person).objects.filter(pk=person.pk).update(email="b@example.org"))
    assert raises(lambda: session.delete())


def test_a_day_or_a_setting_raises_it_by_hand() -> None:
    assert raises(raise_generation)


def test_what_is_undone_raises_nothing() -> None:
    def think_again() -> None:
        with transaction.atomic():
            make.hub()
            transaction.set_rollback(True)

    assert not raises(think_again)


def elsewhere(act: Callable[[], Any]) -> threading.Thread:
    """Start `act` in a thread with its own connection."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_writers_do_not_wait_and_each_commit_is_another_generation() -> None:
    """The first to begin is the last to commit: a reader of the meantime must not take its generation for the last one's."""
    begun, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            make.hub("Slow")
            begun.set()
            assert may_commit.wait(20)

    before = generation()
    writer = elsewhere(slow)
    assert begun.wait(20)
    make.hub("Quick")
    between = generation()
    compact()
    assert generation() == between
    may_commit.set()
    writer.join(20)

    assert (between - before, generation() - between) == (1, 1)


def test_compacting_at_the_same_moment_loses_nothing() -> None:
    for _ in range(5):
        make.hub()
    before = generation()
    threads = [elsewhere(compact) for _ in range(4)] + [elsewhere(lambda: make.hub()) for _ in range(3)]
    for thread in threads:
        thread.join(20)

    assert generation() == before + 3
    compact()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM changes_generation")
        assert cursor.fetchone() == (1,)


def test_whoever_listens_is_told_once_it_is_committed_and_reads_the_new_number() -> None:
    name = str(connections["default"].settings_dict["NAME"])
    with psycopg.connect(server().url(name), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        before = listener.execute(GENERATION).fetchone()
        with transaction.atomic():
            make.hub("One")
            make.hub("Two")
            assert listener.execute(GENERATION).fetchone() == before
            assert list(listener.notifies(timeout=0.2)) == []
        told = list(listener.notifies(timeout=10, stop_after=1))
        after = listener.execute(GENERATION).fetchone()

    assert [notice.channel for notice in told] == [CHANNEL]
    assert after == (before[0] + 1,) if before else None
