"""What a page was made of is noted, and asked again: what may be asked, and when the answer is another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from jirani.core.noted import MANY, MEMORY, apart, noting, remembered, seconds_left, still_same
from jirani.lessons.models import Lesson
from tests import factories as make

pytestmark = pytest.mark.django_db


def notes_of(read: Callable[[], Any]) -> bytes:
    with noting() as noted:
        read()
    return noted.packed()


def run(sql: str, parameters: Any = None) -> Callable[[], Any]:
    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)

    return read


def titles() -> list[str]:
    return list(Lesson.objects.order_by("pk").values_list("title", flat=True))


def test_answers_are_the_same_until_one_differs() -> None:
    lesson = make.lesson(title="50 % of it")
    notes = notes_of(lambda: (titles(), Lesson.objects.filter(title__contains="%").count()))

    assert still_same(notes)
    Lesson.objects.filter(pk=lesson.pk).update(state="draft")  # neither shows it
    assert still_same(notes)
    Lesson.objects.filter(pk=lesson.pk).update(title="Half of it")
    assert not still_same(notes)
    Lesson.objects.filter(pk=lesson.pk).update(title="50 % of it")
    assert still_same(notes)
    make.lesson(title="Another")
    assert not still_same(notes)


def test_rows_in_another_shape_are_another_answer() -> None:
    notes = notes_of(run("SELECT * FROM (VALUES ('a', 'b'), ('c', NULL)) AS given"))
    others = [
        notes_of(run(f"SELECT * FROM (VALUES {rows}) AS given"))
        for rows in ("('a'), ('b'), ('c'), (NULL)", "('a', 'b'), ('c', '')", "('ab', ''), ('c', NULL)")
    ]

    assert still_same(notes)
    assert len({notes, *others}) == 4


@pytest.mark.parametrize(
    "read",
    [
        run("UPDATE lessons_lesson SET title = title"),
        run("SELECT id FROM lessons_lesson FOR UPDATE"),
        run("SELECT nextval('lessons_lesson_id_seq')"),
        run("SELECT set_config('a.b', 'c', true)"),
        run("SELECT 1; DELETE FROM lessons_lesson"),
        run("WITH gone AS (DELETE FROM lessons_lesson RETURNING id) SELECT id FROM gone"),
        run("SET LOCAL work_mem = '4MB'"),
        lambda: list(Lesson.objects.iterator(chunk_size=1)),
        lambda: Lesson.objects.filter(published_at__lt=timezone.now()).count(),
        lambda: [Lesson.objects.filter(pk=each).first() for each in range(MANY)],
    ],
    ids=["write", "lock", "number", "setting", "two", "with", "local", "cursor", "clock", "much"],
)
def test_what_does_more_than_read_or_looks_at_the_clock_is_not_asked(read: Callable[[], Any]) -> None:
    make.lesson()
    assert notes_of(lambda: (titles(), read(), titles())) == b""


def test_days_and_moments_that_are_not_now_are_asked() -> None:
    before = timezone.now() - timedelta(seconds=1)
    assert still_same(
        notes_of(lambda: Lesson.objects.filter(published_at__lt=before, published_at__date=date(2026, 1, 1)).count())
    )


def test_what_is_remembered_must_still_be() -> None:
    memory = caches[MEMORY]
    memory.set("place", {"lessons": 7})

    def read() -> None:
        with apart():
            titles()
        remembered("place", memory.get("place"), until=timezone.now().timestamp() + 30)

    with noting() as noted:
        read()
    notes = noted.packed()

    assert 29 < seconds_left(noted) <= 30
    make.lesson()  # the page shows what is remembered, not what is true
    assert still_same(notes)
    memory.set("place", {"lessons": 8})
    assert not still_same(notes)
    memory.delete("place")
    assert not still_same(notes)


def test_a_database_that_does_not_answer_says_no() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE passing AS SELECT 1 AS one")
        notes = notes_of(run("SELECT one FROM passing"))
        assert still_same(notes)
        cursor.execute("DROP TABLE passing")
    closed = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connection, "close", lambda: closed.append(True))  # it is the test's own
        assert not still_same(notes)
    assert closed == [True]
    connection.connection.rollback()
